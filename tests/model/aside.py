"""The model of what happens beside the work: passing on, sleep, silence, the customer's clicks, tags, erased words."""

from collections.abc import Iterable
from datetime import datetime

from tests.model.book import Kase, Refused, move, silence_ends
from tests.model.owed import POLICIES

PASSED_ON_IN = ("new", "open", "waiting")
BLACK = "▇▇▇"
KEYS = {"保修": "保修", "VIP": "vip", "ｖｉｐ": "vip", "已回访": "已回访"}  # how words are compared


def transfer(case: Kase, team: str, to: str, works_in: str, by: str, at: datetime) -> None:
    """Pass the case on to another team, to `to` who `works_in` one, or to nobody."""
    if case.status not in PASSED_ON_IN:
        raise Refused("MoveNotAllowed")
    if team == case.team or (to and works_in != team):
        raise Refused("Invalid")
    if case.status == "new" and case.handler in (None, by):
        move(case, "accept", by, at)
    _hand(case, to or None, by, at, team=team)


def give_back(case: Kase, by: str, at: datetime) -> None:
    if case.status not in PASSED_ON_IN or case.handler is None:
        raise Refused("MoveNotAllowed")
    _hand(case, None, by, at, team=case.team)


def clicks(case: Kase, says: str, at: datetime) -> None:
    """What the customer says of the result on their page; whoever is not sure yet gets as much time again."""
    if says != "pending":
        move(case, {"satisfied": "confirm", "dissatisfied": "dispute"}[says], "", at, how="customer")
        return
    if case.status != "resolved":
        raise Refused("MoveNotAllowed")
    if case.outcome != says:
        case.outcome, case.silence_at = says, silence_ends(case, at)
        case.version += 1
        case.entries += 1


def fall_silent(cases: Iterable[Kase], at: datetime) -> None:
    for case in cases:
        if case.silence_at is not None and case.silence_at <= at:
            move(case, "confirm", "", at, how="silence")


def wake(cases: Iterable[Kase], at: datetime) -> None:
    for case in cases:
        if case.snoozed_until is not None and case.snoozed_until <= at:
            move(case, "resume", "", at)


def tag(case: Kase, word: str) -> None:
    case.entries += KEYS[word] not in case.tags
    case.tags.add(KEYS[word])


def untag(case: Kase, word: str) -> None:
    case.entries += KEYS[word] in case.tags
    case.tags.discard(KEYS[word])


def redact(case: Kase, seq: int, passage: str) -> None:
    """Blacken a passage of a message, or with no passage all of it."""
    text = case.messages[seq]
    if passage not in text or (not passage and text == BLACK):
        raise Refused("Invalid")
    case.messages[seq] = text.replace(passage, BLACK) if passage else BLACK
    case.entries += 1


def _hand(case: Kase, to: str | None, by: str, at: datetime, *, team: str) -> None:
    if case.status == "waiting":
        move(case, "resume", by, at)
    if to and case.status != "new":
        case.owner = case.owner or to
    case.handler = to
    case.version += 1
    case.entries += 2 if to else 1
    case.hand_over()
    if team != case.team:
        case.team = team
        for one in case.owed:
            if one.is_owed and one.policy and POLICIES[one.policy].of_lead:
                one.debtor = case.lead
