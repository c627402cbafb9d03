"""Making people and giving them roles. Each act leaves an audit row in its own transaction."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.hashers import make_password

from huiyin.base import audit, tx
from huiyin.base.actor import Actor
from huiyin.staff import passwords, sessions
from huiyin.staff.models import Grant, Role, Staff, Team


class NumberTaken(Exception):
    """Somebody has this employee number."""


class Unknown(Exception):
    """No person, role or team of this name."""


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
    """Create a person with one role; return them and the one-time password that must be changed at first sign-in."""
    if Staff.objects.filter(number__iexact=number).exists():
        raise NumberTaken(number)
    password = passwords.first()
    with tx.write():
        staff = Staff.objects.create(
            number=number,
            name=name,
            seniority=seniority,
            language=language,
            password=make_password(password),
            joined_at=at,
        )
        audit.write("staff.joined", f"staff:{number}", by=by, at=at)
        grant(staff, role=role, team=team, by=by, at=at)
    return staff, password


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
    staff: Staff, *, role: str, team: str | None, by: Actor, at: datetime, categories: Iterable[str] = ()
) -> Grant:
    """Give a role; giving the same again changes its categories. Raises Unknown."""
    try:
        found_role = Role.objects.get(code=role)
        found_team = Team.objects.get(code=team) if team else None
    except (Role.DoesNotExist, Team.DoesNotExist):
        raise Unknown(f"no role {role!r} or no team {team!r}") from None
    with tx.write():
        given, _ = Grant.objects.update_or_create(
            staff=staff, role=found_role, team=found_team, defaults={"categories": list(categories)}
        )
        audit.write(
            "grant.given", f"staff:{staff.number}", by=by, at=at, fields=[f"role:{role}", f"team:{team}"]
        )
    return given


def set_password(staff: Staff, password: str, *, by: Actor, at: datetime) -> None:
    """Store the person's own new password and end their other sessions."""
    with tx.write():
        staff.password = make_password(password)
        staff.must_change_password = False
        staff.save(update_fields=["password", "must_change_password"])
        sessions.end_all(staff)
        audit.write("password.changed", f"staff:{staff.number}", by=by, at=at)


def reset_password(number: str, *, by: Actor, at: datetime) -> str:
    """Give a new one-time password and end all sessions; raises Unknown. Each call makes another password."""
    staff = Staff.objects.filter(number__iexact=number, kind="person").first()
    if staff is None:
        raise Unknown(f"no person {number!r}")
    password = passwords.first()
    with tx.write():
        staff.password = make_password(password)
        staff.must_change_password = True
        staff.save(update_fields=["password", "must_change_password"])
        sessions.end_all(staff)
        audit.write("password.reset", f"staff:{staff.number}", by=by, at=at)
    return password


def speak(staff: Staff, language: str) -> None:
    """Remember the language this person reads; a second call changes nothing."""
    if staff.language != language:
        with tx.write():
            Staff.objects.filter(pk=staff.pk).update(language=language)
