"""Which clock is the truth."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection

from huiyin.base import clock

pytestmark = pytest.mark.django_db
SKEW = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _own_clock() -> Iterator[None]:
    clock.follow_own()
    yield
    clock.follow_own()


def of_database() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (said,) = cursor.fetchone()
    assert isinstance(said, datetime)
    return said


def assert_is_the_databases(read: Callable[[], datetime]) -> None:
    """Hold a reading between two of the database, so that a pause of the machine in between changes nothing."""
    before, now, after = of_database(), read(), of_database()
    assert before - timedelta(seconds=1) < now < after + timedelta(seconds=1)


@pytest.mark.parametrize("skew", [-SKEW, SKEW])
def test_a_machine_whose_clock_is_wrong_reads_the_time_of_the_database(skew: timedelta) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite the machine's clock is the only one")
    with time_machine.travel(of_database() + skew):
        clock.follow_database()
        assert_is_the_databases(clock.now)


def test_a_clock_that_jumps_between_two_measurements_changes_nothing() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite the machine's clock is the only one")
    clock.follow_database()
    for jump in (timedelta(hours=1), timedelta(hours=-1)):
        with time_machine.travel(of_database() + jump):
            assert_is_the_databases(clock.now)


def test_on_one_machine_its_own_clock_is_the_truth() -> None:
    if connection.vendor == "postgresql":
        pytest.skip("on PostgreSQL it is the database's")
    moment = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
    with time_machine.travel(moment, tick=False):
        clock.follow_database()
        assert clock.now() == moment
