"""Messages between systems that prove where they come from: one scheme of headers for both directions.

`Webhook-Id` names the event and stays the same on each try, `Webhook-Timestamp` is the moment of the try in seconds,
and `Webhook-Signature` is `v1=` and the HMAC-SHA256, in hex, of `id.timestamp.body` under the secret of the two.
"""

import hashlib
import hmac
import re
import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from huiyin.base import secrets
from huiyin.channels.models import Account

TIMELY = timedelta(minutes=5)
NAME = re.compile(r"[\x21-\x7e]{1,200}")
MOMENT = re.compile(r"[0-9]{1,12}")


class Unproven(Exception):
    """The message is not signed by who it says, or not now. Nothing of it may be believed."""


@dataclass(frozen=True, slots=True)
class Proven:
    """What a good signature vouches for: the event's id and this one try of sending it."""

    event: str
    signature: str


def headers(secret: str, event: str, raw: bytes, *, at: datetime) -> dict[str, str]:
    """Return the headers under which `raw` is sent."""
    timestamp = int(at.timestamp())
    return {
        "Content-Type": "application/json",
        "Webhook-Id": event,
        "Webhook-Timestamp": str(timestamp),
        "Webhook-Signature": f"v1={signature(secret, event, timestamp, raw)}",
    }


def signature(secret: str, event: str, timestamp: int, raw: bytes) -> str:
    """Return the HMAC-SHA256 over `id.timestamp.body`, hex."""
    return hmac.new(secret.encode(), f"{event}.{timestamp}.".encode() + raw, hashlib.sha256).hexdigest()


def proven(channel: str, given: Mapping[str, str], raw: bytes, *, at: datetime) -> Proven:
    """Return what these headers prove of a message to this account; raises Unproven.

    An account that there is not, one without a secret and a wrong signature are refused alike, after the same work.
    """
    event, moment = given.get("Webhook-Id", ""), given.get("Webhook-Timestamp", "")
    if not NAME.fullmatch(event) or not MOMENT.fullmatch(moment):
        raise Unproven
    account = Account.objects.filter(code=channel, retired_at=None).exclude(signing_secret="").first()
    secret = secrets.unseal("inbound", account.signing_secret) if account else random.token_urlsafe(32)
    expected = f"v1={signature(secret, event, int(moment), raw)}"
    signed = given.get("Webhook-Signature", "")
    if not hmac.compare_digest(expected.encode(), signed.encode()) or account is None:
        raise Unproven
    if abs(at.timestamp() - int(moment)) > TIMELY.total_seconds():
        raise Unproven
    return Proven(event, expected)
