"""Telling what the clock did: one by one as a rule, in one notice a person when it is a flood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from huiyin.base import announce, tx
from huiyin.notices.models import Notice

KIND = "promises.digest"
GATHERS = timedelta(minutes=10)
_PARTS = {"promise.broken": "broken", "promise.warned": "warned", "case.escalated": "escalated"}


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that one person should know; `cause` is the entry that says it, `due` in ISO 8601."""

    staff_id: int
    kind: str
    case_number: str
    cause: str
    promise: str
    due: str


def tell_due(told: Sequence[Due], counts: Mapping[str, Mapping[str, int]], *, at: datetime) -> None:
    """Put single notices for `told`, and add `counts` ({person: {kind: how many}}) to each person's digest.

    Who has an unread digest of the last ten minutes finds single ones in it too, so that a flood in many steps
    stays one notice. Belongs into a task with its own completion: a second call counts again.
    """
    adds = {int(staff): dict(kinds) for staff, kinds in counts.items()}
    with tx.write():
        growing = _growing({*adds, *(one.staff_id for one in told)}, at)
        single = []
        for one in told:
            if one.staff_id in growing:
                kinds = adds.setdefault(one.staff_id, {})
                kinds[one.kind] = kinds.get(one.kind, 0) + 1
            else:
                single.append(one)
        Notice.objects.bulk_create([_notice(one, at) for one in single], ignore_conflicts=True)
        _add(adds, growing, at)
        people = frozenset(f"person:{staff}" for staff in {*adds, *(one.staff_id for one in single)})
        announce.changed(people, "notice.made", {"case": ""})


def _growing(people: set[int], at: datetime) -> dict[int, Notice]:
    rows = Notice.objects.select_for_update().filter(
        kind=KIND, staff_id__in=people, read_at=None, at__gt=at - GATHERS
    )
    return {notice.staff_id: notice for notice in rows.order_by("id")}


def _add(adds: Mapping[int, Mapping[str, int]], growing: Mapping[int, Notice], at: datetime) -> None:
    fresh, grown = [], []
    for staff, kinds in sorted(adds.items()):
        notice = growing.get(staff)
        before = notice.params if notice else {}
        params = {name: before.get(name, 0) + kinds.get(kind, 0) for kind, name in _PARTS.items()}
        if notice is None:
            key = f"{KIND}:{staff}:{at.isoformat()}"
            fresh.append(Notice(key=key, staff_id=staff, kind=KIND, params=params, at=at))
        else:
            notice.params, notice.at = params, at
            grown.append(notice)
    Notice.objects.bulk_create(fresh, ignore_conflicts=True)
    if grown:
        Notice.objects.bulk_update(grown, ["params", "at"])


def _notice(one: Due, at: datetime) -> Notice:
    return Notice(
        key=f"{one.cause}:{one.kind}:{one.staff_id}",
        staff_id=one.staff_id,
        kind=one.kind,
        case_number=one.case_number,
        params={"promise": one.promise, "due": one.due},
        at=at,
    )
