"""Being ready for work: present, and with a load that can be counted."""

from datetime import datetime

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases.models import AgentLoad
from huiyin.duty import presence
from huiyin.duty.models import Presence
from huiyin.staff.models import Staff


def go_on_duty(staff: Staff, *, by: Actor, at: datetime) -> None:
    """Set a person online and able to be given cases; a second call changes nothing."""
    with tx.write():
        AgentLoad.objects.get_or_create(staff=staff)
        presence.change(staff, Presence.ONLINE, by=by, at=at)
