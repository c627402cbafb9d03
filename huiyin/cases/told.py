"""Entries in the reader's words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import formats
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from huiyin.base import facts
from huiyin.base.texts import in_words
from huiyin.cases import procedure, told_changes
from huiyin.cases.kinds import COMPENSATIONS, NEEDS, PROMISES, WAITING_FOR
from huiyin.cases.kinds_contacts import CONTACT_CHANNELS, CONTACT_OUTCOMES
from huiyin.cases.kinds_finishing import VARIANTS
from huiyin.cases.kinds_progress import PROGRESS
from huiyin.cases.models import Entry
from huiyin.rules.book import Book
from huiyin.staff.models import Staff, Team

_NAMING_A_TEAM = ("case.queued", "case.transferred", "case.given_back")
_PEOPLE = {"to", "who"}
_OF_ONESELF = {"watcher.added": noop("follows the case"), "watcher.removed": noop("follows the case no more")}


def sentence(entry: Entry, names: Mapping[str, str] | None = None) -> str:
    """Return what happened, without who and when, in the reader's language; `names` are those behind numbers."""
    params = {name: _value(name, value) for name, value in entry.payload.items()}
    for person in _PEOPLE & params.keys():
        params[person] = (names or {}).get(params[person], params[person])
    for place in {"department", "team"} & params.keys():
        params[place] = (names or {}).get(f"team:{params[place]}", params[place])
    if "to_stage" in params:
        params["to_stage"] = procedure.label(params["procedure"], params["to_stage"])
    if "changes" in params:
        params["changes"] = told_changes.told(params["changes"], names or {})
    if entry.kind == "case.waited":
        return _waited(entry.payload)
    if entry.kind in _OF_ONESELF and entry.payload["to"] == entry.by_ref:
        return _(_OF_ONESELF[entry.kind])
    return str(_template(entry)) % params


def promise_name(kind: str) -> str:
    """Return the name of a kind of promise in the reader's language."""
    return str(PROMISES.get(kind, kind))


def subject(given: str) -> str:
    """Return the subject of a request as the reader reads it: that of an approval is a kind and a sum."""
    kind, _, value = given.partition(" ")
    if kind in COMPENSATIONS and value.replace(".", "", 1).isdigit():
        return f"{COMPENSATIONS[kind]} {value}"
    return given


def need_name(need: str) -> str:
    """Return the name of something a case still needs."""
    return str(NEEDS.get(need, need))


def moment(at: datetime) -> str:
    """Return a time as the reader writes it, with its year: in English the month is a word, so no order is guessed."""
    return formats.date_format(localtime(at), _("j M Y, H:i"))


def goal_name(goal: str, book: Book) -> str:
    """Return the name of a goal in the reader's language; nothing for none."""
    names = book.goals.get(goal)
    return in_words(names) if names else goal


def _template(entry: Entry) -> Any:
    for name, value in entry.payload.items():
        if isinstance(value, str | bool) and (entry.kind, name, value) in VARIANTS:
            return VARIANTS[entry.kind, name, value]
    if entry.kind == "promise.made" and entry.payload.get("to", "") not in ("", entry.by_ref):
        return facts.KINDS[
            "promise.given"
        ].sentence  # a lead, say, owes what an agent sets going by solving a case
    return facts.KINDS[entry.kind].sentence


def _waited(payload: Mapping[str, Any]) -> str:
    if until := payload.get("until"):
        return _("set the case aside until %(until)s") % {"until": moment(datetime.fromisoformat(until))}
    reason = WAITING_FOR.get(payload["waiting_for"])
    return _("set the case waiting %(reason)s") % {"reason": reason} if reason else _("set the case waiting")


def _value(name: str, value: Any) -> Any:
    if name in ("promise", "cause") and isinstance(value, str):
        return promise_name(value)
    if name == "progress":
        return str(PROGRESS.get(value, value))
    if name == "subject":
        return subject(value)
    if name == "channel":
        return str(CONTACT_CHANNELS.get(value, value))
    if name == "outcome":
        return str(CONTACT_OUTCOMES.get(value, value))
    if name == "kind":
        return str(COMPENSATIONS.get(value, value))
    if name == "needs":
        return _(", ").join(need_name(need) for need in value)
    if name == "roles":
        return _(", ").join(in_words(role) for role in value)
    if name in ("due", "was"):
        return moment(datetime.fromisoformat(value))
    return value


def names_of(entries: list[Entry]) -> Mapping[str, str]:
    """Return the names behind the employee numbers in these entries, and of departments that were asked.

    One query, two where a department was asked.
    """
    numbers = {e.by_ref for e in entries if e.by_kind == "staff"}
    numbers |= {e.payload[place] for e in entries for place in _PEOPLE & e.payload.keys()}
    names = dict(Staff.objects.filter(number__in=numbers).values_list("number", "name"))
    departments = {e.payload["department"] for e in entries if "department" in e.payload}
    departments |= {e.payload["team"] for e in entries if e.kind in _NAMING_A_TEAM}
    for entry in entries:
        departments |= told_changes.departments_in(entry.payload.get("changes", ()))
    teams = Team.objects.filter(code__in=departments) if departments else ()
    return names | {f"team:{team.code}": str(team) for team in teams}
