"""Kinds of entries about a case that is edited or passed on."""

from django.utils.translation import gettext_lazy as _

from huiyin.base.facts import Kind, register

register(
    # The words of a title are personal text: they stand in the erasable body, never in the payload.
    Kind("case.changed", _("changed %(changes)s"), fields={"changes": list}),
    Kind(
        "case.transferred",
        _("passed the case on to %(team)s"),
        fields={"team": str, "from": str, "to": str},
    ),
    Kind("case.given_back", _("gave the case back to the queue of %(team)s"), fields={"team": str}),
    Kind("case.relieved", _("took the case off %(who)s"), fields={"who": str, "why": str}),
)

FIELDS = {
    "category": _("category"),
    "goal": _("goal"),
    "priority": _("priority"),
    "title": _("title"),
    "missing": _("what is still needed"),
    "emotion": _("mood"),
    "language": _("language"),
    "department": _("responsible department"),
    "is_complex": _("complex"),
}
