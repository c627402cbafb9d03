"""Customers are erased when nothing was heard of them for as long as their site keeps them; never before."""

import pytest

from huiyin.base.models import AuditRow
from huiyin.cases.models import Case, Entry
from huiyin.customers import retention
from huiyin.customers.models import Customer
from huiyin.staff.models import Site
from tests import given
from tests.given import MONDAY_9, days

pytestmark = pytest.mark.django_db
CLOSED = MONDAY_9


def kept_for(n: int | None) -> None:
    Site.objects.update(keep_customers_days=n)


def swept(at: object) -> set[str]:
    """Let the hourly task run at this moment; return the numbers of the erased."""
    retention.sweep(at=at)  # type: ignore[arg-type]
    given.work_done(at=at)  # type: ignore[arg-type]
    return set(Customer.objects.exclude(erased_at=None).values_list("number", flat=True))


def a_customer_with(status: str) -> Customer:
    case = given.a_case(handler=given.an_agent(f"agent-{status}"), status=status, at=CLOSED)
    given.work_done(at=CLOSED)
    assert case.customer is not None
    return case.customer


def test_who_was_not_heard_of_for_the_time_is_erased_and_the_figures_stay() -> None:
    customer = a_customer_with("closed")
    kept_for(365)
    entries = Entry.objects.count()
    assert swept(CLOSED + days(364)) == set()
    assert swept(CLOSED + days(366)) == {customer.number}
    assert (Case.objects.count(), Entry.objects.count()) == (1, entries)
    assert (
        AuditRow.objects.filter(action="customer.erased", object=f"customer:{customer.number}").count() == 1
    )


@pytest.mark.parametrize("status", ["new", "open", "waiting", "resolved"])
def test_nobody_is_forgotten_while_something_is_in_work_for_them(status: str) -> None:
    a_customer_with(status)
    kept_for(30)
    assert swept(CLOSED + days(5000)) == set()


def test_a_later_case_begins_the_time_anew() -> None:
    case = given.a_case(handler=given.an_agent(), status="closed", at=CLOSED)
    assert case.customer is not None
    phone = case.customer.identities.get().value.reveal()
    sender = given.Sender(name="李雷", phone=phone)
    again = given.a_case(sender=sender, handler=given.an_agent("bob"), status="closed", at=CLOSED + days(300))
    assert again.customer == case.customer
    kept_for(365)
    assert swept(CLOSED + days(400)) == set()
    assert swept(CLOSED + days(666)) == {case.customer.number}


def test_a_site_that_keeps_for_ever_forgets_nobody() -> None:
    a_customer_with("closed")
    kept_for(None)
    assert swept(CLOSED + days(20000)) == set()


def test_a_second_sweep_asks_for_nothing_twice() -> None:
    customer = a_customer_with("closed")
    kept_for(30)
    for _ in range(2):
        swept(CLOSED + days(31))
    assert customer.erasures.count() == 1


def test_less_than_thirty_days_is_refused_and_not_speaking_of_it_changes_nothing() -> None:
    program = given.with_token(given.a_token("admin", role="administrator"))
    body = {
        "name": {"zh": "总部", "en": "Head"},
        "zone": "Asia/Shanghai",
        "language": "en",
        "calendar": "office",
    }

    def put(**more: object) -> object:
        return program.put("/api/v1/sites/main", given.as_json({**body, **more}), "application/json")

    assert put(keep_customers_days=29).status_code == 422  # type: ignore[attr-defined]
    assert put(keep_customers_days=400).json()["keep_customers_days"] == 400  # type: ignore[attr-defined]
    assert put().json()["keep_customers_days"] == 400  # type: ignore[attr-defined]
    assert put(keep_customers_days=None).json()["keep_customers_days"] is None  # type: ignore[attr-defined]


def test_the_page_of_sites_says_how_many_would_be_erased_now() -> None:
    a_customer_with("closed")
    kept_for(30)
    page = given.at_desk(given.a_person("root", role="administrator", team=None))
    assert "当前有 1 位客户符合清除条件" in page.get("/desk/teams").content.decode()
    wrong = page.post("/desk/teams", {"act": "site", "code": "main", "keep_customers_days": "1x"})
    assert wrong.status_code == 422
