"""F15: one Idempotency-Key, a hundred calls at once over HTTP and two web processes: one effect, one answer."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults import checker
from tests.faults.ledger import a_message
from tests.faults.product import Answer, Product

pytestmark = pytest.mark.faults
AT_ONCE = 100
NOTE = {"kind": "note", "text": "已回电"}
NOTES = "SELECT case_id FROM cases_entry WHERE kind = 'note.added'"


@pytest.fixture
def product(install: Callable[..., Product]) -> Product:
    product = install(HUIYIN_WEB_PROCESSES="2")
    product.start()
    product.wait_until_ready()
    return product


@pytest.fixture
def entries_path(product: Product) -> str:
    answer = product.ask("POST", "/api/v1/inbound", a_message("one", random.Random(1)))
    return f"/api/v1/cases/{answer.body['case']['number']}/entries"


def test_a_hundred_calls_with_one_key_have_one_effect_and_one_answer(
    product: Product, entries_path: str
) -> None:
    def send(_: int) -> Answer:
        return product.insist("POST", entries_path, NOTE, key="same")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(send, range(AT_ONCE)))
    codes = Counter(answer.status for answer in answers)
    assert set(codes) <= {201, 409}
    assert codes[201] >= 1
    assert all(answer.body["code"] == "in_progress" for answer in answers if answer.status == 409)
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in answers if answer.status == 409)
    assert len({str(answer.body["entry"]) for answer in answers if answer.status == 201}) == 1
    late = send(0)
    assert (late.status, late.headers["Idempotency-Replayed"]) == (201, "true")
    assert len(checker.rows(product.database, NOTES)) == 1
    assert not product.broken_invariants()


def test_another_body_is_refused_and_another_token_has_its_own_keys(
    product: Product, entries_path: str
) -> None:
    assert product.ask("POST", entries_path, NOTE, key="same").status == 201
    other = product.ask("POST", entries_path, {**NOTE, "text": "别的话"}, key="same")
    assert (other.status, other.body["code"]) == (422, "key_reused")
    token = product.run("token", "create", "--name", "second", "--scope", "all").strip()
    assert product.ask("POST", entries_path, NOTE, key="same", token=token).status == 201
    assert len(checker.rows(product.database, NOTES)) == 2
    assert not product.broken_invariants()
