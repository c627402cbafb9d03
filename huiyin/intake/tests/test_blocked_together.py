"""Blocking, releasing and merging at the same moment as others."""

import pytest

from huiyin.base.actor import OPERATOR
from huiyin.cases import merging
from huiyin.cases.models import Case, Entry
from huiyin.cases.moves import Stale
from huiyin.customers import blocking
from huiyin.customers.models import Customer
from huiyin.customers.recognise import Sender
from huiyin.intake import blocked
from huiyin.intake.accept import accept
from huiyin.intake.models import InboxItem
from tests import given
from tests.given import MONDAY_9
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)
HAN = Sender("韩梅梅", "13955550077")


def test_every_message_that_comes_in_while_its_sender_is_blocked_is_in_a_case_or_in_the_list() -> None:
    han = given.a_customer(name=HAN.name, phone=HAN.phone)
    messages = [given.a_message(sender=HAN) for _ in range(12)]

    def block() -> bool:
        return blocking.block(han, reason="广告骚扰", by=OPERATOR, at=MONDAY_9)

    acts = [lambda one=one: accept([one], at=MONDAY_9)[0] for one in messages]
    answers = at_once([*acts[:6], block, *acts[6:]])
    assert not [one for one in answers if isinstance(one, Exception)]
    kept = InboxItem.objects.filter(state="blocked").count()
    assert Case.objects.count() + kept == InboxItem.objects.count() == 12
    assert accept([given.a_message(sender=HAN)], at=MONDAY_9)[0].outcome == "waiting"


def test_a_blocked_message_that_four_people_release_at_once_opens_one_case() -> None:
    given.a_customer(name=HAN.name, phone=HAN.phone)
    Customer.objects.update(blocked_at=MONDAY_9)
    given.received(given.a_message(sender=HAN))
    item = InboxItem.objects.select_related("account__site").get()
    answers = at_once([lambda: blocked.release(item, by=OPERATOR, at=MONDAY_9)] * 4)
    assert sorted(type(one).__name__ for one in answers) == ["Case"] + ["NotBlocked"] * 3
    assert Case.objects.count() == 1


def test_two_people_who_merge_by_the_same_mark_merge_once() -> None:
    first, second = given.a_case(sender=HAN), given.a_case(sender=HAN)
    assert second.likely_same == first.number
    answers = at_once(
        [lambda: merging.merge(given.fresh(second), first, by=OPERATOR, at=MONDAY_9, version=second.version)]
        * 2
    )
    assert sum(isinstance(one, Stale | merging.CannotMerge) for one in answers) == 1
    assert Entry.objects.filter(kind="case.merged").count() == 1
