"""F27: a great many promises that fall due in one second: each acted on once, in small steps, one notice a person."""

import pytest

from tests.faults import checker
from tests.faults.product import Product

pytestmark = pytest.mark.faults
BATCH = 200
FILL = """
from datetime import timedelta
from bench import promises_inside as bench
from huiyin.base import clock
bench.open_cases({count}, bench.make_staff(), first=0, due=clock.now() - timedelta(seconds=1), spread_s=1)
"""
TICKING = "SELECT count(*) FROM cases_promise WHERE next_at IS NOT NULL"
BROKEN = "SELECT case_id, count(*) FROM cases_entry WHERE kind = 'promise.broken' GROUP BY case_id"
STATES = "SELECT state, count(*) FROM cases_promise GROUP BY state"
STEPS = "SELECT count(*) FROM cases_entry WHERE kind = 'promise.broken' GROUP BY at"
DIGESTS = "SELECT staff_id, count(*) FROM notices_notice WHERE kind = 'promises.digest' GROUP BY staff_id"
SINGLE = "SELECT count(*) FROM notices_notice WHERE kind <> 'promises.digest'"
DEAD = "SELECT count(*) FROM base_task WHERE state = 'dead'"


@pytest.mark.parametrize("count", [2000, pytest.param(50_000, marks=pytest.mark.slow)])
def test_a_flood_of_promises_is_acted_on_once_each_and_told_once_a_person(
    product: Product, count: int
) -> None:
    product.python(FILL.format(count=count))
    product.start()
    product.wait_until_ready()
    checker.wait_until(lambda: checker.rows(product.database, TICKING) == [(0,)], 400)
    checker.wait_until_idle(product, 120)
    product.kill_all()
    assert checker.rows(product.database, STATES) == [("broken", count)]
    broken = checker.rows(product.database, BROKEN)
    assert len(broken) == count
    assert {times for _, times in broken} == {1}
    assert max(size for (size,) in checker.rows(product.database, STEPS)) <= BATCH
    digests = checker.rows(product.database, DIGESTS)
    assert digests
    assert {notices for _, notices in digests} == {1}
    assert checker.rows(product.database, SINGLE) == [(0,)]
    assert checker.rows(product.database, DEAD) == [(0,)]
    assert not product.broken_invariants()
