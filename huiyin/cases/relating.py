"""Cases that belong together: links between any two, and a parent with its children (one outage, many cases)."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import entries
from huiyin.cases.changing import change, lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, CaseLink
from huiyin.cases.typed import checked

CHILDREN_LIMIT = 5000


class CannotRelate(Exception):
    """These two cannot be put together. `code`: same, has_children, has_parent, void, not_related."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def link(one: Case, two: Case, *, by: Actor, at: datetime) -> None:
    """Note on both cases that they belong together; a second call changes nothing. Raises CannotRelate.

    Nothing is tied to a void case: it stands for no matter any more.
    """
    if one.pk == two.pk:
        raise CannotRelate("same")
    first, second = sorted((one, two), key=lambda case: case.pk)
    with tx.write():
        lock(first, None)
        if Case.objects.filter(pk__in=(one.pk, two.pk), status=Case.VOID).exists():
            raise CannotRelate("void")
        _, made = CaseLink.objects.get_or_create(one=first, two=second, kind="related", defaults={"at": at})
        if made:
            entries.append(one, [Draft("case.linked", {"number": two.number})], by=by, at=at)
            entries.append(two, [Draft("case.linked", {"number": one.number})], by=by, at=at)


def unlink(one: Case, two: Case, *, by: Actor, at: datetime) -> None:
    """Take the link away again. Raises CannotRelate when there is none."""
    first, second = sorted((one, two), key=lambda case: case.pk)
    with tx.write():
        lock(first, None)
        gone, _ = CaseLink.objects.filter(one=first, two=second, kind="related").delete()
        if not gone:
            raise CannotRelate("not_related")
        entries.append(one, [Draft("case.unlinked", {"number": two.number})], by=by, at=at)
        entries.append(two, [Draft("case.unlinked", {"number": one.number})], by=by, at=at)


def put_under(child: Case, parent: Case, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """Make `child` one of the parent's children; one level only. Raises CannotRelate or Stale."""
    if child.pk == parent.pk:
        raise CannotRelate("same")
    with tx.write():
        first, second = sorted((child, parent), key=lambda case: case.pk)
        locked = {case.pk: lock(case, version if case is child else None) for case in (first, second)}
        if locked[parent.pk].parent_id is not None:
            raise CannotRelate("has_parent")
        if child.children.exists():
            raise CannotRelate("has_children")
        if Case.VOID in (locked[child.pk].status, locked[parent.pk].status):
            raise CannotRelate("void")
        if locked[child.pk].parent_id == parent.pk:
            return child
        change(child, locked[child.pk], {"parent_id": parent.pk}, at=at)
        entries.append(child, [Draft("case.put_under", {"number": parent.number})], by=by, at=at)
        entries.append(parent, [Draft("child.added", {"number": child.number})], by=by, at=at)
    return child


def take_out(child: Case, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """Let a child stand alone again; harmless when it does. Raises Stale."""
    with tx.write():
        locked = lock(child, version)
        parent = locked.parent
        if parent is not None:
            change(child, locked, {"parent_id": None}, at=at)
            entries.append(child, [Draft("case.taken_out", {"number": parent.number})], by=by, at=at)
            entries.append(parent, [Draft("child.removed", {"number": child.number})], by=by, at=at)
    return child


def answer_all(parent: Case, text: str, *, resolve: bool, by: Actor, at: datetime) -> Sequence[str]:
    """Answer the parent's open children with one text, and resolve them if asked; return their numbers.

    The children are answered by tasks, one each, so that a stop in between loses none and doubles none.
    Raises Invalid for an empty text, CannotRelate when no child is open or the parent is void.
    """
    text = checked(text)
    with tx.write():
        if lock(parent, None).status == Case.VOID:
            raise CannotRelate("void")
        children = list(
            parent.children.in_work().order_by("id").values_list("number", flat=True)[:CHILDREN_LIMIT]
        )
        if not children:
            raise CannotRelate("no_children")
        payload = {"numbers": children, "resolve": resolve}
        entries.append(parent, [Draft("children.answered", payload, text)], by=by, at=at)
    return children


def of(case: Case) -> set[int]:
    """Return the rows of the cases that this one is linked to or split from."""
    rows = CaseLink.objects.filter(Q(one=case) | Q(two=case)).values_list("one_id", "two_id")
    return {pk for pair in rows for pk in pair} - {case.pk}
