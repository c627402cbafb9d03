"""How far a matter has come, in words that figures can count."""

from django.utils.translation import gettext_lazy as _

from huiyin.base.facts import Kind, register

register(Kind("progress.noted", _("progress: %(progress)s"), fields={"progress": str, "client_id": str}))

PROGRESS = {
    "contacted": _("customer contacted"),
    "not_reached": _("customer not reached"),
    "investigating": _("under investigation"),
    "waiting_for_parts": _("waiting for parts"),
    "in_repair": _("in repair"),
    "testing": _("being tested"),
    "shipped": _("shipped"),
    "arranged": _("visit arranged"),
}
