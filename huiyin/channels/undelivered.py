"""Why something did not reach its receiver: a code with its values, told with what to do in the reader's words."""

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from huiyin.engines.reason import Reason

_ADDRESS, _NOTHING = _("Correct the address."), _("Nothing needs to be done.")
_GOES_ON = _("Let the webhook go on, then send this again.")
# Code → cause, remedy.
WORDS: Mapping[str, tuple[Any, Any]] = {
    "no_address": (_("The address cannot be read."), _ADDRESS),
    "scheme": (_("Only http and https addresses without a password are called."), _ADDRESS),
    "private": (
        _("%(host)s leads to a private network."),
        _("If you mean it, the operator allows that network with HUIYIN_OUTBOUND_ALLOW."),
    ),
    "port": (
        _("Port %(port)s is not called: below 1024 only 80 and 443."),
        _("Let the receiver listen on another port."),
    ),
    "unknown_host": (_("%(host)s cannot be found."), _("Check the name and the name server.")),
    "no_connection": (
        _("%(host)s takes no connection."),
        _("See whether the receiver runs and whether a firewall stands between."),
    ),
    "timeout": (
        _("%(host)s gave no answer within %(seconds)s seconds."),
        _("The receiver should answer at once and do its work afterwards."),
    ),
    "tls": (_("The certificate of %(host)s is not good."), _("Have the receiver renew its certificate.")),
    "broken": (_("The answer of %(host)s broke off."), _("Look into the log of the receiver.")),
    "answer_large": (
        _("The answer is larger than %(limit)s MB."),
        _("A short answer is enough: only its status is read."),
    ),
    "redirected": (
        _("The receiver answered %(status)s: it sends us on."),
        _("Enter the address that it leads to; we do not follow."),
    ),
    "not_let_in": (
        _("The receiver answered %(status)s: it does not let us in."),
        _("Check the address and whether the receiver has the signing secret of today."),
    ),
    "not_there": (_("The receiver answered %(status)s: it knows no such address."), _ADDRESS),
    "gone": (
        _("The receiver answered %(status)s: it wants to hear nothing more."),
        _("If that is a mistake, let it go on when the receiver is mended."),
    ),
    "busy": (
        _("The receiver answered %(status)s: it is busy."),
        _("It is tried again by itself; if it lasts, ask whoever runs the receiver."),
    ),
    "failed": (_("The receiver answered %(status)s: it failed."), _("Ask whoever runs the receiver.")),
    "answered": (_("The receiver answered %(status)s."), _("Ask whoever runs the receiver.")),
    "held": (_("The webhook failed several times and is left alone for a while."), _NOTHING),
    "off_paused": (_("The webhook was paused."), _GOES_ON),
    "off_gone": (_("The receiver had ended the webhook."), _GOES_ON),
    "off_loop": (_("The webhook was stopped: what it was told came back as changes."), _GOES_ON),
    "off_removed": (_("The webhook was removed."), _NOTHING),
    "outdated": (_("It had waited so long that nobody wants to hear it any more."), _NOTHING),
    "recalled": (_("It was taken back before it left."), _NOTHING),
}
_OF_STATUS = {
    **dict.fromkeys((401, 403), "not_let_in"),
    **dict.fromkeys((404, 405), "not_there"),
    **dict.fromkeys((408, 425, 429, 503), "busy"),
    410: "gone",
}


def answered(status: int) -> Reason:
    """Return why an answer of this status counts as none."""
    if (code := _OF_STATUS.get(status)) is None:
        code = "redirected" if 300 <= status < 400 else "failed" if status >= 500 else "answered"
    return Reason(code, {"status": status})


def kept(reason: Reason) -> dict[str, Any]:
    """Return the reason as it stands in a row."""
    return {"code": reason.code, "params": dict(reason.params)}


def words(kept_reason: Mapping[str, Any]) -> tuple[str, str]:
    """Return cause and remedy in the reader's language; of a code that nobody knows any more the code alone."""
    cause, remedy = WORDS.get(kept_reason["code"], (kept_reason["code"], ""))
    return str(cause) % kept_reason["params"], str(remedy)


def in_english(reason: Reason) -> str:
    """Return the cause for logs and programs."""
    with translation.override("en"):
        return words(kept(reason))[0]
