"""A case that nobody wrote to us: a colleague or another system opens it, through the same rules and promises."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import contacts, lifecycle, passing, promises, titles
from huiyin.cases.contacts import Arrival
from huiyin.cases.entries import Draft
from huiyin.cases.models import PRIORITY_RANK, AgentLoad
from huiyin.cases.opening import TITLE_CHARS, Opened, Opening
from huiyin.cases.typed import Invalid, checked
from huiyin.channels.models import Account
from huiyin.customers.models import Customer
from huiyin.customers.recognise import Sender, recognise
from huiyin.dispatch import offer
from huiyin.engines import assign
from huiyin.engines.reason import Reason
from huiyin.rules import book as rulebook
from huiyin.rules import decide as deciding
from huiyin.rules.book import Book
from huiyin.rules.understand import understand
from huiyin.staff import teams
from huiyin.staff.models import Site, Staff, Team

CHANNEL = "manual"
# On these wires what we write reaches nobody by itself: the first words are a note on what is to be done.
SPOKEN = ("manual", "phone")


@dataclass(frozen=True, slots=True)
class ByHand:
    """What is known of the case. `category`, `priority`, `team` and `title` empty: they are understood from the text.

    `customer` None: `sender` says who it is. `handler` None queues it. `is_outbound`: we begin, so nothing is owed as
    an answer; on a written channel the text is sent to the customer.
    """

    text: str
    account: Account
    customer: Customer | None = None
    sender: Sender = field(default_factory=Sender)
    title: str = ""
    category: str = ""
    priority: str = ""
    order_no: str = ""
    language: str = ""
    site: Site | None = None
    team: Team | None = None
    handler: Staff | None = None
    is_outbound: bool = False


def places(*, channel: str, site: str = "", team: str = "", handler: str = "") -> dict[str, Any]:
    """Return what these codes and this employee number stand for, as `ByHand` takes them. Raises Invalid by field."""
    rows = {
        "account": Account.objects.filter(code=channel, retired_at=None).select_related("site").first(),
        "site": Site.objects.filter(code=site).first() if site else None,
        "team": Team.objects.filter(code=team, retired_at=None).first() if team else None,
        "handler": Staff.objects.filter(number=handler, kind="person").first() if handler else None,
    }
    asked = {"account": channel or "-", "site": site, "team": team, "handler": handler}
    wrong = {name for name, row in rows.items() if asked[name] and row is None}
    if wrong:
        raise Invalid(**{"channel" if name == "account" else name: "unknown" for name in wrong})
    return rows


def channels() -> list[Account]:
    """Return the accounts on which a case can be opened, the one for no wire first."""
    known = Account.objects.filter(retired_at=None).order_by("code")
    return sorted(known, key=lambda account: account.kind != CHANNEL)


def open_case(wanted: ByHand, *, by: Actor, at: datetime) -> Opened:
    """Open the case with its promises, procedure and reasons; each call opens another.

    A person who opens it is the first asked and its owner, and works on it at once where they are the handler.
    Raises Invalid naming each field; then nothing was written.
    """
    text = checked(wanted.text)
    book = rulebook.current()
    _refuse_unknown(wanted, book)
    title = titles.typed(wanted.title, at=at) if wanted.title.strip() else ""
    with tx.write():
        site = wanted.site or wanted.account.site or Site.objects.order_by("id")[0]
        customer = wanted.customer or recognise([_sender(wanted, book)], sites=[site], at=at)[0]
        owner = Staff.objects.filter(number=by.ref, kind="person").first() if by.kind == "staff" else None
        opening = _opening(wanted, text, title, book, site=site, customer=customer, by=by, at=at)
        (opened,) = lifecycle.open_many([replace(opening, owner=owner)], book, at=at)
        if wanted.account.kind in SPOKEN and not wanted.is_outbound:
            contacts.answer(opened.case, by=by, at=at)
            promises.keep(opened.case, ["first_reply"], by=by, at=at)  # they were spoken with
        if owner is not None and wanted.handler == owner:
            lifecycle.move(opened.case, "accept", by=by, at=at)
    return opened


def _refuse_unknown(wanted: ByHand, book: Book) -> None:
    wrong = {}
    if wanted.category and wanted.category not in book.categories:
        wrong["category"] = "unknown"
    if wanted.priority and wanted.priority not in PRIORITY_RANK:
        wrong["priority"] = "unknown"
    if wanted.customer is None and not (wanted.sender.name.strip() or wanted.sender.known_by()):
        wrong["customer"] = "missing"
    if wrong:
        raise Invalid(**wrong)


def _sender(wanted: ByHand, book: Book) -> Sender:
    need = wanted.category or (wanted.sender.need if wanted.sender.need in book.categories else "")
    identity = f"{wanted.account.code}:{wanted.sender.identity}" if wanted.sender.identity else ""
    return replace(wanted.sender, identity=identity, need=need)


def _opening(
    wanted: ByHand,
    text: str,
    title: str,
    book: Book,
    *,
    site: Site,
    customer: Customer,
    by: Actor,
    at: datetime,
) -> Opening:
    understood = understand(book, subject=title, text=text, at=at, zone=site.zone)
    if wanted.category:
        understood = replace(understood, category=wanted.category, because=())
    decision = _decision(wanted, deciding.decide(book, understood, _known(wanted, customer)), book)
    team = wanted.team or _team(decision.team)
    weight = assign.OTHER_WEIGHT  # whoever writes a case down is on no line with the customer
    asked = offer.Wanted(team, site.pk, decision.category, customer.level, weight)
    choice = _named(wanted.handler, asked, at) if wanted.handler else offer.choose([asked], at=at)[0]
    return Opening(
        site=site,
        team=team,
        customer=customer,
        account=wanted.account,
        decision=decision,
        emotion=understood.emotion.code,
        first=_first(wanted, text),
        title=title or titles.of_text(text, at=at, chars=TITLE_CHARS),
        language=wanted.language or site.language,
        weight=weight,
        handler=choice.handler,
        chosen=choice.because,
        by=by if wanted.is_outbound else Actor("customer", customer.number, customer.pk),
        opened_by=by,
        is_outbound=wanted.is_outbound,
        arrival=None if wanted.is_outbound else _call(wanted.account),
    )


def _call(account: Account) -> Arrival | None:
    return Arrival(account.code, account.kind) if account.kind == "phone" else None


def _named(handler: Staff, asked: offer.Wanted, at: datetime) -> offer.Choice:
    passing.refuse_unable(
        handler, asked.team, site=asked.site, category=asked.category, at=at, field="handler"
    )
    AgentLoad.objects.get_or_create(staff=handler)
    return offer.Choice(handler, ())


def _known(wanted: ByHand, customer: Customer) -> deciding.Circumstances:
    kinds = set(customer.identities.values_list("kind", flat=True))
    return deciding.Circumstances(
        channel=wanted.account.kind,
        customer_level=customer.level,
        has_contact=bool(kinds & {"phone", "email"}),
        has_phone="phone" in kinds,
        has_name=bool(str(customer.name)),
        order_no=wanted.order_no,
    )


def _decision(wanted: ByHand, decision: deciding.Decision, book: Book) -> deciding.Decision:
    policies, because = decision.policies, decision.because
    if wanted.priority and wanted.priority != decision.priority:
        policies = deciding.applicable(
            book, channel=wanted.account.kind, category=decision.category, priority=wanted.priority
        )
        decision = replace(decision, priority=wanted.priority)
    # Whoever is spoken with needs no greeting; what we begin ourselves asks for no answer of ours.
    left_out = lifecycle.FIRST_ANSWERS if wanted.is_outbound else ("greeting",)
    kept = tuple(policy for policy in policies if policy.kind not in left_out)
    by_hand = (Reason("set_by_hand"),) if wanted.category or wanted.priority else ()
    return replace(decision, policies=kept, because=(*because, *by_hand))


def _team(code: str) -> Team:
    return teams.by_name().get(code) or Team.objects.get(is_default=True)


def _first(wanted: ByHand, text: str) -> Draft:
    code = wanted.account.code
    if not wanted.is_outbound:
        return Draft("message.received", {"channel": code, "files": []}, text)
    if wanted.account.kind in SPOKEN:
        return Draft("note.added", {"client_id": "", "files": []}, text)
    return Draft("message.sent", {"channel": code, "client_id": "", "files": []}, text)
