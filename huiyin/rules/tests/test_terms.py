"""From a policy to times: working days, cut-offs, windows, days of a month."""

from datetime import datetime, timedelta

import pytest

from huiyin.rules import book, terms
from huiyin.rules.models import PromisePolicy
from huiyin.rules.terms import Term
from tests.given import FRIDAY_17, MONDAY_9, SUNDAY_NIGHT, days, hours, minutes

pytestmark = pytest.mark.django_db


def term(start: datetime, **policy: object) -> Term:
    return terms.term(
        PromisePolicy(code="p", kind="task", **policy),
        book.current(),
        calendar="office",
        start=start,
        used=timedelta(),
    )


FRIDAY_18 = FRIDAY_17 + hours(1)


@pytest.mark.parametrize(
    ("start", "policy", "due"),
    [
        (FRIDAY_17 - hours(2), {"working_days": 2}, FRIDAY_18 + days(4)),
        (SUNDAY_NIGHT, {"working_days": 1}, MONDAY_9 + hours(9)),
        (MONDAY_9, {"cut_off": "16:30"}, MONDAY_9 + hours(7.5)),
        (FRIDAY_17, {"cut_off": "16:30"}, FRIDAY_17 + days(3) - minutes(30)),
        (MONDAY_9, {"working_days": 1, "cut_off": "12:00"}, MONDAY_9 + days(1) + hours(3)),
        (MONDAY_9, {"seconds": 4 * 3600}, MONDAY_9 + hours(4)),
        (MONDAY_9, {"seconds": 4 * 3600, "calendar": "site"}, MONDAY_9 + hours(5.5)),
    ],
)
def test_a_due_time_is_the_one_that_the_policy_says(
    start: datetime, policy: dict[str, object], due: datetime
) -> None:
    assert term(start, **policy).due == due


def test_a_window_has_an_earliest_and_a_latest_time() -> None:
    found = term(MONDAY_9, working_days=3, not_before_days=2)
    assert (found.not_before, found.due) == (MONDAY_9 + days(2), MONDAY_9 + days(3) + hours(9))


def test_days_of_a_month_end_on_the_last_day_of_a_shorter_month() -> None:
    february = term(datetime(2026, 2, 3, 9, tzinfo=MONDAY_9.tzinfo), month_days=[28, 30])
    assert february.not_before is not None and february.not_before.astimezone(MONDAY_9.tzinfo).day == 28
    assert february.due.astimezone(MONDAY_9.tzinfo).date().isoformat() == "2026-02-28"


def test_days_of_a_month_that_are_over_are_those_of_the_next_month() -> None:
    late = term(datetime(2026, 3, 31, 20, tzinfo=MONDAY_9.tzinfo), month_days=[28, 30])
    assert late.due.astimezone(MONDAY_9.tzinfo).date().isoformat() == "2026-04-30"


def test_the_first_of_a_month_is_a_month_based_promise() -> None:
    first = term(datetime(2026, 3, 5, 9, tzinfo=MONDAY_9.tzinfo), month_days=[1, 1])
    assert first.due.astimezone(MONDAY_9.tzinfo).date().isoformat() == "2026-04-01"


def test_long_ones_warn_an_hour_before_and_short_ones_at_half_and_four_fifths() -> None:
    assert term(MONDAY_9, seconds=7200).warnings == (MONDAY_9 + hours(1),)
    assert term(MONDAY_9, seconds=100).warnings == (
        MONDAY_9 + timedelta(seconds=50),
        MONDAY_9 + timedelta(seconds=80),
    )
