"""Whatever is written down by a code is shown in words, in both languages; a code without words fails here."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from django.utils import translation

from huiyin.base import audit
from huiyin.base.actor import OPERATOR
from huiyin.base.facts import KINDS
from huiyin.cases import keeprate
from huiyin.cases.kinds import BY_HAND, PROMISES
from huiyin.desk import audit_words
from huiyin.desk.views import keeprate as keeprate_page
from huiyin.engines.classify.urgency import IMPORTANT_LEVELS
from huiyin.rules import book as rulebook
from huiyin.rules.policy_parts import Wire
from huiyin.staff.permissions import PERMISSIONS
from tests import given

ROOT = Path(audit.__file__).parent.parent
CODE = re.compile(r"[a-z][a-z_]*\.[a-z_]+")
PLACE = re.compile(r"%\(\w+\)s")
CHINESE = re.compile(r"[\u4e00-\u9fff]|^(VIP|Webhook)$")


def test_every_action_that_is_audited_has_words_and_no_others_have() -> None:
    written = {action for path, tree in _modules() for action in _actions(path, tree)}
    assert len(written) > 60
    unnamed = sorted(written - audit_words.ACTIONS.keys())
    assert not unnamed, f"write words for {unnamed} in desk/audit_words.py"
    assert audit_words.ACTIONS.keys() - written <= {
        "help.asked"
    }  # recorded until reports had a life of their own


def test_every_kind_of_thing_that_is_audited_has_words() -> None:
    written = {kind for _, tree in _modules() for call in _writes(tree) for kind in _targets(call)}
    assert len(written) > 12
    assert not written - audit_words.OBJECTS.keys()


@pytest.mark.django_db
def test_every_term_that_is_promised_has_words() -> None:
    promised = {policy.kind for policy in rulebook.current().policies} | set(BY_HAND)
    assert promised and not promised - PROMISES.keys()


def test_every_channel_and_every_level_that_figures_are_shown_by_has_words() -> None:
    assert keeprate_page.CHANNELS.keys() == set(get_args(Wire))
    assert keeprate.LEVELS.keys() == {"normal", *IMPORTANT_LEVELS}


@pytest.mark.parametrize(
    "words",
    [
        audit_words.ACTIONS,
        audit_words.OBJECTS,
        audit_words.FIELDS,
        audit_words.RESULTS,
        PROMISES,
        keeprate.LEVELS,
        keeprate_page.CHANNELS,
        keeprate_page.WAYS,
        {name: kind.sentence for name, kind in KINDS.items()},
    ],
    ids=["actions", "objects", "fields", "results", "terms", "levels", "channels", "ways", "kinds"],
)
def test_the_words_are_there_in_both_languages(words: dict[str, Any]) -> None:
    with translation.override("en"):
        english = {code: str(word) for code, word in words.items()}
    with translation.override("zh-hans"):
        chinese = {code: str(word) for code, word in words.items()}
    assert not [code for code, word in english.items() if not word or "_" in PLACE.sub("", word)]
    assert not [code for code, word in chinese.items() if not CHINESE.search(word)]


@pytest.mark.django_db
def test_the_audit_page_says_it_in_the_readers_language() -> None:
    audit.write(
        "grant.given", "staff:alice", by=OPERATOR, at=given.MONDAY_9, fields=["role:lead", "team:None"]
    )
    desk = given.at_desk(given.a_person("auditor", role="auditor", team=None))
    chinese, english = (
        desk.get("/desk/audit?what=grant", headers={"Accept-Language": language}).content.decode()
        for language in ("zh-CN", "en")
    )
    assert (
        ">授予角色</td>" in chinese
        and ">人员 alice</td>" in chinese
        and ">角色 组长、班组 所有班组</td>" in chinese
    )
    assert (
        ">gave a role</td>" in english
        and ">Person alice</td>" in english
        and ">Role team lead, Team every team</td>" in english
    )


def _modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(ROOT.rglob("*.py")):
        if "tests" not in path.parts and "audit" in (text := path.read_text("utf-8")):
            yield path, ast.parse(text)


def _writes(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.write":
            yield node


def _actions(path: Path, tree: ast.Module) -> Iterable[str]:
    """Return what this module writes: the names at hand, or all that look like one where it writes by variable."""
    if path == Path(audit.__file__):
        return [audit.SWEPT]
    first = [call.args[0] for call in _writes(tree)]
    plain = {one.value for one in first if isinstance(one, ast.Constant)}
    if len(plain) == len({ast.unparse(one) for one in first}):
        return plain
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return {
        text for text in texts if isinstance(text, str) and CODE.fullmatch(text) and text not in PERMISSIONS
    }


def _targets(call: ast.Call) -> Iterable[str]:
    given_ = call.args[1]
    first = given_.values[0] if isinstance(given_, ast.JoinedStr) else given_
    return (
        [first.value.partition(":")[0]]
        if isinstance(first, ast.Constant) and isinstance(first.value, str)
        else []
    )
