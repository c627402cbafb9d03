"""A person leaves: no sign-in, no session, no token, no lending, no post.

Their work is moved first: see dispatch.leaving.
"""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db.models import Q

from huiyin.base import audit, tx
from huiyin.base.actor import Actor
from huiyin.staff import one_time, passwords, roles, sessions, standin, tokens
from huiyin.staff.models import Staff, Team
from huiyin.staff.refusal import Refusal


def leave(staff: Staff, *, to: Staff | None, by: Actor, at: datetime) -> None:
    """End the account at once; `to` takes over the teams they led. Nothing is deleted. Raises Refusal.

    Sessions end with their rows, open live streams at the next look (within five seconds).
    """
    if by.id == staff.pk:
        raise Refusal("own_account")
    with tx.write():
        if not Staff.objects.filter(pk=staff.pk, is_active=True).update(is_active=False):
            raise Refusal("left_already", who=staff.number)
        staff.is_active = False
        sessions.end_all(staff)
        tokens.revoke_all(staff, by=by, at=at)
        standin.end_of(staff, by=by, at=at)
        _hand_posts_over(staff, to, by=by, at=at)
        audit.write("staff.left", f"staff:{staff.number}", by=by, at=at)
        roles.refuse_lock_out(
            one for grant in staff.grants.select_related("role") for one in grant.role.permissions
        )


def come_back(staff: Staff, *, by: Actor, at: datetime) -> str:
    """Let somebody who left in again with the roles they had; return the one-time password. Raises Refusal."""
    password = passwords.first()
    encoded = passwords.unusable() if staff.kind == "service" else make_password(password)
    told = {
        "is_active": True,
        "must_change_password": staff.kind == "person",
        "password": encoded,
        "password_until": one_time.until_anew(at) if staff.kind == "person" else None,
    }
    with tx.write():
        if not Staff.objects.filter(pk=staff.pk, is_active=False).update(**told):
            raise Refusal("unknown", kind="leaver", what=staff.number)
        audit.write("staff.came_back", f"staff:{staff.number}", by=by, at=at)
    return password


def _hand_posts_over(staff: Staff, to: Staff | None, *, by: Actor, at: datetime) -> None:
    for team in Team.objects.filter(Q(lead=staff) | Q(contact=staff) | Q(deputies=staff)).distinct():
        posts = [post for post in ("lead", "contact") if getattr(team, f"{post}_id") == staff.pk]
        for post in posts:
            setattr(team, post, to)
        team.save(update_fields=posts)
        team.deputies.remove(staff)
        audit.write("team.changed", f"team:{team.code}", by=by, at=at, fields=posts or ["deputies"])
