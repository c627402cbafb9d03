"""What a case still needs under a category: from what the customer wrote and what is known of them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from huiyin.cases.models import Case, Entry, EntryBody
from huiyin.customers.models import Identity
from huiyin.engines import extract
from huiyin.rules.book import Book
from huiyin.rules.decide import needs_of

MESSAGES_READ = 50


def under(case: Case, category: str, book: Book, *, at: datetime) -> list[str]:
    """Return what is missing once the case has this category; `case` still has the one before.

    What that one asked for and had was told somewhere, be it outside the text. Three queries, or none.
    """
    needs = needs_of(book, category)
    had = set(needs_of(book, case.category)) - set(case.missing)
    if set(needs) <= had:
        return []
    have = had | _known(case) | _written(case, at)
    return [need for need in needs if need not in have]


def _known(case: Case) -> set[str]:
    if case.customer is None:
        return set()
    kinds = set(Identity.objects.filter(customer=case.customer).values_list("kind", flat=True))
    return _told_by(phone="phone" in kinds, email="email" in kinds, name=bool(str(case.customer.name)))


def _written(case: Case, at: datetime) -> set[str]:
    said = Entry.objects.filter(case=case, kind="message.received").order_by("-seq").values("seq")
    texts = EntryBody.objects.filter(
        case=case, seq__in=list(said.values_list("seq", flat=True)[:MESSAGES_READ])
    )
    zone = ZoneInfo(case.site.zone)
    found = [extract.extract(text, at=at, zone=zone) for text in texts.values_list("text", flat=True)]
    told = _told_by(
        phone=any(one.phones for one in found),
        email=any(one.emails for one in found),
        name=any(one.names for one in found),
    )
    return told | ({"order_number"} if any(one.order_numbers for one in found) else set())


def _told_by(*, phone: bool, email: bool, name: bool) -> set[str]:
    told = {"phone": phone, "contact": phone or email, "name": name}
    return {need for need, known in told.items() if known}
