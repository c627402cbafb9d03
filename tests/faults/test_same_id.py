"""F13: the same id at once, twenty times: one message; other words under it are kept for people to see."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults import checker
from tests.faults.ledger import a_message
from tests.faults.product import Answer, Product

pytestmark = pytest.mark.faults
QUARANTINED = "SELECT content FROM intake_inboxitem WHERE state = 'quarantined'"


def test_twenty_parallel_deliveries_of_one_id_make_one_case(product: Product) -> None:
    product.start()
    product.wait_until_ready()
    body = a_message("same", random.Random(1))
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: product.insist("POST", "/api/v1/inbound", body), range(20)))
    assert sorted(answer.status for answer in answers) == [200] * 19 + [201]
    assert len({answer.body["case"]["number"] for answer in answers}) == 1
    assert len(checker.rows(product.database, checker.WRITTEN)) == 1
    assert not product.broken_invariants()


def test_other_words_under_a_known_id_are_kept_and_flagged_once_each(product: Product) -> None:
    product.start()
    product.wait_until_ready()
    first = a_message("taken", random.Random(1))

    def say(text: str) -> Answer:
        return product.insist("POST", "/api/v1/inbound", {**first, "text": text})

    assert say("first words").status == 201
    texts = [f"other words {n % 4}" for n in range(12)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(say, texts))
    assert [answer.status for answer in answers] == [202] * 12
    assert all(answer.body["conflict"] for answer in answers)
    kept = [content for (content,) in checker.rows(product.database, QUARANTINED)]
    assert len(kept) == 4
    assert all(any(text in content for content in kept) for text in texts)
    assert not product.broken_invariants()
