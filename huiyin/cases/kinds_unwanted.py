"""Kinds of entries about what should not be there: spam, blocked senders, double cases, words taken back."""

from django.utils.translation import gettext_lazy as _

from huiyin.base.facts import Audience, Kind, register

PUBLIC = Audience.CUSTOMER

register(
    Kind("customer.blocked", _("blocked customer %(customer)s"), fields={"customer": str}),
    Kind("customer.unblocked", _("unblocked customer %(customer)s"), fields={"customer": str}),
    Kind("message.released", _("released it from the blocked messages")),
    Kind("case.told_apart", _("said that case %(number)s is another matter"), fields={"number": str}),
)
