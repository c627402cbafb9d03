"""Going on duty, being busy or away, going off: who may be given work."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huiyin.base import facts, tx
from huiyin.base.actor import Actor
from huiyin.base.question import Question
from huiyin.duty.models import Presence
from huiyin.staff.models import Staff

WORDS = {
    Presence.ONLINE: _("online"),
    Presence.BUSY: _("busy"),
    Presence.AWAY: _("away"),
    Presence.OFFLINE: _("offline"),
}
facts.register(facts.Kind("presence.changed", _("is now %(state)s"), fields={"state": str}))


def change(staff: Staff, state: str, *, by: Actor, at: datetime) -> None:
    """Set a person's presence and record it; setting the present state again changes nothing. Raises ValueError."""
    if state not in Presence.STATES:
        raise ValueError(f"no presence {state!r}; there are {', '.join(Presence.STATES)}")
    with tx.write():
        row, made = Presence.objects.get_or_create(staff=staff, defaults={"state": state, "since": at})
        if made or row.state != state:
            Presence.objects.filter(pk=row.pk).update(state=state, since=at)
            facts.record(
                "presence.changed", f"staff:{staff.number}", by=by, at=at, subject_id=staff.pk, state=state
            )


def of(staff: Staff) -> str:
    """Return the person's present state."""
    return shown(staff)[0]


def shown(staff: Staff) -> tuple[str, datetime | None]:
    """Return the person's present state, and until when they take no new cases (None: they take them)."""
    found = _STATE.ask(staff=staff.pk)
    state, rests_until = found[0] if found else (None, None)
    return state or Presence.OFFLINE, rests_until


# From the person: whoever reports to be at the limit may never have gone on duty.
_STATE = Question(
    lambda staff: Staff.objects.filter(id=staff).values_list("presence__state", "load__rests_until")
)
