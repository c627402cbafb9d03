"""What a wire tells of its calls and chat sessions: answered, ended, or over before anybody was served."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from huiyin.base import facts, tx
from huiyin.base.actor import Actor
from huiyin.cases import contacts, entries, promises
from huiyin.cases.changing import lock
from huiyin.cases.models import Case, Contact, Promise
from huiyin.cases.typed import Invalid
from huiyin.channels.models import Account
from huiyin.staff.models import Staff, Team


@dataclass(frozen=True, slots=True)
class Unserved:
    """A call or session of which no case came. `queue` is the team's code, empty when it reached none.

    `outcome` is `abandoned` or `wrong`.
    """

    channel: str
    session: str
    offered_at: datetime
    ended_at: datetime
    outcome: str
    queue: str = ""


class HasCase(Exception):
    """This call or session belongs to a case: it is ended there."""


def register(unserved: Unserved, *, by: Actor, at: datetime) -> tuple[Contact, bool]:
    """Record a contact without a case; return it and whether it is new. A second call makes no second one.

    Raises Invalid (`channel`: unknown, not_live; `queue`: unknown; `ended_at`: before_offered, not_yet) and HasCase.
    """
    account, team = _places(unserved)
    if unserved.ended_at < unserved.offered_at:
        raise Invalid(ended_at="before_offered")
    if unserved.ended_at > at:
        raise Invalid(ended_at="not_yet")
    session = contacts.digest(account.code, unserved.session)
    with tx.write():
        if Contact.objects.filter(channel=account.code, session=session).exclude(case=None).exists():
            raise HasCase
        contact, made = Contact.objects.get_or_create(
            case=None,
            channel=account.code,
            session=session,
            defaults={
                "channel_kind": account.kind,
                "queue": team,
                "offered_at": unserved.offered_at,
                "ended_at": unserved.ended_at,
                "outcome": unserved.outcome,
            },
        )
        if made:
            facts.record(
                "contact.unserved",
                f"contact:{contact.uuid}",
                by=by,
                at=at,
                channel=account.kind,
                outcome=unserved.outcome,
            )
    return contact, made


def running(channel: str, session: str) -> Contact | None:
    """Return the contact of a case that the wire knows by this name and that has not ended, the newest of them."""
    named = Contact.objects.filter(channel=channel, session=contacts.digest(channel, session), ended_at=None)
    return named.exclude(case=None).select_related("case").order_by("-pk").first()


def pick_up(contact: Contact, person: Staff | None, *, by: Actor, at: datetime) -> Contact:
    """Record that somebody answered this call, which keeps what is owed to it; a second call changes nothing."""
    with tx.write():
        case, now = _locked(contact)
        if now.answered_at is not None or now.ended_at is not None:
            return now
        now.answered_at, now.person = at, person
        now.save(update_fields=["answered_at", "person"])
        entries.append(case, [contacts.told("answered", now)], by=by, at=at)
        for holder, owed in _owed_to(now):
            promises.keep_these(holder, owed, by=by, at=at)
    return now


def end(contact: Contact, outcome: str = "", *, by: Actor, at: datetime) -> Contact:
    """End a call or session; a second call changes nothing. What it was owed and did not get is owed no more.

    Without an outcome it is `answered` if somebody did, else `abandoned`.
    """
    with tx.write():
        case, now = _locked(contact)
        if now.ended_at is not None:
            return now
        now.ended_at = at
        now.outcome = outcome or (Contact.ANSWERED if now.answered_at else Contact.ABANDONED)
        now.save(update_fields=["ended_at", "outcome"])
        entries.append(case, [contacts.told("ended", now, outcome=now.outcome)], by=by, at=at)
        for holder, owed in _owed_to(now):
            promises.cancel_these(holder, owed, cause=now.outcome, by=by, at=at)
    return now


def _places(unserved: Unserved) -> tuple[Account, Team | None]:
    account = Account.objects.filter(code=unserved.channel, retired_at=None).first()
    if account is None:
        raise Invalid(channel="unknown")
    if account.kind not in Contact.LIVE:
        raise Invalid(channel="not_live")
    team = Team.objects.filter(code=unserved.queue, retired_at=None).first() if unserved.queue else None
    if unserved.queue and team is None:
        raise Invalid(queue="unknown")
    return account, team


def _locked(contact: Contact) -> tuple[Case, Contact]:
    assert contact.case is not None
    case = lock(contact.case, None)
    now = Contact.objects.get(pk=contact.pk)
    now.case = case
    return case, now


def _owed_to(contact: Contact) -> Iterator[tuple[Case, list[Promise]]]:
    """Yield what is owed to it with the case that owes it: after a merge the other one."""
    owed = Promise.objects.filter(promises.OWED, contact=contact).select_related("case").order_by("pk")
    holders: dict[Case, list[Promise]] = {}
    for promise in owed:
        holders.setdefault(promise.case, []).append(promise)
    yield from holders.items()
