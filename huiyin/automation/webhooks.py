"""The tasks behind webhooks: from a fact to one delivery for each endpoint, and from a delivery to one try."""

from datetime import datetime
from typing import Any

from huiyin.base import facts, secrets
from huiyin.base.models import Fact
from huiyin.base.outbox import task
from huiyin.cases.models import Entry
from huiyin.channels import endpoints, webhooks
from huiyin.channels.models import EndpointDelivery
from huiyin.customers.saying import without_personal

TRIES = 60  # more than a day holds: the day ends the tries, not their number


@task("fast")
def tell_endpoints(*, kind: str, ref: str, at: datetime) -> None:
    """Note one delivery for each endpoint that wants this kind, and put its sending; again changes nothing."""
    if facts.KINDS[kind].audience == facts.Audience.SUPERVISION:
        return
    body = _body(ref, at)
    for endpoint in endpoints.listening(kind):
        if body.get("seq", 0) > endpoints.LOOPS_AT and endpoints.stop_loop(endpoint, body["case"], at=at):
            continue
        name = secrets.digest("webhook-id", f"{endpoint.pk}:{ref}")[:40]
        row, made = EndpointDelivery.objects.get_or_create(
            key=f"wh_{name}", defaults={"endpoint": endpoint, "kind": kind, "payload": body, "made_at": at}
        )
        if made:
            endpoints.put_send(row, at=at)


@task("webhook", outside=True, attempts=TRIES)
def send_webhook(*, delivery: int, at: datetime) -> None:
    """Try to send; comes again with growing pauses until it is sent or a day is over."""
    webhooks.send(EndpointDelivery.objects.select_related("endpoint").get(pk=delivery), at=at)


def _body(ref: str, at: datetime) -> dict[str, Any]:
    """Return what is told: never the words of an entry, personal values masked."""
    noun, _, rest = ref.partition(":")
    if noun == "entry":
        case, _, seq = rest.partition(":")
        entry = Entry.objects.select_related("case").get(case=int(case), seq=int(seq))
        about: dict[str, Any] = {"case": entry.case.number, "seq": entry.seq}
        return about | _told(entry, at)
    fact = Fact.objects.get(pk=int(rest))
    return {"subject": fact.subject} | _told(fact, at)


def _told(row: Entry | Fact, at: datetime) -> dict[str, Any]:
    payload = {key: value for key, value in row.payload.items() if key != "client_id"}
    return {
        "kind": row.kind,
        "schema": facts.KINDS[row.kind].schema,
        "at": row.at.isoformat(),
        "by": {"kind": row.by_kind, "ref": row.by_ref},
        "payload": _masked(payload, at),
    }


def _masked(value: Any, at: datetime) -> Any:
    if isinstance(value, str):
        return without_personal(value, at=at)
    if isinstance(value, list):
        return [_masked(one, at) for one in value]
    if isinstance(value, dict):
        return {key: _masked(one, at) for key, one in value.items()}
    return value
