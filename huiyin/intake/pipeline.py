"""From an Inbound value to a promised case. `think` is pure; `run` writes, many messages in the same few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from huiyin.base.actor import INTAKE, Actor
from huiyin.base.models import Blob
from huiyin.base.personal import mask
from huiyin.base.texts import in_words
from huiyin.cases import bodies, lifecycle, threads
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Promise
from huiyin.channels.inbound import Inbound
from huiyin.channels.models import Account
from huiyin.customers.models import Customer
from huiyin.customers.recognise import Sender, recognise
from huiyin.dispatch import offer
from huiyin.engines import assign, placeholders
from huiyin.engines.reason import Reason
from huiyin.intake.models import InboxItem
from huiyin.rules import decide as deciding
from huiyin.rules.book import Book
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


def think(item: Inbound, book: Book, account: Account, *, at: datetime) -> Thought:
    """Understand one message."""
    zone = account.site.zone if account.site else settings.HUIYIN.time_zone
    understood = understand(book, subject=item.subject, text=item.text, at=item.received_at or at, zone=zone)
    return Thought(book, account, understood)


def run(
    items: Sequence[Inbound], thought: Sequence[Thought], blobs: Sequence[Sequence[Blob]], *, at: datetime
) -> list[Placed]:
    """Add each message to its case, made if need be; return where each went, in order."""
    site = _site()
    customers = recognise(
        [_sender(item, one) for item, one in zip(items, thought, strict=True)], site=site, at=at
    )
    found = threads.find(items)
    results: list[Placed | None] = [None] * len(items)
    drafts = [_draft(i, t, f) for i, t, f in zip(items, thought, blobs, strict=True)]
    new = [i for i, case in enumerate(found) if case is None]
    openings = _openings(new, items, thought, customers, drafts, site, at)
    opened = lifecycle.open_many(openings, thought[0].book, at=at)
    for i, made in zip(new, opened, strict=True):
        results[i] = Placed(made.case, 1, made.promises, made.because)
        if customers[i].blocked_at is not None:
            lifecycle.move(made.case, "void", by=INTAKE, at=at, reason="blocked")
    for i, case in enumerate(found):
        if case is not None:
            lifecycle.receive(case, drafts[i], by=_actor(customers[i]), at=at)
            results[i] = Placed(case, case.entry_seq)
    placed = [result for result in results if result is not None]
    _file(blobs, placed)
    return placed


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
        received_at=row.received_at,
    )


def _openings(
    new: Sequence[int],
    items: Sequence[Inbound],
    thought: Sequence[Thought],
    customers: Sequence[Customer],
    drafts: Sequence[Draft],
    site: Site,
    at: datetime,
) -> list[lifecycle.Opening]:
    decisions = {i: _decision(items[i], thought[i], customers[i]) for i in new}
    teams = {team.code: team for team in Team.objects.all()} if new else {}
    default = next((team for team in teams.values() if team.is_default), None)
    placed = {i: teams.get(decisions[i].team) or default for i in new}
    weights = {i: assign.weight_of(_wire(thought[i].account.kind)) for i in new}
    wanted = [
        offer.Wanted(_present(placed[i]), decisions[i].category, customers[i].level, weights[i]) for i in new
    ]
    choices = offer.choose(wanted, at=at) if wanted else []
    return [
        lifecycle.Opening(
            site=site,
            team=want.team,
            customer=customers[i],
            account=thought[i].account,
            decision=decisions[i],
            emotion=thought[i].understood.emotion.code,
            first=drafts[i],
            title=_title(items[i], thought[i]),
            language=items[i].language or site.language,
            weight=weights[i],
            handler=choice.handler,
            chosen=choice.because,
            by=_actor(customers[i]),
            greeting=_greeting(items[i], thought[i], customers[i], site),
        )
        for i, want, choice in zip(new, wanted, choices, strict=True)
    ]


def _greeting(item: Inbound, one: Thought, customer: Customer, site: Site) -> placeholders.Template | None:
    wording = one.book.wordings.get("greeting")
    if wording is None or customer.blocked_at is not None or one.account.kind == "phone":
        return None
    return placeholders.parse(in_words(wording, item.language or site.language), GREETING_PLACES)


def _present(team: Team | None) -> Team:
    if team is None:
        raise LookupError("no team is marked as the default one; mark one")
    return team


def _decision(item: Inbound, one: Thought, customer: Customer) -> deciding.Decision:
    sender = item.sender
    return deciding.decide(
        one.book,
        one.understood,
        deciding.Circumstances(
            channel=one.account.kind,
            customer_level=customer.level,
            has_contact=bool(sender.phone or sender.email),
            has_phone=bool(sender.phone),
            has_name=bool(sender.name),
            order_no=item.meta.get("order_no", ""),
        ),
    )


def _sender(item: Inbound, one: Thought) -> Sender:
    given = item.sender
    # A channel's own name for somebody is theirs alone on that channel.
    identity = f"{one.account.code}:{given.identity}" if given.identity else ""
    return Sender(given.name, given.phone, given.email, identity)


def _draft(item: Inbound, one: Thought, blobs: Sequence[Blob]) -> Draft:
    text = item.text or item.subject
    offset = len(item.subject) + 1 if item.subject and item.text else 0
    spans = [
        (kind, a - offset, b - offset)
        for kind, a, b in bodies.spans_of(one.understood.extracted)
        if a >= offset
    ]
    files = [{"id": str(blob.uuid), "name": blob.name, "size": blob.size_bytes} for blob in blobs]
    return Draft("message.received", {"channel": one.account.code, "files": files}, text, spans)


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
    return " ".join(shown.split()) or "…"


def _site() -> Site:
    return Site.objects.order_by("id")[0]


def _file(blobs: Sequence[Sequence[Blob]], placed: Sequence[Placed]) -> None:
    pairs = [(blob, one.case) for files, one in zip(blobs, placed, strict=True) for blob in files]
    for blob, case in pairs:
        blob.subject = f"case:{case.number}"
    if pairs:
        Blob.objects.bulk_create([blob for blob, _ in pairs if blob.pk is None])
        Blob.objects.bulk_update([blob for blob, _ in pairs if blob.pk is not None], ["subject"])
