"""Mentions in notes. They never grant access, they ask: the handler or a lead lets somebody in, or does not.

Whom the case is about learns nothing of it: for them a mention leaves no trace at all.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import entries, naming, watching
from huiyin.cases.changing import lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Mention
from huiyin.cases.typed import Invalid
from huiyin.staff.models import Staff
from huiyin.staff.viewer import Viewer

Decision = Literal["let-in", "refuse"]


def record(case: Case, text: str, seq: int, *, by: Actor, at: datetime) -> list[Mention]:
    """Note whom the note with this number names, in its transaction; nobody is asked for twice at a time."""
    people = naming.named(text) if by.kind == "staff" else []
    if not people:
        return []
    about = set(case.about.values_list("pk", flat=True))
    made = []
    for person in people:
        if person.pk in about or person.pk == by.id:
            continue
        state = Mention.SEES if watching.sees(case, person, at=at) else Mention.ASKED
        if (
            state == Mention.ASKED
            and Mention.objects.filter(case=case, staff=person, state=Mention.ASKED).exists()
        ):
            continue
        made.append(Mention(case=case, staff=person, by_id=by.id or 0, seq=seq, state=state, at=at))
    with tx.write():
        Mention.objects.bulk_create(made)
        told = [_told(mention) for mention in made]
        if told:
            entries.append(case, told, by=by, at=at)
    return made


def decide(case: Case, mention: UUID, decision: Decision, *, by: Actor, at: datetime) -> Mention:
    """Let the person in, who then follows the case, or do not. The caller has checked that `by` may decide.

    Raises Mention.DoesNotExist, and Invalid: `mention` (settled), or what `watching.watch` raises.
    """
    with tx.write():
        lock(case, None)
        found = Mention.objects.select_related("staff").get(case=case, uuid=mention)
        if found.state != Mention.ASKED:
            raise Invalid(mention="settled")
        found.state = Mention.LET_IN if decision == "let-in" else Mention.REFUSED
        found.settled_at = at
        found.save(update_fields=["state", "settled_at"])
        if decision == "let-in":
            watching.watch(case, found.staff, by=by, at=at)
        else:
            entries.append(case, [Draft("mention.refused", {"to": found.staff.number})], by=by, at=at)
    return found


def asked(case: Case) -> Sequence[Mention]:
    """Return those who were named and wait to be let in."""
    rows = Mention.objects.filter(case=case, state=Mention.ASKED)
    return list(rows.select_related("staff", "by").order_by("pk"))


def of_case(case: Case) -> Sequence[Mention]:
    """Return everybody who was named in the case, newest first, at most a hundred."""
    return list(Mention.objects.filter(case=case).select_related("staff", "by").order_by("-pk")[:100])


def of_person(staff_id: int, *, seen_by: Viewer | None = None) -> Sequence[Mention]:
    """Return where this person was named, newest first; nothing of cases that are about them.

    Somebody else who asks is told of the cases that they see.
    """
    rows = Mention.objects.filter(staff_id=staff_id).exclude(case__about=staff_id)
    if seen_by is not None:
        rows = rows.filter(case__in=Case.objects.visible_to(seen_by))
    return list(rows.select_related("case", "by").order_by("-pk")[:50])


def forget(case: Case, people: set[int]) -> None:
    """Leave nothing of these people's mentions in the case: it turned out to be about them."""
    Mention.objects.filter(case=case, staff__in=people).delete()


def end_of(person: Staff) -> None:
    """Ask for nobody who leaves."""
    Mention.objects.filter(staff=person, state=Mention.ASKED).delete()


def _told(mention: Mention) -> Draft:
    asks = mention.state == Mention.ASKED
    return Draft("person.mentioned", {"to": mention.staff.number, "note": mention.seq, "asks": asks})
