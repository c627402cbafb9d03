"""Sending one fact to one endpoint: signed, under an id that never changes, with care for an endpoint that is down.

Every refusal but one is tried again for a day: a receiver that answers 404 today may be a mistake put right tomorrow.
Only 410 means that nobody listens any more. After five failures in a row the endpoint is left alone for a while, so
that one dead address does not keep the lane busy for all others.
"""

import json
from datetime import datetime, timedelta

from huiyin.base import failpoint, http, secrets, tx
from huiyin.channels import signing, undelivered
from huiyin.channels.deliver import NotDelivered
from huiyin.channels.endpoints import GONE
from huiyin.channels.models import Delivery, Endpoint, EndpointDelivery
from huiyin.engines.reason import Reason

TRIED_FOR = timedelta(hours=24)
BREAKS_AT = 5
HELD_FIRST = timedelta(minutes=1)
HELD_MOST = timedelta(hours=1)


def send(delivery: EndpointDelivery, *, at: datetime) -> None:
    """Try once; what was sent, or whose endpoint was disabled, is left alone. Raises NotDelivered.

    After a crash between the receiver's answer and our note the same id is sent once more.
    """
    endpoint = delivery.endpoint
    if delivery.state != Delivery.WAITING:
        return
    if endpoint.disabled_at is not None:
        _note(delivery, Delivery.DEAD, Reason(f"off_{endpoint.disabled_why}"))
        return
    is_last = at >= delivery.made_at + TRIED_FOR
    if endpoint.held_until is not None and at < endpoint.held_until and not is_last:
        raise NotDelivered(Reason("held"))
    with tx.write():
        EndpointDelivery.objects.filter(pk=delivery.pk).update(tries=delivery.tries + 1)
    answer, error = _call(delivery, at)
    failpoint.pass_by("after-accept")
    if error is None:
        with tx.write():
            Endpoint.objects.filter(pk=endpoint.pk).update(failures=0, held_until=None)
            EndpointDelivery.objects.filter(pk=delivery.pk).update(
                state=Delivery.SENT, sent_at=at, reason={}, error=""
            )
        return
    is_over = is_last or error.permanent
    with tx.write():
        _hold(endpoint, answer, at)
        _note(delivery, Delivery.DEAD if is_over else Delivery.WAITING, error.reason)
    raise NotDelivered(error.reason, permanent=is_over)


def _call(delivery: EndpointDelivery, at: datetime) -> tuple[http.Answer | None, NotDelivered | None]:
    raw = json.dumps({"id": delivery.key, **delivery.payload}, ensure_ascii=False).encode()
    secret = secrets.unseal("webhook", delivery.endpoint.secret)
    headers = signing.headers(secret, delivery.key, raw, at=at)
    try:
        answer = http.call("POST", delivery.endpoint.url, body=raw, headers=headers)
    except http.Refused as error:
        return None, NotDelivered(error.reason, permanent=True)
    except http.Failed as error:
        return None, NotDelivered(error.reason)
    if 200 <= answer.status < 300:
        return answer, None
    return answer, NotDelivered(undelivered.answered(answer.status), permanent=answer.status == 410)


def _hold(endpoint: Endpoint, answer: http.Answer | None, at: datetime) -> None:
    locked = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    locked.failures += 1
    if answer is not None and answer.status == 410:
        locked.disabled_at, locked.disabled_why = at, GONE
    asked = _retry_after(answer)
    if asked is not None:
        locked.held_until = at + min(asked, HELD_MOST)
    elif locked.failures >= BREAKS_AT:
        pause = HELD_FIRST * 2 ** min(locked.failures - BREAKS_AT, 10)
        locked.held_until = at + min(pause, HELD_MOST)
    locked.save(update_fields=["failures", "held_until", "disabled_at", "disabled_why"])


def _retry_after(answer: http.Answer | None) -> timedelta | None:
    if answer is None or answer.status not in (429, 503):
        return None
    told = {name.lower(): value for name, value in answer.headers.items()}.get("retry-after", "")
    return timedelta(seconds=int(told)) if told.isdecimal() and len(told) < 7 else None


def _note(delivery: EndpointDelivery, state: str, why: Reason) -> None:
    with tx.write():
        # Another worker may have sent it meanwhile, when this one slept beyond its lease.
        EndpointDelivery.objects.filter(pk=delivery.pk, state=Delivery.WAITING).update(
            state=state, reason=undelivered.kept(why), error=""
        )
