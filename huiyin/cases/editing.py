"""Editing what a case is: its category, priority, title and the like, with everything that belongs to a change.

Who works on it is changed in `passing`, where it stands in `lifecycle`.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import entries, finishing, missing, procedure, promises, reckoning, relieving, titles
from huiyin.cases.changing import change, lock
from huiyin.cases.entries import Draft
from huiyin.cases.kinds import NEEDS
from huiyin.cases.kinds_changes import FIELDS
from huiyin.cases.models import OBSERVATION, PRIORITY_RANK, Case
from huiyin.cases.moves import MoveNotAllowed
from huiyin.cases.typed import Invalid
from huiyin.rules import book as rulebook
from huiyin.rules.finishing import goal_of
from huiyin.rules.words import EMOTIONS
from huiyin.staff.models import Team

LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,4})?")
# Once a case is closed only what reports read of it is put right; nothing may begin to run again.
AFTER_CLOSING = frozenset({"title", "department"})


def edit(
    case: Case, changes: Mapping[str, Any], *, by: Actor, at: datetime, version: int | None = None
) -> Case:
    """Change these fields (`FIELDS`) of a case, all or none; return it as it now stands.

    `department` is a team's code, or empty for none; `missing` and `goal` follow a changed category unless given.
    Promises and procedure follow category and priority at once; a handler who does not work in the new category is
    relieved of it. What stands already is no change: a second call does
    nothing.
    Raises Invalid naming each field, MoveNotAllowed for a void case and most fields of a closed one, Stale.
    """
    wanted = checked(changes, at=at)
    with tx.write():
        locked = lock(case, version)
        if locked.status == Case.VOID or (not locked.is_open and wanted.keys() - AFTER_CLOSING):
            raise MoveNotAllowed("edit", locked.status)
        if locked.kind == OBSERVATION and "category" in wanted:
            _refuse_without_customer(wanted["category"])
        is_served = locked.family == "service"  # a task owes its due time, whatever it is filed under
        if is_served and wanted.get("category", locked.category) != locked.category:
            wanted = {**_by_category(locked, wanted["category"], at), **wanted}
        new = {name: value for name, value in wanted.items() if getattr(locked, name) != value}
        if not new:
            return case
        old = {name: getattr(locked, name) for name in new}
        change(case, locked, _columns(locked, new, at), at=at)
        entries.append(case, [_told(old, new)], by=by, at=at)
        case.refresh_from_db()
        if is_served:
            _follow(case, set(new), by=by, at=at)
        if "category" in new:
            relieving.relieve(case, by=by, at=at)
    return case


def checked(changes: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    """Return the values as they are kept, for a surface that asks before it writes. Raises Invalid."""
    wrong = dict.fromkeys(changes.keys() - FIELDS.keys(), "unknown")
    kept: dict[str, Any] = {}
    for name in changes.keys() & FIELDS.keys():
        try:
            kept[name] = _CHECKS[name](changes[name], at)
        except Invalid as error:
            wrong |= error.fields
    if wrong:
        raise Invalid(**wrong)
    return kept


def _category(given: Any, at: datetime) -> str:
    if given not in rulebook.current().categories:
        raise Invalid(category="unknown")
    return str(given)


def _refuse_without_customer(category: str) -> None:
    if not rulebook.current().takes_observations(category):
        raise Invalid(category="needs_customer")


def _goal(given: Any, at: datetime) -> str:
    if given and given not in rulebook.current().goals:
        raise Invalid(goal="unknown")
    return str(given or "")


def _missing(given: Any, at: datetime) -> list[str]:
    if not isinstance(given, list | tuple) or not set(given) <= set(NEEDS):
        raise Invalid(missing="unknown")
    return [need for need in NEEDS if need in given]


def _language(given: Any, at: datetime) -> str:
    written = str(given).lower()
    if not LANGUAGE.fullmatch(written):
        raise Invalid(language="unknown")
    return written


def _department(given: Any, at: datetime) -> Team | None:
    if not given:
        return None
    found = Team.objects.filter(code=str(given), retired_at=None).first()
    if found is None:
        raise Invalid(department="unknown")
    return found


def _is_complex(given: Any, at: datetime) -> bool:
    if not isinstance(given, bool):
        raise Invalid(is_complex="unknown")
    return given


def _one_of(field: str, known: Mapping[str, Any]) -> Callable[[Any, datetime], str]:
    def check(given: Any, at: datetime) -> str:
        if given not in known:
            raise Invalid(**{field: "unknown"})
        return str(given)

    return check


_CHECKS: dict[str, Callable[[Any, datetime], Any]] = {
    "category": _category,
    "goal": _goal,
    "priority": _one_of("priority", PRIORITY_RANK),
    "title": lambda given, at: titles.typed(str(given), at=at),
    "missing": _missing,
    "emotion": _one_of("emotion", EMOTIONS),
    "language": _language,
    "department": _department,
    "is_complex": _is_complex,
}


def _by_category(case: Case, category: str, at: datetime) -> dict[str, Any]:
    book = rulebook.current()
    return {"missing": missing.under(case, category, book, at=at), "goal": goal_of(book, category)}


def _columns(case: Case, new: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    columns = dict(new)
    if "priority" in new:
        columns["priority_rank"] = PRIORITY_RANK[new["priority"]]
    if "goal" in new:
        columns["goal_met"] = None  # another goal has not been checked yet
    if "category" in new and case.status == Case.RESOLVED:
        columns["silence_at"] = finishing.silence_under(case, new["category"], at=at)
    return columns


def _told(old: Mapping[str, Any], new: Mapping[str, Any]) -> Draft:
    told = [
        {"field": name, "old": _plain(name, old[name]), "new": _plain(name, new[name])}
        for name in FIELDS
        if name in new
    ]
    text = f"{old['title']} → {new['title']}" if "title" in new else ""
    return Draft("case.changed", {"changes": told}, text)


def _plain(name: str, value: Any) -> Any:
    if name == "title":
        return ""
    return value.code if isinstance(value, Team) else value


def _follow(case: Case, changed: set[str], *, by: Actor, at: datetime) -> None:
    if "category" in changed:
        procedure.change_over(case, by=by, at=at)
    if changed & {"category", "priority"}:
        why = "category" if "category" in changed else "priority"
        reckoning.apply_again(case, why, by=by, at=at)
    if case.status == Case.RESOLVED and changed & {"category", "priority", "is_complex"}:
        # What resolving keeps is not owed once more because the case turns out to be of another kind.
        promises.cancel(case, cause="replaced", by=by, at=at, kinds=[*reckoning.ANSWERED, "resolution"])
        reckoning.follow_result(case, by=by, at=at)
