"""The keep rate, against a slow recount of the same rows in plain Python."""

import random
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from huiyin.cases import collaboration, first_replies, keeprate, lifecycle
from huiyin.cases.keeprate import By
from huiyin.cases.models import Collaboration, Promise
from huiyin.staff.viewer import Viewer
from tests import given
from tests.given import MONDAY_9, SHANGHAI, days, hours, seconds

pytestmark = pytest.mark.django_db
FIRST, AFTER = date(2026, 3, 1), date(2026, 3, 20)
AT = MONDAY_9 + days(12)
FIGURES_ONLY = Viewer(staff_id=0, number="gm", permissions=frozenset({"report.read"}), scopes=())


def recount(by: str) -> dict[str, tuple[int, int, int]]:
    due: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    late: Counter[str] = Counter()
    for promise in Promise.objects.select_related("case__team", "case__customer", "debtor"):
        counted = (promise.first_due + promise.waited).astimezone(SHANGHAI)
        if not FIRST <= counted.date() < AFTER or promise.state == "paused":
            continue
        if promise.fulfilled_at is None and counted > AT:
            continue
        if promise.state == "cancelled" and (promise.ended_at is None or promise.ended_at < counted):
            continue
        group = group_of(promise, by, counted)
        due[group] += 1
        if promise.fulfilled_at is not None and promise.fulfilled_at <= counted:
            kept[group] += 1
        elif promise.fulfilled_at is not None:
            late[group] += 1
    return {group: (due[group], kept[group], late[group]) for group in due}


def group_of(promise: Promise, by: str, counted: datetime) -> str:
    monday = counted.date() - timedelta(days=counted.weekday())
    request = Collaboration.objects.filter(promise=promise).first()
    department = request.department if request else None
    groups: dict[str, Any] = {
        "kind": promise.kind,
        "team": department.code if department else promise.case.team.code,
        "person": promise.debtor.number if promise.debtor else "",
        "category": promise.case.category,
        "level": promise.case.customer.level if promise.case.customer else "",
        "day": counted.date().isoformat(),
        "week": monday.isoformat(),
        "month": counted.date().replace(day=1).isoformat(),
    }
    return str(groups[by])


def some_promises(seed: int) -> None:
    chance = random.Random(seed)
    given.a_team("returns")
    alice = given.an_agent("alice")
    people = [alice, given.an_agent("bob"), None]
    for n in range(12):
        team = chance.choice(["service", "returns"])
        text = chance.choice(["我要投诉", "我的电脑突然无法开机"])
        opened = MONDAY_9 + hours(n * 7)
        case = given.a_case(text, team=team, handler=chance.choice(people), at=opened)
        if n % 3 == 0:
            wanted = collaboration.Asked(given.a_team("returns"), "查单", "请查", opened + hours(4))
            collaboration.ask(case, wanted, by=given.actor(alice), at=opened)
    for promise in Promise.objects.all():
        due = promise.first_due
        state = chance.choice(["running", "kept", "broken", "late", "cancelled", "paused", "put off"])
        done = due + timedelta(minutes=chance.choice([-90, -1, 0]))
        columns: dict[str, Any] = {"next_at": None, "state": state, "waited": hours(chance.choice([0, 0, 5]))}
        match state:
            case "running":
                columns["next_at"] = promise.due_at
            case "kept":
                columns["fulfilled_at"] = done
            case "late":
                columns |= {"state": "broken", "broken_at": due, "fulfilled_at": due + hours(6)}
            case "put off":
                later = due + hours(8)
                columns |= {"state": "kept", "due_at": later, "fulfilled_at": later}
            case "cancelled":
                columns["ended_at"] = due + hours(chance.choice([-2, 12]))
        Promise.objects.filter(pk=promise.pk).update(**columns)


@pytest.mark.tampers
@pytest.mark.parametrize("seed", range(3))
def test_the_rate_is_what_a_slow_recount_finds_by_every_dimension(seed: int) -> None:
    some_promises(seed)
    ways: tuple[By, ...] = ("kind", "team", "person", "category", "level", "day", "week", "month")
    for by in ways:
        found = keeprate.rates(by=by, first=FIRST, after=AFTER, viewer=FIGURES_ONLY, at=AT)
        assert {rate.group: (rate.due, rate.kept, rate.late) for rate in found} == recount(by), by


def test_putting_off_does_not_help_and_an_allowed_pause_does_not_hurt() -> None:
    for due, waited, done, kept in ((24, 0, 30, 0), (24, 8, 30, 1)):
        Promise.objects.all().delete()
        case = given.a_case()
        Promise.objects.filter(case=case).exclude(kind="resolution").delete()
        Promise.objects.filter(case=case).update(
            first_due=MONDAY_9 + hours(due),
            due_at=MONDAY_9 + hours(48),
            waited=hours(waited),
            fulfilled_at=MONDAY_9 + hours(done),
            state="kept",
            next_at=None,
        )
        (rate,) = keeprate.rates(by="kind", first=FIRST, after=AFTER, viewer=FIGURES_ONLY, at=AT)
        assert (rate.due, rate.kept) == (1, kept)


def test_nobody_counts_what_is_about_them_and_a_lead_counts_their_own_team() -> None:
    given.a_team("returns")
    lena = given.a_lead()
    mine, other, about = given.a_case(), given.a_case(team="returns"), given.a_case()
    about.about.add(lena)
    found = keeprate.rates(by="kind", first=FIRST, after=AFTER, viewer=given.seen_by(lena), at=AT)
    everything = keeprate.rates(by="kind", first=FIRST, after=AFTER, viewer=FIGURES_ONLY, at=AT)
    assert {rate.due for rate in found} == {1} and {rate.due for rate in everything} == {3}
    assert len({mine.pk, other.pk, about.pk}) == 3


def test_first_replies_are_told_by_average_median_and_p90_beside_the_target_of_the_average() -> None:
    alice = given.an_agent()
    for waited in (10, 20, 30, 40, 300):
        case = given.a_case(channel="chat", handler=alice)
        lifecycle.reply(case, "您好", by=given.actor(alice), at=MONDAY_9 + seconds(waited))
    night = given.a_case(channel="chat", handler=alice, at=MONDAY_9 - hours(9))
    lifecycle.reply(night, "您好", by=given.actor(alice), at=MONDAY_9 + seconds(20))
    given.a_case(channel="chat", handler=alice)
    (found,) = first_replies.waits(first=FIRST, after=AFTER, viewer=FIGURES_ONLY)
    assert (found.channel, found.count, found.target_s) == ("chat", 6, 30)
    assert (found.average_s, found.median_s, found.p90_s, found.reached) == (70, 25, 300, False)
    assert first_replies.waits(first=AFTER, after=AFTER, viewer=FIGURES_ONLY) == []
