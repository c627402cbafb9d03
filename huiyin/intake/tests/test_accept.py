"""After `accept` returns nothing is lost: duplicates, conflicts, groups, what cannot be understood, files."""

from dataclasses import replace

import pytest

from huiyin.automation import tasks
from huiyin.base import clock, files
from huiyin.base.models import Blob, Task
from huiyin.cases.models import Case, Entry, EntryBody
from huiyin.channels.models import Account
from huiyin.customers.models import Customer, Identity
from huiyin.customers.recognise import Sender
from huiyin.intake import house
from huiyin.intake.accept import UnknownChannel, accept
from huiyin.intake.models import InboxItem
from huiyin.staff.models import Site, Team
from tests import given
from tests.given import MONDAY_9, days, hours, minutes

pytestmark = pytest.mark.django_db


def no_default_team() -> None:
    Team.objects.update(is_default=False)
    house.forget()


def a_default_team() -> None:
    Team.objects.filter(code="service").update(is_default=True)
    house.forget()


def test_the_same_message_again_is_a_duplicate_and_writes_nothing() -> None:
    message = given.a_message()
    first = given.received(message)
    again = given.received(message, at=MONDAY_9 + hours(1))
    assert (first.outcome, again.outcome, again.case, again.inbox_id) == (
        "new",
        "duplicate",
        first.case,
        first.inbox_id,
    )
    assert again.entry_seq == first.entry_seq == 1
    assert [p.kind for p in again.promises]
    assert (Case.objects.count(), InboxItem.objects.count()) == (1, 1)


def test_another_message_under_a_known_id_is_kept_aside_where_people_see_it() -> None:
    message = given.a_message()
    given.received(message)
    other = replace(message, text="完全不同的内容", attachments=(given.a_file(),))
    first, again = given.received(other), given.received(other)
    assert (first.outcome, first.case, again.inbox_id) == ("conflict", None, first.inbox_id)
    kept = InboxItem.objects.get(pk=first.inbox_id)
    assert (kept.state, kept.content["text"], bool(kept.error)) == ("quarantined", "完全不同的内容", True)
    assert Case.objects.count() == 1
    assert [str(uuid) for uuid in Blob.objects.values_list("uuid", flat=True)] == kept.files


def test_the_same_id_on_another_channel_is_another_message() -> None:
    message = given.a_message()
    assert given.received(message).case != given.received(replace(message, channel="chat")).case


def test_an_unknown_channel_is_refused_and_nothing_is_kept() -> None:
    with pytest.raises(UnknownChannel):
        given.received(given.a_message(channel="fax"))
    Account.objects.filter(code="sms").update(retired_at=MONDAY_9)
    house.forget()  # a second would do as well
    with pytest.raises(UnknownChannel):
        given.received(given.a_message(channel="sms"))
    assert not InboxItem.objects.exists()


def test_a_group_answers_each_in_order_whatever_is_mixed_in_it() -> None:
    old, new = given.a_message(), given.a_message()
    given.received(old)
    answers = accept([new, old, new, replace(old, text="别的")], at=MONDAY_9)
    assert [a.outcome for a in answers] == ["new", "duplicate", "duplicate", "conflict"]


def test_a_message_of_one_group_joins_nobody_elses_case_and_one_customer_gets_one_row() -> None:
    sender = Sender(name="李雷", phone="13955550001")
    first, second = accept([given.a_message(sender=sender), given.a_message(sender=sender)], at=MONDAY_9)
    assert first.case and second.case and first.case != second.case
    assert first.case.customer == second.case.customer
    assert Identity.objects.count() == Customer.objects.count() == 1


def test_a_message_that_cannot_be_understood_stays_is_retried_and_quarantined_after_three() -> None:
    no_default_team()
    accepted = given.received(given.a_message())
    assert (accepted.outcome, accepted.case) == ("waiting", None)
    row = InboxItem.objects.get()
    at = MONDAY_9
    for tries in (1, 2, 3):
        assert row.state == "waiting" and row.error
        at += hours(2)
        given.work_done(at=at)
        row.refresh_from_db()
        assert row.tries == tries
    assert row.state == "quarantined" and "default" in row.error
    assert given.work_done(at=at + days(1)) == 0
    assert not Task.objects.filter(state__in=["ready", "running"]).exists()
    assert not Customer.objects.exists()


def test_once_the_cause_is_mended_the_retry_opens_the_case_with_its_files() -> None:
    no_default_team()
    given.received(given.a_message(subject="退款", attachments=(given.a_file(),)))
    a_default_team()
    given.work_done(at=MONDAY_9 + hours(1))
    row, case = InboxItem.objects.get(), Case.objects.get()
    assert (row.state, row.case_number, row.error) == ("done", case.number, "")
    assert Blob.objects.get().subject == f"case:{case.number}"
    assert Entry.objects.get(case=case, seq=1).payload["files"][0]["name"] == "photo.png"


def test_a_second_delivery_while_the_first_waits_is_told_so_and_stored_once() -> None:
    no_default_team()
    message = given.a_message()
    first, again = given.received(message), given.received(message)
    assert (again.outcome, again.inbox_id) == ("waiting", first.inbox_id)


def test_one_bad_message_in_a_group_does_not_hold_up_the_others() -> None:
    account = Account.objects.get(code="sms")
    bad = given.a_message(
        received_at=MONDAY_9.replace(year=9999, month=12, day=31), text="明天下午三点给我回电话"
    )
    answers = accept([given.a_message(), bad, given.a_message(channel=account.code)], at=MONDAY_9)
    assert [a.outcome for a in answers][::2] == ["new", "new"]
    assert answers[1].outcome in ("new", "waiting")


def test_a_thread_names_an_open_case_of_the_same_channel_or_opens_a_new_one() -> None:
    case = given.a_case()
    joined = given.received(given.a_message(thread_case=case.number))
    assert (joined.case, joined.entry_seq) == (case, given.fresh(case).entry_seq)
    elsewhere = given.received(given.a_message(thread_case=case.number, channel="chat"))
    closed = given.a_case(status="closed", handler=given.an_agent())
    assert elsewhere.case != case
    assert given.received(given.a_message(thread_case=closed.number)).case != closed


def test_a_message_that_wakes_a_waiting_case_is_known_by_its_own_entry() -> None:
    case = given.a_case(status="waiting", handler=given.an_agent())
    joined = given.received(given.a_message("还有一件事", thread_case=case.number))
    assert Entry.objects.get(case=case, seq=joined.entry_seq).kind == "message.received"


def test_a_number_in_the_subject_never_joins_a_case() -> None:
    case = given.a_case()
    assert given.received(given.a_message(subject=f"Re: {case.number}")).case != case


def test_a_file_is_stored_once_and_belongs_to_its_case() -> None:
    case = given.received(given.a_message(attachments=(given.a_file(),))).case
    blob = Blob.objects.get()
    assert case and blob.subject == f"case:{case.number}"
    assert files.path_of(blob.uuid).read_bytes() == given.a_file().payload


def test_the_files_of_a_duplicate_are_orphans_that_the_sweep_takes_a_day_later() -> None:
    message = given.a_message(attachments=(given.a_file(),))
    given.received(message)
    given.received(message)
    root = files.path_of(Blob.objects.get().uuid).parents[1]
    assert len(list(root.glob("*/*"))) == 2
    assert files.sweep(clock.now() + hours(23)) == 0
    assert files.sweep(clock.now() + hours(25)) == 1
    assert [p.name for p in root.glob("*/*")] == [Blob.objects.get().uuid.hex]


def test_a_file_too_large_refuses_the_message_whole() -> None:
    large = given.a_file(payload=b"x" * (files.LIMIT_BYTES + 1))
    with pytest.raises(files.FileRefused):
        given.received(given.a_message(attachments=(large,)))
    assert not InboxItem.objects.exists()


def test_the_title_shows_no_whole_personal_value_and_the_words_are_kept_whole() -> None:
    case = given.a_case("请打 13655550177 或写 weiwei@example.com")
    assert "13655550177" not in case.title and "weiwei@" not in case.title
    assert "13655550177" in EntryBody.objects.get(case=case, seq=1).text


def test_raw_messages_are_forgotten_after_thirty_days_and_the_case_stays() -> None:
    case = given.a_case()
    tasks.tidy(at=MONDAY_9 + days(30) - minutes(1))
    assert InboxItem.objects.count() == 1
    tasks.tidy(at=MONDAY_9 + days(30) + minutes(1))
    assert not InboxItem.objects.exists() and Case.objects.get() == case


def test_each_case_of_a_group_takes_its_number_and_its_customer_a_place_at_its_own_site() -> None:
    west = Site.objects.create(
        code="west",
        name={"zh": "西部", "en": "West"},
        zone="America/Los_Angeles",
        language="en",
        calendar="office",
    )
    Account.objects.filter(code="sms").update(site=west)
    answers = accept([given.a_message(), given.a_message(channel="sms"), given.a_message()], at=MONDAY_9)
    cases = [answer.case for answer in answers if answer.case]
    assert [case.number[:6] for case in cases] == ["260302", "260301", "260302"]
    assert [(case.site.code, case.customer and case.customer.site.code) for case in cases] == [
        ("main", "main"),
        ("west", "west"),
        ("main", "main"),
    ]
