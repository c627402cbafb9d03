"""A case without a customer: what a colleague noticed when they used the product or the platform themselves."""

from dataclasses import dataclass, replace
from datetime import datetime

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import lifecycle, passing, titles
from huiyin.cases.entries import Draft
from huiyin.cases.models import OBSERVATION, PRIORITY_RANK, AgentLoad
from huiyin.cases.opening import TITLE_CHARS, Opened, Opening
from huiyin.cases.typed import Invalid, checked
from huiyin.dispatch import offer
from huiyin.engines import assign
from huiyin.engines.reason import Reason
from huiyin.rules import book as rulebook
from huiyin.rules import decide as deciding
from huiyin.rules.book import Book
from huiyin.rules.understand import Understood, understand
from huiyin.staff import teams
from huiyin.staff import viewer as viewers
from huiyin.staff.models import Site, Staff, Team

CHANNEL = "manual"


@dataclass(frozen=True, slots=True)
class Observed:
    """What was noticed, by whom. `category` empty: the understood one, else the only one that allows it.

    `handler` None queues it; `team` None: as the category says.
    """

    text: str
    reporter: Staff
    title: str = ""
    category: str = ""
    priority: str = ""
    site: Site | None = None
    team: Team | None = None
    handler: Staff | None = None


def reporter(number: str, *, at: datetime) -> Staff:
    """Return the colleague of this employee number. Raises Invalid (`observed_by`) for who reads no cases."""
    person = Staff.objects.filter(number=number, kind="person", is_active=True).first()
    if person is None or not viewers.of(person, at=at).may("case.read"):
        raise Invalid(observed_by="unknown")
    return person


def open_case(wanted: Observed, *, by: Actor, at: datetime) -> Opened:
    """Open a task of the kind `observation` that goes through the procedure of its category; each call opens another.

    Its owner is the reporter, who sees it until it is closed and is told when it ends. Nobody is greeted, answered or
    called back. Raises Invalid naming each field (`category`: needs_customer); then nothing was written.
    """
    text = checked(wanted.text)
    title = titles.typed(wanted.title, at=at) if wanted.title.strip() else ""
    book = rulebook.current()
    site = wanted.site or (wanted.team.site if wanted.team else Site.objects.order_by("id")[0])
    understood = understand(book, subject=title, text=text, at=at, zone=site.zone)
    if wanted.priority and wanted.priority not in PRIORITY_RANK:
        raise Invalid(priority="unknown")
    understood = replace(understood, category=_category(wanted.category, understood, book))
    with tx.write():
        opening = _opening(wanted, text, title, understood, book, site=site, by=by, at=at)
        (opened,) = lifecycle.open_many([opening], book, at=at)
        if wanted.handler == wanted.reporter and by.id == wanted.reporter.pk:
            lifecycle.move(opened.case, "accept", by=by, at=at)
    return opened


def categories(book: Book) -> list[str]:
    """Return the codes of the categories in which a case needs no customer."""
    return [code for code in book.categories if book.takes_observations(code)]


def _category(wanted: str, understood: Understood, book: Book) -> str:
    if wanted:
        if wanted not in book.categories:
            raise Invalid(category="unknown")
        if not book.takes_observations(wanted):
            raise Invalid(category="needs_customer")
        return wanted
    allowed = categories(book)
    if understood.category in allowed or len(allowed) == 1:
        return understood.category if understood.category in allowed else allowed[0]
    raise Invalid(category="needs_customer")


def _opening(
    wanted: Observed,
    text: str,
    title: str,
    understood: Understood,
    book: Book,
    *,
    site: Site,
    by: Actor,
    at: datetime,
) -> Opening:
    decision = _decision(wanted, understood, book)
    team = wanted.team or teams.by_name().get(decision.team) or Team.objects.get(is_default=True)
    asked = offer.Wanted(team, site.pk, decision.category, "normal", assign.OTHER_WEIGHT)
    if wanted.handler is None:
        choice = offer.choose([asked], at=at)[0]
    else:
        passing.refuse_unable(
            wanted.handler, team, site=site.pk, category=decision.category, at=at, field="handler"
        )
        AgentLoad.objects.get_or_create(staff=wanted.handler)
        choice = offer.Choice(wanted.handler, ())
    person = wanted.reporter
    return Opening(
        kind=OBSERVATION,
        family="task",
        site=site,
        team=team,
        customer=None,
        account=None,
        decision=decision,
        emotion="calm",
        first=Draft("note.added", {"client_id": "", "files": []}, text),
        title=title or titles.of_text(text, at=at, chars=TITLE_CHARS),
        language=site.language,
        weight=assign.OTHER_WEIGHT,
        handler=choice.handler,
        chosen=choice.because,
        by=Actor("staff", person.number, person.pk),
        opened_by=by,
        owner=person,
    )


def _decision(wanted: Observed, understood: Understood, book: Book) -> deciding.Decision:
    nobody = deciding.Circumstances(channel=CHANNEL, customer_level="normal", has_contact=True)
    decision = deciding.decide(book, understood, nobody)
    priority = wanted.priority or decision.priority
    policies = deciding.applicable(book, channel=CHANNEL, category=decision.category, priority=priority)
    kept = tuple(policy for policy in policies if policy.kind not in lifecycle.FIRST_ANSWERS)
    because = (
        (*decision.because, Reason("set_by_hand")) if wanted.category or wanted.priority else decision.because
    )
    return replace(decision, priority=priority, policies=kept, because=because, missing=())
