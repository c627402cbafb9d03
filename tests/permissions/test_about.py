"""Nobody learns of the complaint about themselves: no page and no call of theirs, at whatever level, names it.

Everything that could tie a person to a case is tied first; then every route that reads is asked, and every search.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from huiyin.cases import (
    about,
    again,
    drafts,
    escalation,
    lifecycle,
    merging,
    owing,
    promises,
    recent,
    relating,
    splitting,
    tagging,
    watching,
)
from huiyin.cases import collaboration as requests
from huiyin.cases.collaboration import Asked
from huiyin.cases.models import Case, Promise
from huiyin.customers.recognise import Sender
from huiyin.desk import live
from huiyin.staff.models import Staff, Team
from tests import given
from tests.given import MONDAY_9, minutes
from tests.permissions.crawl import acting_as, asked, exports, searches, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
WORDS = "珊瑚礁客服态度恶劣"
TAG = "海葵"
SENDER = Sender(name="韩梅梅", phone="13955550177")
LATER = MONDAY_9 + minutes(5)


@dataclass(frozen=True, slots=True)
class Matter:
    """The complaint, with the other cases of the same customer that stand beside it and stay open to the person."""

    complaint: Case
    beside: tuple[Case, ...]


def tied(person: Staff, other: Staff) -> Matter:
    """Tie the person to a complaint in every way there is, and say afterwards that it is about them."""
    boss = given.a_person("boss", role="manager", team=None)
    by, them = given.actor(boss), given.actor(person)
    service = Team.objects.get(code="service")
    complaint = given.a_case(
        f"我要投诉 {WORDS}", handler=person, sender=SENDER, attachments=(given.a_file(),)
    )
    before, beside, child, gone = (
        given.a_case("我要退款", handler=person, sender=SENDER, attachments=(given.a_file(),))
        for _ in range(4)
    )
    for one in (before, beside, gone, complaint):
        lifecycle.move(given.fresh(one), "accept", by=them, at=MONDAY_9)
    later = given.a_case("还是那件事", handler=person, sender=SENDER, attachments=(given.a_file(),))
    Case.objects.filter(pk=later.pk).update(follows=complaint)
    again.tell_both(complaint, later, by=by, at=MONDAY_9)
    watching.watch(complaint, person, by=by, at=MONDAY_9)
    tagging.tag(complaint, TAG, by=by, at=MONDAY_9)
    drafts.save(complaint, "写到一半", kind="reply", seen_seq=1, by=them, at=MONDAY_9)
    lifecycle.note(complaint, f"@{person.name} 请看", by=by, at=MONDAY_9)
    relating.link(before, complaint, by=by, at=MONDAY_9)
    relating.put_under(child, complaint, by=by, at=MONDAY_9)
    merging.merge(gone, complaint, by=by, at=MONDAY_9)
    asked = Asked(
        department=service, subject=WORDS, details=WORDS, due=MONDAY_9 + timedelta(hours=4), assignee=person
    )
    requests.ask(complaint, asked, by=them, at=MONDAY_9)
    owing.make(complaint, owing.Made("call_back", MONDAY_9 + minutes(3), WORDS, person), by=by, at=MONDAY_9)
    escalation.by_hand(complaint, "请看", by=given.actor(other), at=MONDAY_9)
    given.work_done(at=MONDAY_9)
    about.tell_about(given.fresh(complaint), [person], "客户投诉他", by=by, at=MONDAY_9 + minutes(1))
    _goes_on(complaint, beside, person, by=by)
    return Matter(given.fresh(complaint), tuple(map(given.fresh, (before, beside, child, gone, later))))


def _goes_on(complaint: Case, beside: Case, person: Staff, *, by: Any) -> None:
    """Let things happen afterwards that would reach the person if they were still tied to it."""
    relating.link(beside, complaint, by=by, at=LATER)
    splitting.split(given.fresh(complaint), 1, title="", by=by, at=LATER)
    lifecycle.note(complaint, f"@{person.name} 又来了", by=by, at=LATER)
    lifecycle.reply(given.fresh(complaint), "我们正在查", by=by, at=LATER)
    Promise.objects.filter(case=complaint, state="running").update(next_at=LATER, due_at=LATER)
    promises.act_on_due(at=LATER)
    given.work_done(at=LATER)


ABOUT = [("agent", "service"), ("lead", "service"), ("manager", None), ("lead", "supervision")]


@pytest.mark.parametrize(("role", "team"), ABOUT)
@pytest.mark.parametrize("base", ["", "api/"])
def test_no_page_and_no_call_of_whom_a_complaint_is_about_names_it(
    role: str, team: str | None, base: str
) -> None:
    person = given.a_person("anna", role=role, team=team)
    if role == "lead":
        Team.objects.filter(code=team).update(lead=person)
    matter = tied(person, given.an_agent("bob"))
    number, told, read = matter.complaint.number, [], 0
    client = acting_as(person) if base else given.at_desk(person)
    for case in (None, *matter.beside):
        for path, answer in asked(client, case, base):
            text = text_of(answer)
            told += [path for secret in (number, WORDS, TAG) if secret in text]
            read += answer.status_code == 200
    for path, answer in asked(client, matter.complaint, base):
        if answer.status_code == 200 and (number in path or WORDS in text_of(answer)):
            told.append(path)
    for words in (WORDS, TAG, "退款", person.number, number[:6]):
        told += [path for path, text in searches(client, words, base) if number in text]
    told += [path for path, text in searches(client, number, base) if f"cases/{number}" in text]
    told += [name for name, text in exports(client, base) if number in text]
    assert not sorted(set(told))
    assert read > 20  # it was asked as somebody who reads the cases beside it


@pytest.mark.parametrize(("role", "team"), ABOUT)
def test_no_hint_of_the_case_goes_to_whom_it_is_about(role: str, team: str | None) -> None:
    person = given.a_person("anna", role=role, team=team)
    case = tied(person, given.an_agent("bob")).complaint
    heard = live._topics(person.pk, case.number)
    assert heard.isdisjoint(recent.topics_of([case])[case.pk])
