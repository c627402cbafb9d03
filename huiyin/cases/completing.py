"""What a case still needs to be worked on: asked from the customer at most once, and filled by what they answer."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.base.texts import in_words
from huiyin.cases import entries
from huiyin.cases.changing import change, lock
from huiyin.cases.entries import Draft
from huiyin.cases.kinds import NEEDS
from huiyin.cases.models import Case, Entry
from huiyin.cases.moves import MoveNotAllowed
from huiyin.cases.typed import Invalid
from huiyin.engines import extract, placeholders
from huiyin.rules import book as rulebook

ASKED = "details.asked"
_FOUND = {
    "contact": ("phones", "emails"),
    "phone": ("phones",),
    "name": ("names",),
    "order_number": ("order_numbers",),
}


class NothingToAsk(Exception):
    """Nothing is missing, or all of it was asked before. Nothing was written."""


def ask(case: Case, *, by: Actor, at: datetime) -> Entry:
    """Ask the customer for what is missing and was not asked yet, in the language of the case.

    It is a message of the system and keeps no first reply, whoever pressed the button. A second call raises
    NothingToAsk; a case that is done raises MoveNotAllowed.
    """
    with tx.write():
        locked = lock(case, None)
        if locked.status not in (Case.NEW, Case.OPEN, Case.WAITING) or locked.customer_id is None:
            raise MoveNotAllowed("ask", locked.status)
        before = asked_of(case)
        needs = [need for need in locked.missing if need not in before]
        if not needs:
            raise NothingToAsk
        draft = Draft(ASKED, {"channel": case.channel, "needs": needs}, _words(locked, needs))
        return entries.append(case, [draft], by=by, at=at)[0]


def asked_of(case: Case) -> set[str]:
    """Return what the customer was asked for already. One query."""
    payloads = Entry.objects.filter(case=case, kind=ASKED).values_list("payload", flat=True)
    return {need for payload in payloads for need in payload["needs"]}


def fill(
    case: Case, locked: Case, text: str, *, given: Collection[str] = (), by: Actor, at: datetime
) -> None:
    """Strike off what the customer's words hold, or what `given` says they hold; in the transaction of the message.

    `locked` is the row as `lock` returned it. Costs nothing where nothing is missing.
    """
    if not locked.missing:
        return
    found = extract.extract(text, at=at, zone=ZoneInfo(settings.TIME_ZONE))
    have = {need for need, kinds in _FOUND.items() if any(getattr(found, kind) for kind in kinds)}
    _strike(case, locked, have | set(given), by=by, at=at)


def note_known(
    case: Case, needs: Collection[str], *, by: Actor, at: datetime, version: int | None = None
) -> Case:
    """Strike off what a colleague learnt another way, by phone say.

    Raises Stale, Invalid for what is no need, and MoveNotAllowed once the case has ended.
    """
    if not needs or set(needs) - set(NEEDS):
        raise Invalid(needs="unknown" if needs else "missing")
    with tx.write():
        locked = lock(case, version)
        if not locked.is_open:
            raise MoveNotAllowed("note_known", locked.status)
        _strike(case, locked, set(needs), by=by, at=at)
    return case


def _strike(case: Case, locked: Case, have: set[str], *, by: Actor, at: datetime) -> None:
    given = [need for need in locked.missing if need in have]
    if not given:
        return
    left = [need for need in locked.missing if need not in have]
    change(case, locked, {"missing": left}, at=at)
    # Who goes on with the locked row in this transaction finds it as it is now.
    locked.missing, locked.version = left, case.version
    entries.append(case, [Draft("details.given", {"needs": given})], by=by, at=at)


def _words(case: Case, needs: Collection[str]) -> str:
    wordings = rulebook.current().wordings
    lines = [in_words(wordings[f"ask_{need}"], case.language) for need in needs]
    head = placeholders.parse(in_words(wordings["ask_details"], case.language), ("case.number",))
    return "\n".join([head.fill({"case.number": case.number}), *(f"· {line}" for line in lines)])
