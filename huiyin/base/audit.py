"""The trail of sign-ins, reveals, exports and changes of rights: append-only, sealed into a chain.

Rows hold ids and names of fields, never values. `seal` links what is not linked yet: each seal is the digest of the
one before and of the row, so that a row changed or taken out later breaks the chain at its place. What has served its
time is swept from the beginning of the chain, and the sweep leaves a signed row that says where the rest begins.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import Max, Min, QuerySet

from huiyin.base import secrets, tx
from huiyin.base.actor import CLOCK, Actor
from huiyin.base.models import AuditRow

SWEPT = "audit.swept"
SWEPT_AT_ONCE = 2000
log = structlog.get_logger("audit")


def write(
    action: str,
    target: str,
    *,
    by: Actor,
    at: datetime,
    fields: Sequence[str] = (),
    reason: str = "",
    result: str = "ok",
    network: str = "",
) -> None:
    """Add one row, in the transaction of what it answers for."""
    with tx.write():
        AuditRow.objects.create(
            action=action,
            object=target,
            at=at,
            by_kind=by.kind,
            by_ref=by.ref,
            fields=list(fields),
            reason=reason[:200],
            result=result,
            network=network,
        )


def seal(*, limit: int = 500) -> int:
    """Seal up to `limit` rows in the order of their ids; return how many. A second call finds nothing to do."""
    if not AuditRow.objects.filter(seal_seq=None).exists():
        return 0
    with tx.write():
        # The lock on the last sealed row keeps two sealers on PostgreSQL one behind the other.
        last = AuditRow.objects.select_for_update().exclude(seal_seq=None).order_by("-seal_seq").first()
        seq, previous = (last.seal_seq or 0, last.seal) if last else (0, "")
        rows = list(AuditRow.objects.filter(seal_seq=None).order_by("id")[:limit])
        for row in rows:
            seq += 1
            previous = _seal_of(row, seq, previous)
            row.seal_seq, row.seal = seq, previous
        _changeable().bulk_update(rows, ["seal_seq", "seal"])
    # Logs are kept elsewhere: the newest rows cannot be taken out without contradicting them (`cut_off`).
    log.info("the audit is sealed", head=f"{seq}:{previous}")
    return len(rows)


def sweep(*, at: datetime) -> int:
    """Take out sealed rows older than the keeping time (184 days or more), from the beginning of the chain.

    Return how many; a second call takes what the first left over. Writes the row from which the rest is verified.
    """
    before = at - timedelta(days=settings.HUIYIN.audit_days)
    sealed = AuditRow.objects.exclude(seal_seq=None)
    with tx.write():
        bounds = sealed.aggregate(first=Min("seal_seq"), last=Max("seal_seq"))
        if bounds["first"] is None:
            return 0
        kept_from = sealed.filter(at__gte=before).aggregate(n=Min("seal_seq"))["n"] or bounds["last"]
        end = min(kept_from, bounds["first"] + SWEPT_AT_ONCE) - 1
        last = sealed.filter(seal_seq=end).first()
        if last is None:
            return 0
        # First said, then done: the database lets nothing go that no row has announced (`guard`).
        write(SWEPT, f"audit:{bounds['first']}-{end}", by=CLOCK, at=at, reason=_anchor(end, last.seal))
        swept, _ = _changeable().filter(seal_seq__lte=end).delete()
    return swept


def broken_links() -> list[str]:
    """Return one line for each break of the chain; an empty list means that nothing was changed or taken out."""
    lines = []
    swept, previous = _swept_up_to()
    expected = swept + 1
    for row in AuditRow.objects.exclude(seal_seq=None).order_by("seal_seq").iterator():
        if row.seal_seq != expected:
            lines.append(f"audit row(s) {expected} to {(row.seal_seq or 0) - 1} of the chain are missing")
        elif row.seal != _seal_of(row, row.seal_seq, previous):
            lines.append(f"audit row {row.seal_seq} of the chain was changed")
        previous, expected = row.seal, (row.seal_seq or 0) + 1
    return lines


def head() -> str:
    """Return the place and seal of the newest sealed row as `PLACE:SEAL`; empty when nothing is sealed."""
    last = AuditRow.objects.exclude(seal_seq=None).order_by("-seal_seq").first()
    return f"{last.seal_seq}:{last.seal}" if last else ""


def cut_off(earlier: str) -> str:
    """Return what is wrong if the chain does not go on from this earlier head, else nothing.

    The chain alone cannot show that its newest rows were taken out: a head that was noted elsewhere can.
    """
    place, _, told = earlier.strip().partition(":")
    if not (place.isascii() and place.isdigit() and len(place) < 19 and told):
        return f"{earlier!r} is no head of the trail: give it as PLACE:SEAL"
    swept, swept_seal = _swept_up_to()
    if int(place) < swept:
        return ""
    row = AuditRow.objects.filter(seal_seq=int(place)).first()
    if row is None and int(place) != swept:
        return f"the trail once reached row {place} and does not any more"
    return "" if told == (row.seal if row else swept_seal) else f"another row stands at place {place}"


def unsealed() -> int:
    """Return the length of the tail that is not sealed yet; over some seconds of rows means that the worker stands."""
    newest = AuditRow.objects.aggregate(n=Max("id"))["n"]
    return AuditRow.objects.filter(seal_seq=None, id__lte=newest).count() if newest else 0


def _changeable() -> QuerySet[AuditRow]:
    """Return the rows without their guard: for sealing and for the sweep, and for nothing else."""
    return QuerySet(AuditRow)


def _anchor(seq: int, seal_of_last: str) -> str:
    return f"{seq}:{seal_of_last}:{secrets.digest('audit-sweep', f'{seq}:{seal_of_last}')}"


def _swept_up_to() -> tuple[int, str]:
    """Return the number and seal of the last row that was swept: only a row that we signed can say it."""
    for row in AuditRow.objects.filter(action=SWEPT).order_by("-id"):
        seq, _, rest = row.reason.partition(":")
        told = rest.partition(":")[0]
        if seq.isdigit() and row.reason == _anchor(int(seq), told):
            return int(seq), told
    return 0, ""


def _seal_of(row: AuditRow, seq: int, previous: str) -> str:
    told = [seq, row.pk, row.action, row.at.astimezone(UTC).isoformat(), row.by_kind, row.by_ref, row.object]
    told += [row.fields, row.reason, row.result, row.network, previous]
    return secrets.digest("audit", json.dumps(told, ensure_ascii=False))
