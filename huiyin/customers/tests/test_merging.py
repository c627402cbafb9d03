"""A merge hands everything over and can be taken back exactly; what changed since is never torn apart."""

import pytest

from huiyin.base.models import AuditRow
from huiyin.cases.models import Case, Entry
from huiyin.customers import consent, erasure, merging
from huiyin.customers.models import Customer, CustomerMerge, Identity
from huiyin.customers.recognise import Sender
from tests import given

pytestmark = pytest.mark.django_db
BY = given.OPERATOR
AT = given.MONDAY_9


def two() -> tuple[Customer, Customer]:
    one, other = given.a_case(), given.a_case()
    assert one.customer is not None and other.customer is not None
    return one.customer, other.customer


def merged(one: Customer, other: Customer) -> CustomerMerge:
    return merging.merge(other, into=one, by=BY, at=AT)


def belongings(customer: Customer) -> tuple[set[int], set[int], set[int]]:
    return (
        set(Case.objects.filter(customer=customer).values_list("pk", flat=True)),
        set(Identity.objects.filter(customer=customer).values_list("pk", flat=True)),
        set(customer.consents.values_list("pk", flat=True)),
    )


def test_a_merge_moves_everything_and_an_unmerge_moves_back_exactly_that() -> None:
    one, other = two()
    consent.give(other, "survey", version="1", how="phone", by=BY, at=AT)
    before = belongings(one), belongings(other)
    done = merged(one, other)
    both = tuple(a | b for a, b in zip(*before, strict=True))
    assert (belongings(one), belongings(other)) == (both, (set(), set(), set()))
    merging.unmerge(done, by=BY, at=AT)
    assert (belongings(one), belongings(other)) == before
    assert Customer.objects.get(pk=other.pk).merged_into_id is None


def test_each_case_that_moves_says_so_in_its_timeline() -> None:
    one, other = two()
    done = merged(one, other)
    merging.unmerge(done, by=BY, at=AT)
    told = Entry.objects.filter(kind="customer.changed").order_by("seq").values_list("payload", flat=True)
    assert list(told) == [
        {"before": other.number, "now": one.number},
        {"before": one.number, "now": other.number},
    ]
    assert AuditRow.objects.filter(action__in=["customer.merged", "customer.unmerged"]).count() == 4


def test_what_comes_after_the_merge_stays_with_the_survivor() -> None:
    one, other = two()
    phone = Identity.objects.get(customer=other, kind="phone").value.reveal()
    done = merged(one, other)
    later = given.a_case(sender=Sender(phone=phone))
    assert later.customer == one
    merging.unmerge(done, by=BY, at=AT)
    assert given.fresh(later).customer == one


def test_a_message_from_an_identity_of_the_merged_one_reaches_the_survivor() -> None:
    one, other = two()
    phone = Identity.objects.get(customer=other, kind="phone").value.reveal()
    merged(one, other)
    assert given.a_customer(phone=phone) == one


def test_nobody_is_merged_with_themselves_or_twice() -> None:
    one, other = two()
    with pytest.raises(merging.CannotMerge, match="same_customer"):
        merged(one, one)
    merged(one, other)
    third = given.a_customer(name="王五", phone="13911112222")
    with pytest.raises(merging.CannotMerge, match="merged_already"):
        merging.merge(other, into=third, by=BY, at=AT)


def test_a_merge_is_not_undone_twice_nor_after_the_survivor_went_on() -> None:
    one, other = two()
    third = given.a_customer(name="王五", phone="13911112222")
    done = merged(one, other)
    merging.merge(one, into=third, by=BY, at=AT)
    with pytest.raises(merging.CannotUnmerge, match="survivor_merged"):
        merging.unmerge(done, by=BY, at=AT)
    outer = CustomerMerge.objects.get(survivor=third)
    merging.unmerge(outer, by=BY, at=AT)
    merging.unmerge(done, by=BY, at=AT)
    with pytest.raises(merging.CannotUnmerge, match="undone_already"):
        merging.unmerge(done, by=BY, at=AT)


def test_a_merge_is_not_undone_after_the_person_was_erased() -> None:
    one, other = (given.a_customer(name="甲", phone=f"1390000000{n}") for n in (1, 2))
    done = merged(one, other)
    erasure.ask(Customer.objects.get(pk=one.pk), reason="本人要求", by=BY, at=AT)
    given.work_done(at=AT)
    with pytest.raises(merging.CannotUnmerge, match="erased"):
        merging.unmerge(done, by=BY, at=AT)


def test_a_newer_version_of_a_consent_ends_the_older_and_withdrawing_ends_it() -> None:
    one = given.a_customer(name="甲", phone="13900000001")
    first = consent.give(one, "marketing", version="1", how="form", by=BY, at=AT)
    assert consent.give(one, "marketing", version="1", how="form", by=BY, at=AT) == first
    consent.give(one, "marketing", version="2", how="form", by=BY, at=AT + given.days(1))
    assert one.consents.filter(withdrawn_at=None).get().version == "2"
    assert consent.withdraw(one, "marketing", by=BY, at=AT + given.days(2))
    assert not consent.withdraw(one, "marketing", by=BY, at=AT + given.days(2))
    assert one.consents.count() == 2
