"""Kinds of entries about what should not be there, or is missing: spam, double cases, words taken back, details."""

from django.utils.translation import gettext_lazy as _

from huiyin.base.facts import Audience, Kind, register

PUBLIC = Audience.CUSTOMER

register(
    Kind("customer.blocked", _("blocked customer %(customer)s"), fields={"customer": str}),
    Kind("customer.unblocked", _("unblocked customer %(customer)s"), fields={"customer": str}),
    Kind("message.released", _("released it from the blocked messages")),
    Kind("message.recalled", _("took a message back"), PUBLIC, {"seq": int, "channel": str}),
    Kind("entry.redacted", _("erased words for good"), fields={"seq": int, "whole": bool, "files": int}),
    Kind("details.asked", _("asked for %(needs)s"), PUBLIC, {"channel": str, "needs": list}),
    Kind("details.given", _("added what was missing: %(needs)s"), fields={"needs": list}),
    Kind("case.told_apart", _("said that case %(number)s is another matter"), fields={"number": str}),
)
