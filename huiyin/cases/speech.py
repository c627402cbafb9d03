"""What is known of a case when a reply to it is checked."""

from huiyin.cases.models import Case, Entry
from huiyin.customers.models import Identity
from huiyin.engines.language import Context
from huiyin.rules.tryout import personal_in

NEEDED_FOR = {
    "contact": ("phone", "email"),
    "phone": ("phone",),
    "name": ("name",),
    "order_number": ("order",),
}


def context(case: Case, text: str) -> Context:
    """Return the situation, what the matter still needs, and the customer's own values (which may be named)."""
    answered = Entry.objects.filter(case=case, kind="message.sent").exists()
    known = (
        {row.value.reveal() for row in Identity.objects.filter(customer=case.customer)}
        if case.customer
        else set()
    )
    return Context(
        situation=frozenset() if answered else frozenset({"first_reply"}),
        needed=frozenset(kind for need in case.missing for kind in NEEDED_FOR.get(need, ())),
        personal=personal_in(text),
        known=frozenset(known),
    )
