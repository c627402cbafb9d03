"""The customer's address of a case: ours, for this purpose, in time, not revoked; reading it changes nothing."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import given as always
from hypothesis import strategies as st

from huiyin.base import secrets
from huiyin.cases import links
from huiyin.cases.models import Case, Entry
from tests import given
from tests.given import MONDAY_9, days, seconds

pytestmark = pytest.mark.django_db
FIXTURES = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None
)


def refused(token: str, *, at: object = MONDAY_9) -> bool:
    try:
        links.case_of(token, at=at)  # type: ignore[arg-type]
    except links.LinkRefused:
        return True
    return False


def test_an_address_opens_its_own_case_and_stays_the_same() -> None:
    case, other = given.a_case(), given.a_case()
    assert links.case_of(links.token(case), at=MONDAY_9) == case
    assert links.token(given.fresh(case)) == links.token(case) != links.token(other)


def test_it_ends_after_180_days() -> None:
    token = links.token(given.a_case())
    assert not refused(token, at=MONDAY_9 + days(180))
    assert refused(token, at=MONDAY_9 + days(180) + seconds(1))


def test_it_can_be_revoked_and_the_next_one_works() -> None:
    case = given.a_case()
    old = links.token(case)
    Case.objects.filter(pk=case.pk).update(link_epoch=2)
    assert refused(old) and not refused(links.token(given.fresh(case)))


def test_a_token_of_another_purpose_or_another_case_number_opens_nothing() -> None:
    case = given.a_case()
    text = f"{case.number}.1.{int((MONDAY_9 + days(180)).timestamp())}"
    assert not refused(secrets.token("case-link", text))
    assert refused(secrets.token("survey", text))
    assert refused(secrets.token("case-link", text.replace(case.number, "260302-9999")))
    assert refused(secrets.token("case-link", case.number))


@FIXTURES
@always(st.text(max_size=80))
def test_whatever_else_is_written_there_is_refused_calmly(token: str) -> None:
    assert refused(token)


def test_reading_the_page_changes_nothing_however_often_a_mail_scanner_does(monday: object) -> None:
    case = given.a_case(status="resolved", handler=given.an_agent())
    before = (case.version, case.entry_seq)
    for path in ("", "/confirm", "/dispute", "/messages"):
        Client().get(f"/c/{links.token(case)}{path}")
        Client().head(f"/c/{links.token(case)}{path}")
    assert (given.fresh(case).version, given.fresh(case).entry_seq) == before


def test_the_address_is_told_to_no_other_site_and_kept_in_no_cache(monday: object) -> None:
    answer = Client().get(f"/c/{links.token(given.a_case())}")
    assert answer["Referrer-Policy"] in ("no-referrer", "same-origin")
    assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]


@pytest.mark.parametrize(("text", "status"), [("", 422), (" \n", 422), ("长" * 5001, 422), ("你好\x00", 302)])
def test_what_is_added_is_checked(monday: object, text: str, status: int) -> None:
    case = given.a_case()
    assert Client().post(f"/c/{links.token(case)}/messages", {"text": text}).status_code == status
    assert Entry.objects.filter(case=case, kind="message.received").count() == (2 if status == 302 else 1)
