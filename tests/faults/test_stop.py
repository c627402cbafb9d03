"""F3: stopping for an upgrade under load: what was acknowledged stands, and the whole is gone in time."""

import time

import pytest

from tests.faults import checker
from tests.faults.ledger import Ledger, Load
from tests.faults.product import Product

pytestmark = [pytest.mark.faults, pytest.mark.slow]
DRAINED_WITHIN_S = 11.0


def test_a_stop_under_load_answers_what_it_began_and_loses_nothing(
    product: Product, ledger: Ledger, seed: int
) -> None:
    product.start()
    product.wait_until_ready()
    with Load(product, ledger, seed) as load:
        time.sleep(1.5)
        began = time.monotonic()
        assert product.stop() == 0
        took_s = time.monotonic() - began
        product.start()
        product.wait_until_ready()
        time.sleep(1)
    product.kill_all()
    assert took_s < DRAINED_WITHIN_S
    assert not load.wrong
    assert not checker.differences(product, ledger)
