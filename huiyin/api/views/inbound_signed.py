"""POST /inbound/signed/{channel}: a message that another system signs instead of carrying a token."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import structlog
from django.http import HttpRequest
from ninja import Router, Status
from ninja.security import APIKeyHeader

from huiyin.api.views.inbound import MessageIn, taken_in, value_of
from huiyin.base import clock, once, rates
from huiyin.base.problem import Problem
from huiyin.base.web import network_of
from huiyin.channels import signing

UNPROVEN = rates.Rate("signed", 60, timedelta(minutes=1))
log = structlog.get_logger("intake")


class Signed(APIKeyHeader):
    """Answers 401 unless the raw body is signed for the account in the path, now; 429 to who tries on and on."""

    param_name = "Webhook-Signature"

    def authenticate(self, request: HttpRequest, key: str | None) -> signing.Proven:
        at = clock.now()
        try:
            return signing.proven(_channel_of(request), request.headers, request.body, at=at)
        except signing.Unproven:
            log.warning("a signed message was refused", network=network_of(request))
        rates.take(UNPROVEN, network_of(request), at=at)
        detail = "The message is not signed for this channel, or not within five minutes; nothing was kept."
        raise Problem(401, "unauthorized", detail)


router = Router(auth=Signed(), tags=["inbound"])


@router.post("/{channel}", response={200: dict, 201: dict, 202: dict}, summary="Take in one signed message")
def take_in_signed(request: HttpRequest, channel: str, body: MessageIn) -> Status[dict[str, Any]]:
    """The headers are those of webhooks out; `Webhook-Id` is the message's id and stays the same on each try.

    The same event signed anew is a duplicate; the very same request again is refused with `409 replayed`.
    """
    proven: signing.Proven = request.auth  # type: ignore[attr-defined]
    item = value_of(body, channel=channel, external_id=proven.event)
    with _for_the_first_time(channel, proven):
        return Status(*taken_in(item))


def _channel_of(request: HttpRequest) -> str:
    assert request.resolver_match is not None
    return str(request.resolver_match.kwargs["channel"]).replace("\x00", "")  # PostgreSQL keeps none


@contextmanager
def _for_the_first_time(channel: str, proven: signing.Proven) -> Iterator[None]:
    """Let one request through once; one that failed may come again as it is."""
    key = once.Key(f"signed:{channel}", proven.signature, "", clock.now())
    try:
        seen = once.begin(key) is not None
    except once.Running:
        seen = True
    if seen:
        detail = "This very request came before; nothing was written. Sign each further try anew."
        raise Problem(409, "replayed", detail)
    try:
        yield
    except BaseException:
        once.give_up(key)
        raise
    once.finish(key, once.Answered(200, ""))
