"""What the rules decide of a message: category, priority, team, what is missing, what is promised, and why."""

from dataclasses import dataclass

from huiyin.engines import classify
from huiyin.engines.reason import Reason
from huiyin.rules.book import Book
from huiyin.rules.models import PromisePolicy
from huiyin.rules.understand import Understood


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known besides the text. `channel` is the kind of wire (form, chat, phone, email, api …)."""

    channel: str
    customer_level: str = "normal"
    earlier_complaint: bool = False
    has_contact: bool = False
    has_phone: bool = False
    has_name: bool = False
    order_no: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    category: str
    priority: str
    team: str
    missing: tuple[str, ...]
    policies: tuple[PromisePolicy, ...]
    because: tuple[Reason, ...]


def decide(book: Book, understood: Understood, known: Circumstances) -> Decision:
    """Return the decision; the same input under the same book gives the same decision."""
    category = understood.category
    urgency = classify.prioritise(
        classify.Signals(
            hits=understood.hits,
            customer_level=known.customer_level,
            earlier_complaint=known.earlier_complaint,
            emotion=understood.emotion.code,
            burst=False,
        ),
        category=category,
        defaults=book.default_priorities,
    )
    lineage = _lineage(book, category)
    team = next(
        (book.categories[c].team for c in lineage if c in book.categories and book.categories[c].team), ""
    )
    return Decision(
        category=category,
        priority=urgency.priority,
        team=team,
        missing=_missing(needs_of(book, category), understood, known),
        policies=applicable(book, channel=known.channel, category=category, priority=urgency.priority),
        because=(*understood.because, *_heard(understood), *urgency.because),
    )


def applicable(
    book: Book, *, channel: str, category: str, priority: str, opens: str = "case"
) -> tuple[PromisePolicy, ...]:
    """Return every promise policy that applies when `opens` happens, by their codes; all of them run side by side."""
    lineage = set(_lineage(book, category))
    return tuple(
        policy
        for policy in book.policies
        if policy.opens == opens
        and (not policy.channels or channel in policy.channels)
        and (not policy.categories or lineage & set(policy.categories))
        and not lineage & set(policy.not_categories)
        and (not policy.priorities or priority in policy.priorities)
    )


def needs_of(book: Book, category: str) -> list[str]:
    """Return what a case of this category must have, its own needs first."""
    lineage = _lineage(book, category)
    needs = [need for code in lineage if code in book.categories for need in book.categories[code].needs]
    return list(dict.fromkeys(needs))


def _lineage(book: Book, category: str) -> list[str]:
    line = [category]
    while parent := book.parents.get(line[-1]):
        line.append(parent)
    return line


def _missing(needs: list[str], understood: Understood, known: Circumstances) -> tuple[str, ...]:
    found = understood.extracted
    have = {
        "contact": known.has_contact or bool(found.phones or found.emails),
        "phone": known.has_phone or bool(found.phones),
        "name": known.has_name or bool(found.names),
        "order_number": bool(known.order_no or found.order_numbers),
    }
    return tuple(need for need in needs if not have[need])


def _heard(understood: Understood) -> tuple[Reason, ...]:
    return understood.emotion.because if understood.emotion.is_upset else ()
