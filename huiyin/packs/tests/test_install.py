"""The general pack: applied once, the same again changes nothing, a faulty one is refused with every fault."""

import shutil
from pathlib import Path

import pytest
import yaml

from huiyin.base import configured
from huiyin.base.actor import OPERATOR
from huiyin.base.models import AuditRow
from huiyin.packs import install, pack
from huiyin.rules import book
from huiyin.rules.models import Category
from huiyin.staff import teams
from huiyin.staff.models import Team
from tests.given import MONDAY_9

pytestmark = pytest.mark.django_db
GENERAL = install.SHIPPED / "general"


def written(folder: Path, **sections: object) -> Path:
    whole = {"code": "trial", "version": 1, "name": {"zh": "试", "en": "trial"}, **sections}
    (folder / "pack.yaml").write_text(yaml.safe_dump(whole, allow_unicode=True), "utf-8")
    return folder


def test_a_second_installation_changes_nothing_and_leaves_no_trace() -> None:
    version, rows = configured.version(), AuditRow.objects.count()
    assert not any(install.install(GENERAL, by=OPERATOR, at=MONDAY_9))
    assert (configured.version(), AuditRow.objects.count()) == (version, rows)


def test_what_was_edited_here_stays_and_is_named(tmp_path: Path) -> None:
    later = shutil.copytree(GENERAL, tmp_path / "general")
    with (later / "pack.yaml").open("a", encoding="utf-8") as file:
        file.write("# a later edition\n")
    Category.objects.filter(code="refund").update(priority="urgent")
    Team.objects.filter(code="service").update(name={"zh": "一组", "en": "One"})
    merged = install.install(later, by=OPERATOR, at=MONDAY_9)
    assert Category.objects.get(code="refund").priority == "urgent"
    assert Team.objects.get(code="service").name["en"] == "One"
    assert "refund.priority" in [line for part in merged for line in part.kept]


def test_a_team_of_a_pack_begins_with_its_calendar_and_keeps_what_was_edited(tmp_path: Path) -> None:
    sections = {
        "staff": {"teams": {"night": {"name": NAME, "calendar": "nights"}}},
        "rules": {"calendars": {"nights": {"time_zone": "Asia/Shanghai", "always": True}}},
    }
    install.install(written(tmp_path, **sections), by=OPERATOR, at=MONDAY_9)
    night = Team.objects.get(code="night")
    assert book.current().calendar_of(night.pk, "office") == "nights"
    wanted = teams.Wanted(name=NAME, site="main", calendar="")
    teams.save("night", wanted, by=OPERATOR, at=MONDAY_9)
    install.install(written(tmp_path, version=2, **sections), by=OPERATOR, at=MONDAY_9)
    assert book.current().calendar_of(night.pk, "office") == "office"
    book.forget()


NAME = {"zh": "甲", "en": "a"}
FAULTS = {
    "an unknown section": {"secrets": {}},
    "a text in one language": {"name": {"zh": "试"}},
    "an empty text": {"name": {"zh": "试", "en": " "}},
    "an unknown right": {"staff": {"roles": {"r": {"name": NAME, "permissions": ["root"], "reach": "own"}}}},
    "an unknown reach": {"staff": {"roles": {"r": {"name": NAME, "permissions": [], "reach": "world"}}}},
    "an unknown wire": {"channels": {"accounts": {"x": {"kind": "pigeon"}}}},
    "an unknown parent": {"rules": {"categories": {"a": {"name": NAME, "parent": "nobody"}}}},
    "a promise without a term": {"rules": {"promises": {"p": {"kind": "resolution"}}}},
    "a promise with two terms": {
        "rules": {"promises": {"p": {"kind": "resolution", "seconds": 1, "working_days": 1}}}
    },
    "an unknown calendar": {
        "rules": {"promises": {"p": {"kind": "resolution", "seconds": 1, "calendar": "moon"}}}
    },
    "a team with an unknown calendar": {"staff": {"teams": {"t": {"name": NAME, "calendar": "moon"}}}},
    "a phrase that misses its sample": {"rules": {"phrases": {"p": {"text": "退款", "matches": ["换货"]}}}},
    "a phrase that finds what it should ignore": {
        "rules": {"phrases": {"p": {"text": "退款", "matches": ["退款"], "ignores": ["要退款"]}}}
    },
    "a phrase without a sample": {"rules": {"phrases": {"p": {"text": "退款", "matches": []}}}},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_pack_is_refused_before_anything_is_written(tmp_path: Path, fault: str) -> None:
    before = configured.version()
    with pytest.raises(pack.PackRefused) as refused:
        install.install(written(tmp_path, **FAULTS[fault]), by=OPERATOR, at=MONDAY_9)
    assert refused.value.lines and all(refused.value.lines)
    assert configured.version() == before


@pytest.mark.parametrize("text", ["- a list", "", "a: [", "!!python/object/apply:os.system ['true']"])
def test_what_is_no_pack_is_refused_and_never_run(tmp_path: Path, text: str) -> None:
    (tmp_path / "pack.yaml").write_text(text, "utf-8")
    with pytest.raises(pack.PackRefused):
        pack.read(tmp_path)


def test_a_folder_without_a_pack_says_so(tmp_path: Path) -> None:
    with pytest.raises(pack.PackRefused, match="no pack"):
        pack.read(tmp_path)
