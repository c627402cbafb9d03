"""F33: a program that answers each thing it is told with another change is told no more."""

from datetime import datetime

import pytest

from huiyin.base.models import AuditRow
from huiyin.base.outbox.worker import drain
from huiyin.cases import lifecycle
from huiyin.cases.models import Case
from huiyin.channels import endpoints
from huiyin.channels.models import Endpoint, EndpointDelivery
from tests import given

pytestmark = pytest.mark.django_db
AT = given.MONDAY_9
BY = given.OPERATOR


def noted(case: Case, times: int, *, apart_s: float = 0.1) -> None:
    """Let a program add this many notes, each when it is told of the one before."""
    for n in range(times):
        at = AT + given.seconds(n * apart_s)
        lifecycle.note(case, "同步", by=BY, at=at)
        told(at)


def told(at: datetime) -> None:
    """Let it be told; the sending itself is another lane's."""
    drain(lambda: at, lanes=("fast",))


def an_endpoint() -> Endpoint:
    return endpoints.make("http://192.0.2.1/hook", ["note.added"], by=BY, at=AT)[0]


def test_an_endpoint_told_fifty_times_of_one_case_within_a_minute_is_disabled_and_recorded() -> None:
    endpoint, case = an_endpoint(), given.a_case()
    noted(case, 60)
    endpoint.refresh_from_db()
    assert (endpoint.disabled_why, endpoint.disabled_at is not None) == ("loop", True)
    assert EndpointDelivery.objects.count() == endpoints.LOOPS_AT
    assert AuditRow.objects.filter(action="endpoint.disabled").count() == 1


def test_a_busy_case_over_a_longer_time_disables_nothing() -> None:
    endpoint, case = an_endpoint(), given.a_case()
    noted(case, 60, apart_s=2)
    endpoint.refresh_from_db()
    assert endpoint.disabled_at is None
    assert EndpointDelivery.objects.count() == 60
