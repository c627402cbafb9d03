"""From an Inbound value to a promised case. `think` is pure; `run` writes, many messages in the same few statements."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from huiyin.base.actor import Actor
from huiyin.base.direction import unturned
from huiyin.base.models import Blob
from huiyin.base.personal import mask
from huiyin.base.texts import in_words
from huiyin.cases import again, attached, bodies, lifecycle, threads
from huiyin.cases.contacts import Arrival
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Contact, Promise
from huiyin.channels.inbound import Inbound
from huiyin.channels.models import Account
from huiyin.customers.models import Customer
from huiyin.customers.recognise import Sender, recognise
from huiyin.dispatch import offer
from huiyin.engines import assign, placeholders
from huiyin.engines.reason import Reason
from huiyin.intake import house
from huiyin.intake.models import InboxItem
from huiyin.rules import decide as deciding
from huiyin.rules.book import Book
from huiyin.rules.need import understand_need
from huiyin.rules.understand import Understood, understand
from huiyin.staff.models import Site, Team

GREETING_PLACES = ("case.number",)


@dataclass(frozen=True, slots=True)
class Thought:
    """What could be worked out before the transaction: nothing here needed the database but the rule book."""

    book: Book
    account: Account
    understood: Understood


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a message went: its case, the number of its entry, and the promises of a case that was opened for it."""

    case: Case
    seq: int
    promises: tuple[Promise, ...] = ()
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Aside:
    """A message of a blocked customer: it opens nothing and is kept for who may release it."""

    customer: Customer
    team: Team
    category: str


@dataclass(frozen=True, slots=True)
class _Message:
    """One message with all that is known of it inside the transaction; `site` is the one it was written to."""

    item: Inbound
    thought: Thought
    customer: Customer
    site: Site
    draft: Draft


@dataclass(frozen=True, slots=True)
class _Decided:
    decision: deciding.Decision
    team: Team


def think(item: Inbound, book: Book, account: Account, *, at: datetime) -> Thought:
    """Understand one message."""
    zone = account.site.zone if account.site else settings.HUIYIN.time_zone
    understood = understand(book, subject=item.subject, text=item.text, at=item.received_at or at, zone=zone)
    return Thought(book, account, understand_need(understood, item.sender.need, book))


def run(
    items: Sequence[Inbound],
    thought: Sequence[Thought],
    blobs: Sequence[Sequence[Blob]],
    *,
    at: datetime,
    released: bool = False,
) -> list[Placed | Aside]:
    """Add each message to its case, made if need be; return where each went, in order.

    What a blocked customer writes joins a case of theirs that is open; otherwise it stays aside, unless `released`.
    """
    customers = _customers(items, thought, at)
    messages = [
        _Message(item, one, *known, _draft(item, one, files))
        for item, one, known, files in zip(items, thought, customers, blobs, strict=True)
    ]
    found = threads.find(items, at=at)
    results: list[Placed | Aside | None] = [None] * len(items)
    joined = [case if case is not None and case.is_open else None for case in found]
    unplaced = [i for i, case in enumerate(joined) if case is None]
    new = []
    for i, decided in zip(unplaced, _decided([messages[i] for i in unplaced]), strict=True):
        if customers[i][0].blocked_at is not None and not released:
            results[i] = Aside(customers[i][0], decided.team, decided.decision.category)
        else:
            new.append((i, decided))
    openings = _openings([(messages[i], decided) for i, decided in new], at)
    openings = [replace(one, follows=found[i]) for (i, _), one in zip(new, openings, strict=True)]
    for (i, _), made in zip(new, lifecycle.open_many(openings, thought[0].book, at=at), strict=True):
        results[i] = Placed(made.case, 1, made.promises, made.because)
        if (before := found[i]) is not None:
            again.tell_both(before, made.case, by=_actor(customers[i][0]), at=at)
    for i, case in enumerate(joined):
        if case is not None:
            results[i] = _received(case, messages[i], at)
    in_order = [result for result in results if result is not None]
    _file(blobs, in_order)
    return in_order


def _received(case: Case, message: _Message, at: datetime) -> Placed:
    by, emotion, given = _actor(message.customer), message.thought.understood.emotion, _given(message.item)
    entry = lifecycle.receive(
        case, message.draft, by=by, at=at, emotion=emotion, given=given, arrival=_arrival(message)
    )
    return Placed(case, entry.seq)


def from_content(row: InboxItem) -> Inbound:
    """Return the message that an inbox row holds (its files stay where they are)."""
    content = row.content
    return Inbound(
        channel=row.account.code,
        external_id=row.external_id,
        sender=Sender(**content["sender"]),
        subject=content["subject"],
        text=content["text"],
        meta=content["meta"],
        thread_case=content["thread_case"],
        thread_ids=tuple(content["thread_ids"]),
        language=content["language"],
        thread_session=content.get("thread_session", ""),
        received_at=row.received_at,
    )


def _customers(
    items: Sequence[Inbound], thought: Sequence[Thought], at: datetime
) -> list[tuple[Customer, Site]]:
    """Return who wrote each message, and the site that they wrote to: the account's own, else the first one."""
    home = house.site()
    sites = [one.account.site or home for one in thought]
    senders = [_sender(item, one) for item, one in zip(items, thought, strict=True)]
    return list(zip(recognise(senders, sites=sites, at=at), sites, strict=True))


def _decided(messages: Sequence[_Message]) -> list[_Decided]:
    decisions = [_decision(one) for one in messages]
    teams = {code: house.team(code) for code in {decision.team for decision in decisions}}
    return [_Decided(decision, teams[decision.team]) for decision in decisions]


def _openings(new: Sequence[tuple[_Message, _Decided]], at: datetime) -> list[lifecycle.Opening]:
    weights = [assign.weight_of(_wire(one.thought.account.kind)) for one, _ in new]
    wanted = [
        offer.Wanted(decided.team, one.site.pk, decided.decision.category, one.customer.level, weight)
        for (one, decided), weight in zip(new, weights, strict=True)
    ]
    choices = offer.choose(wanted, at=at) if wanted else []
    return [
        lifecycle.Opening(
            site=one.site,
            team=decided.team,
            customer=one.customer,
            account=one.thought.account,
            decision=decided.decision,
            emotion=one.thought.understood.emotion.code,
            first=one.draft,
            title=_title(one.item, one.thought),
            language=one.item.language or one.site.language,
            weight=weight,
            handler=choice.handler,
            chosen=choice.because,
            by=_actor(one.customer),
            greeting=_greeting(one),
            arrival=_arrival(one),
        )
        for (one, decided), weight, choice in zip(new, weights, choices, strict=True)
    ]


def _arrival(one: _Message) -> Arrival | None:
    account = one.thought.account
    if account.kind not in Contact.LIVE:
        return None
    # A message of the telephone system is a call of its own, unless it says of which call it tells.
    session = one.item.thread_session or (one.item.external_id if account.kind == "phone" else "")
    return Arrival(account.code, account.kind, session, _greeting(one))


def _greeting(one: _Message) -> placeholders.Template | None:
    wording = one.thought.book.wordings.get("greeting")
    if wording is None or one.thought.account.kind == "phone":
        return None
    return placeholders.parse(in_words(wording, one.item.language or one.site.language), GREETING_PLACES)


def _decision(one: _Message) -> deciding.Decision:
    sender = one.item.sender
    return deciding.decide(
        one.thought.book,
        one.thought.understood,
        deciding.Circumstances(
            channel=one.thought.account.kind,
            customer_level=one.customer.level,
            has_contact=bool(sender.phone or sender.email),
            has_phone=bool(sender.phone),
            has_name=bool(sender.name),
            order_no=one.item.meta.get("order_no", ""),
        ),
    )


def _given(item: Inbound) -> set[str]:
    """Return what comes beside the words, of what a case may need."""
    sender = item.sender
    have = {
        "contact": sender.phone or sender.email,
        "phone": sender.phone,
        "name": sender.name,
        "order_number": item.meta.get("order_no", ""),
    }
    return {need for need, value in have.items() if value}


def _sender(item: Inbound, one: Thought) -> Sender:
    given = item.sender
    # A channel's own name for somebody is theirs alone on that channel.
    identity = f"{one.account.code}:{given.identity}" if given.identity else ""
    # What brings them is what was understood of their first message, their own choice included.
    return replace(given, identity=identity, need=one.understood.category)


def _draft(item: Inbound, one: Thought, blobs: Sequence[Blob]) -> Draft:
    text = item.text or item.subject
    offset = len(item.subject) + 1 if item.subject and item.text else 0
    spans = [
        (kind, a - offset, b - offset)
        for kind, a, b in bodies.spans_of(one.understood.extracted)
        if a >= offset
    ]
    files = {"files": attached.told(blobs)}
    return Draft("message.received", {"channel": one.account.code, **files}, text, spans)


def _actor(customer: Customer) -> Actor:
    return Actor("customer", customer.number, customer.pk)


def _wire(kind: str) -> str:
    return {"phone": "call", "chat": "chat"}.get(kind, "other")


def _title(item: Inbound, one: Thought) -> str:
    # Titles stand in lists and notices, so they never hold a whole personal value.
    whole = f"{item.subject}\n{item.text}" if item.subject else item.text
    for kind, start, end in reversed(bodies.spans_of(one.understood.extracted)):
        whole = whole[:start] + mask(kind, whole[start:end]) + whole[end:]
    shown = whole.partition("\n")[0] if item.subject else whole
    return " ".join(unturned(shown).split()) or "…"


def _file(blobs: Sequence[Sequence[Blob]], placed: Sequence[Placed | Aside]) -> None:
    pairs = [
        (blob, one.case)
        for files, one in zip(blobs, placed, strict=True)
        if isinstance(one, Placed)
        for blob in files
    ]
    for blob, case in pairs:
        blob.subject = f"case:{case.number}"
    if pairs:
        Blob.objects.bulk_create([blob for blob, _ in pairs if blob.pk is None])
        Blob.objects.bulk_update([blob for blob, _ in pairs if blob.pk is not None], ["subject"])
