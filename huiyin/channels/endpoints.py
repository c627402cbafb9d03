"""Other systems that are told of facts: set up, listed, ended, and told once more by hand."""

import secrets as random
import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import QuerySet

from huiyin.base import audit, facts, outbox, secrets, tx
from huiyin.base.actor import CLOCK, Actor
from huiyin.base.outbox import Spec
from huiyin.channels.models import Delivery, Endpoint, EndpointDelivery

SEND = "huiyin.automation.webhooks.send_webhook"
REMOVED, GONE, LOOP, PAUSED = "removed", "gone", "loop", "paused"
URL_CHARS = 500
LOOPS_AT, LOOPS_WITHIN = (
    50,
    timedelta(minutes=1),
)  # so often about one case: what is told comes back as a change
SEEN_FOR_S = 1.0
_lock = threading.Lock()
_wanted: tuple[float, frozenset[str], bool] | None = None


class Refused(Exception):
    """The endpoint cannot be set up so; `field` says what is wrong. Nothing was changed."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


class Unknown(Exception):
    """No endpoint, or no delivery of it, has this name."""


class StillWaiting(Exception):
    """The delivery is being tried already."""


def make(url: str, kinds: Sequence[str], *, by: Actor, at: datetime) -> tuple[Endpoint, str]:
    """Set up an endpoint for these kinds (none: all) and return it with its signing secret, shown this once.

    Facts are told from a second after this on, in every process. Raises Refused.
    """
    _check(url, kinds)
    secret = random.token_urlsafe(32)
    with tx.write():
        made = Endpoint.objects.create(
            url=url, secret=secrets.seal("webhook", secret), kinds=sorted(set(kinds)), made_at=at
        )
        audit.write("endpoint.made", f"endpoint:{made.uuid}", by=by, at=at, fields=["url", "kinds"])
        tx.after_commit(forget)
    forget()
    return made, secret


def everything() -> list[Endpoint]:
    """Return the endpoints that were not removed, also those that were disabled."""
    return list(Endpoint.objects.exclude(disabled_why=REMOVED).order_by("id"))


def one(uuid: UUID) -> Endpoint:
    """Return the endpoint; raises Unknown."""
    found = Endpoint.objects.exclude(disabled_why=REMOVED).filter(uuid=uuid).first()
    if found is None:
        raise Unknown(str(uuid))
    return found


def change(endpoint: Endpoint, url: str, kinds: Sequence[str], *, by: Actor, at: datetime) -> None:
    """Tell another address, or other kinds (none: all), under the same secret. Raises Refused.

    What waits goes to the new address.
    """
    _check(url, kinds)
    wanted = {"url": url, "kinds": sorted(set(kinds))}
    changed = [name for name, value in wanted.items() if getattr(endpoint, name) != value]
    if not changed:
        return
    with tx.write():
        Endpoint.objects.filter(pk=endpoint.pk).update(**wanted)
        audit.write("endpoint.changed", f"endpoint:{endpoint.uuid}", by=by, at=at, fields=changed)
        tx.after_commit(forget)


def pause(endpoint: Endpoint, *, by: Actor, at: datetime) -> None:
    """Tell it nothing until it is enabled again; what happens meanwhile is not told later, what waits is given up.

    One that is disabled already stays as it is.
    """
    with tx.write():
        standing = Endpoint.objects.filter(pk=endpoint.pk, disabled_at=None)
        if standing.update(disabled_at=at, disabled_why=PAUSED):
            audit.write("endpoint.paused", f"endpoint:{endpoint.uuid}", by=by, at=at)
            tx.after_commit(forget)


def remove(endpoint: Endpoint, *, by: Actor, at: datetime) -> None:
    """Tell it nothing any more; what waits is not sent."""
    with tx.write():
        Endpoint.objects.filter(pk=endpoint.pk).update(disabled_at=at, disabled_why=REMOVED)
        audit.write("endpoint.removed", f"endpoint:{endpoint.uuid}", by=by, at=at)
        tx.after_commit(forget)


def enable(endpoint: Endpoint, *, by: Actor, at: datetime) -> None:
    """Let an endpoint that was disabled or held be tried again at once; a second call changes nothing."""
    with tx.write():
        Endpoint.objects.filter(pk=endpoint.pk).update(
            disabled_at=None, disabled_why="", held_until=None, failures=0
        )
        audit.write("endpoint.enabled", f"endpoint:{endpoint.uuid}", by=by, at=at)
        tx.after_commit(forget)


def deliveries(endpoint: Endpoint, *, limit: int = 100) -> list[EndpointDelivery]:
    """Return the newest deliveries of an endpoint."""
    return list(endpoint.deliveries.order_by("-id")[:limit])


def resend(endpoint: Endpoint, key: str, *, by: Actor, at: datetime) -> EndpointDelivery:
    """Send something once more that was sent or given up, under its old id. Raises Unknown or StillWaiting."""
    with tx.write():
        row = EndpointDelivery.objects.select_for_update().filter(endpoint=endpoint, key=key).first()
        if row is None or not row.payload:
            raise Unknown(key)
        if row.state == Delivery.WAITING:
            raise StillWaiting(key)
        row.state, row.made_at, row.sent_at = Delivery.WAITING, at, None
        row.reason, row.error = {}, ""
        row.save(update_fields=["state", "made_at", "sent_at", "reason", "error"])
        audit.write("endpoint.resent", f"endpoint:{endpoint.uuid}", by=by, at=at)
        put_send(row, at=at)
    return row


def stop_loop(endpoint: Endpoint, case: str, *, at: datetime) -> bool:
    """Disable an endpoint that was told of one case fifty times within a minute; say whether it was."""
    newest = endpoint.deliveries.order_by("-id").values_list("payload__case", "made_at")[:LOOPS_AT]
    told = [made_at for number, made_at in newest if number == case]
    if len(told) < LOOPS_AT or told[-1] <= at - LOOPS_WITHIN:
        return False
    with tx.write():
        Endpoint.objects.filter(pk=endpoint.pk).update(disabled_at=at, disabled_why=LOOP)
        audit.write(
            "endpoint.disabled", f"endpoint:{endpoint.uuid}", by=CLOCK, at=at, fields=[f"case:{case}"]
        )
        tx.after_commit(forget)
    return True


def put_send(row: EndpointDelivery, *, at: datetime) -> None:
    """Put the task that sends this delivery."""
    outbox.put(Spec(SEND, f"webhook:{row.pk}", {"delivery": row.pk}), at=at)


def listening(kind: str) -> list[Endpoint]:
    """Return the endpoints that want to be told of this kind."""
    return [one for one in _active() if not one.kinds or kind in one.kinds]


def wanted(kind: str) -> bool:
    """Tell whether anybody wants this kind, as of at most a second ago: it is asked for every fact."""
    global _wanted
    known = _wanted
    if known is None or time.monotonic() - known[0] > SEEN_FOR_S:
        rows = list(_active().values_list("kinds", flat=True))
        known = (time.monotonic(), frozenset(k for kinds in rows for k in kinds), not all(rows))
        with _lock:
            _wanted = known
    return known[2] or kind in known[1]


def forget() -> None:
    """Look again at the next fact."""
    global _wanted
    with _lock:
        _wanted = None


def tellable() -> list[str]:
    """Return the kinds of facts that endpoints are told of, by name."""
    return sorted(kind.name for kind in facts.KINDS.values() if kind.audience != facts.Audience.SUPERVISION)


def _check(url: str, kinds: Sequence[str]) -> None:
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    except ValueError:
        is_good = False
    if not is_good or len(url) > URL_CHARS:
        raise Refused("url", "an http or https address without a user name")
    if unknown := set(kinds) - set(facts.KINDS):
        raise Refused("kinds", f"no kind {', '.join(sorted(unknown))}")


def _active() -> QuerySet[Endpoint]:
    return Endpoint.objects.filter(disabled_at=None)
