"""The kinds of entries that tell of calls and chat sessions."""

from django.utils.translation import gettext_lazy as _

from huiyin.base.facts import Kind, register

_OF_CONTACT = {"no": int, "channel": str}
register(
    Kind("contact.began", _("contact %(no)s, by %(channel)s"), fields={**_OF_CONTACT, "promises": list}),
    Kind("contact.answered", _("answered contact %(no)s"), fields=_OF_CONTACT),
    Kind("contact.ended", _("ended contact %(no)s: %(outcome)s"), fields={**_OF_CONTACT, "outcome": str}),
    Kind(
        "contact.unserved",
        _("registered a contact without a case: %(outcome)s"),
        fields={"channel": str, "outcome": str},
    ),
)
CONTACT_CHANNELS = {"chat": _("chat"), "phone": _("phone")}
CONTACT_OUTCOMES = {
    "answered": _("somebody answered"),
    "abandoned": _("nobody answered in time, the customer left"),
    "wrong": _("wrong number"),
}
