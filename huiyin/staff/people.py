"""Making people and giving them roles. Each act leaves an audit row in its own transaction."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError
from django.db.models import Q

from huiyin.base import audit, tx
from huiyin.base.actor import Actor
from huiyin.staff import former, one_time, passwords, roles, sessions, sites
from huiyin.staff.models import Grant, Role, Staff, Team
from huiyin.staff.refusal import Refusal

NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}")
NAME_CHARS = 60


class NumberTaken(Refusal):
    """Somebody has this employee number."""

    def __init__(self, number: str) -> None:
        super().__init__("number_taken", number=number)


class Unknown(Refusal):
    """No person, role or team of this name."""

    def __init__(self, kind: str, what: str) -> None:
        super().__init__("unknown", kind=kind, what=what)


def join(
    number: str,
    name: str,
    *,
    role: str,
    team: str | None,
    by: Actor,
    at: datetime,
    seniority: int = 1,
    language: str = "zh-hans",
) -> tuple[Staff, str]:
    """Create a person with one role; return them and the one-time password, good until their `password_until`."""
    if not NUMBER.fullmatch(number):
        raise Refusal("number_bad")
    if not name.strip() or len(name) > NAME_CHARS or not name.isprintable():
        raise Refusal("name_missing")
    password = passwords.first()
    encoded = make_password(password)  # a hash takes a fifth of a second: never inside the transaction
    with tx.write():
        staff = enrol(number, name.strip(), encoded=encoded, seniority=seniority, language=language, at=at)
        audit.write("staff.joined", f"staff:{number}", by=by, at=at)
        grant(staff, role=role, team=team, by=by, at=at)
    return staff, password


def enrol(number: str, name: str, *, encoded: str, seniority: int, language: str, at: datetime) -> Staff:
    """Write the row of a new person with their encoded password. Raises NumberTaken, also when two do it at once."""
    with tx.write():
        if Staff.objects.filter(number__iexact=number).exists():
            raise NumberTaken(number)
        try:
            with tx.attempt():
                return Staff.objects.create(
                    number=number,
                    name=name,
                    seniority=seniority,
                    language=language,
                    password=encoded,
                    password_until=one_time.until_first(at),
                    joined_at=at,
                )
        except IntegrityError:
            raise NumberTaken(number) from None


def join_service(name: str, *, role: str, by: Actor, at: datetime) -> Staff:
    """Return the service account of this name, made if there is none; it cannot sign in, only hold tokens."""
    number = f"svc-{name}"[:20]
    staff = Staff.objects.filter(number=number).first()
    if staff is None:
        with tx.write():
            staff = Staff.objects.create(
                number=number,
                name=name,
                kind="service",
                must_change_password=False,
                password=passwords.unusable(),
                joined_at=at,
            )
            audit.write("staff.joined", f"staff:{number}", by=by, at=at)
            grant(staff, role=role, team=None, by=by, at=at)
    return staff


def grant(
    staff: Staff,
    *,
    role: str,
    team: str | None,
    by: Actor,
    at: datetime,
    categories: Iterable[str] = (),
    at_sites: Iterable[str] = (),
    until: datetime | None = None,
) -> Grant:
    """Give a role; giving the same again changes its categories, sites (by code) and end. Raises Unknown, Refusal."""
    found_role = Role.objects.filter(code=role, retired_at=None).first()
    found_team = Team.objects.filter(code=team, retired_at=None).first() if team else None
    if found_role is None:
        raise Unknown("role", role)
    if team and found_team is None:
        raise Unknown("team", team)
    if until is not None and until <= at:
        raise Refusal("past")
    limits = {"categories": sorted(categories), "sites": sites.rows_of(at_sites)}
    told = {**limits, "until": until, "lent_by": None, "stands_in_for": None}
    with tx.write():
        given, _ = Grant.objects.update_or_create(
            staff=staff, role=found_role, team=found_team, defaults=told
        )
        fields = [f"role:{role}", f"team:{team}", *(name for name, limit in limits.items() if limit)]
        audit.write("grant.given", f"staff:{staff.number}", by=by, at=at, fields=fields)
        if until is not None:
            roles.refuse_lock_out(found_role.permissions)
    return given


def withdraw(staff: Staff, *, role: str, team: str | None, by: Actor, at: datetime) -> None:
    """Take a role away, at once; a second call changes nothing. Raises Refusal for the last who manages people."""
    there = Q(team__code=team) if team else Q(team=None)
    with tx.write():
        held = Grant.objects.filter(there, staff=staff, role__code=role).select_related("role").first()
        if held is not None:
            held.delete()
            fields = [f"role:{role}", f"team:{team}"]
            audit.write("grant.withdrawn", f"staff:{staff.number}", by=by, at=at, fields=fields)
            roles.refuse_lock_out(held.role.permissions)


def describe(staff: Staff, *, name: str, language: str, seniority: int, by: Actor, at: datetime) -> None:
    """Change what is written about a person; a second call changes nothing. Raises Refusal."""
    if not name.strip() or len(name) > NAME_CHARS or not name.isprintable():
        raise Refusal("name_missing")
    told = {"name": name.strip(), "language": language, "seniority": seniority}
    changed = sorted(field for field, value in told.items() if getattr(staff, field) != value)
    if changed:
        with tx.write():
            Staff.objects.filter(pk=staff.pk).update(
                name=name.strip(), language=language, seniority=seniority
            )
            audit.write("staff.described", f"staff:{staff.number}", by=by, at=at, fields=changed)


def set_password(staff: Staff, password: str, *, by: Actor, at: datetime) -> None:
    """Store the person's own new password and end their other sessions."""
    encoded = make_password(password)
    with tx.write():
        staff.password = encoded
        staff.must_change_password = False
        staff.password_until = None
        staff.save(update_fields=["password", "must_change_password", "password_until"])
        former.remember(staff, at=at)
        sessions.end_all(staff)
        audit.write("password.changed", f"staff:{staff.number}", by=by, at=at)


def reset_password(number: str, *, by: Actor, at: datetime) -> str:
    """Give a new one-time password, good for `one_time.ANEW`, and end all sessions; raises Unknown.

    Each call makes another password, and ends the one before.
    """
    staff = Staff.objects.filter(number__iexact=number, kind="person").first()
    if staff is None:
        raise Unknown("person", number)
    password = passwords.first()
    encoded = make_password(password)
    with tx.write():
        staff.password = encoded
        staff.must_change_password = True
        staff.password_until = one_time.until_anew(at)
        staff.save(update_fields=["password", "must_change_password", "password_until"])
        sessions.end_all(staff)
        audit.write("password.reset", f"staff:{staff.number}", by=by, at=at)
    return password


def speak(staff: Staff, language: str) -> None:
    """Remember the language this person reads; a second call changes nothing."""
    if staff.language != language:
        with tx.write():
            Staff.objects.filter(pk=staff.pk).update(language=language)


def found(text: str = "", *, kind: str = "person", after: str = "", limit: int = 200) -> list[Staff]:
    """Return people (or service accounts) by number, with their grants; `text` is part of number or name."""
    rows = Staff.objects.filter(kind=kind, number__gt=after).prefetch_related("grants__role", "grants__team")
    if text.strip():
        rows = rows.filter(Q(number__icontains=text.strip()) | Q(name__icontains=text.strip()))
    return list(rows.order_by("number")[:limit])


def one(number: str) -> Staff | None:
    """Return the person or service account of this number with grants, or None."""
    rows = Staff.objects.prefetch_related("grants__role", "grants__team", "grants__lent_by")
    return rows.filter(number=number).first()
