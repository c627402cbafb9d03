"""Why a case was filed and given as it was is told in sentences, never in codes."""

import pytest

from huiyin.cases.models import Entry
from huiyin.rules import words
from tests import given

pytestmark = pytest.mark.django_db


def test_every_reason_of_an_arrival_is_a_sentence() -> None:
    for number in ("alice", "bob"):
        given.on_duty(given.an_agent(number))
    case = given.received(given.a_message("我的电脑突然无法开机，急用")).case
    entries = Entry.objects.filter(case=case)
    reasons = [reason for entry in entries for reason in entry.payload.get("because", [])]
    codes = {reason["code"] for reason in reasons}
    assert {"in_team", "room", "first"} <= codes
    assert codes <= set(words.SENTENCES)
    assert not [reason for reason in reasons if words.sentence(reason) == reason["code"]]
