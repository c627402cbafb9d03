"""The way out: what was sent to a customer goes to the account's callback, signed, with a key that never changes."""

import json
import time
from datetime import datetime
from typing import Any

from huiyin.base import failpoint, http, secrets, tx
from huiyin.channels import signing, undelivered
from huiyin.channels.models import Account, Delivery
from huiyin.engines.reason import Reason


class NotDelivered(Exception):
    """The receiver did not take it; `reason` says why. `permanent` ends the tries."""

    def __init__(self, reason: Reason, *, permanent: bool = False) -> None:
        super().__init__(undelivered.in_english(reason))
        self.reason = reason
        self.permanent = permanent


KNOWN_FOR_S = 1.0
_known: dict[str, tuple[float, bool]] = {}


def leads_out(code: str) -> bool:
    """Tell whether what is written to customers of this account is sent anywhere at all.

    Asked for each message, so the answer is held for a second; `forget` drops it where an account is changed.
    """
    held = _known.get(code)
    if held is None or time.monotonic() - held[0] > KNOWN_FOR_S:
        found = Account.objects.filter(code=code).exclude(callback_url="").exists()
        held = _known[code] = (time.monotonic(), found)
    return held[1]


def forget() -> None:
    """Drop what is held of accounts in this process."""
    _known.clear()


def deliver(
    account: Account, body: dict[str, Any], *, key: str, case_number: str, entry_seq: int, at: datetime
) -> None:
    """Send `body` once; a second call with the key of something sent does nothing.

    After a crash between the receiver's answer and our note the same key is sent once more. Raises
    NotDelivered; 4xx answers other than 408, 425 and 429 are permanent.
    """
    if not account.callback_url:
        return
    with tx.write():
        delivery, _ = Delivery.objects.get_or_create(
            key=key,
            defaults={"account": account, "case_number": case_number, "entry_seq": entry_seq, "made_at": at},
        )
        Delivery.objects.filter(pk=delivery.pk).update(tries=delivery.tries + 1)
    if delivery.state == Delivery.SENT:
        return
    error = _send(account, body, key, at)
    failpoint.pass_by("after-accept")
    with tx.write():
        if error is None:
            Delivery.objects.filter(pk=delivery.pk).update(
                state=Delivery.SENT, sent_at=at, reason={}, error=""
            )
            return
        state = Delivery.DEAD if error.permanent else Delivery.WAITING
        # Another worker may have sent it meanwhile, when this one slept beyond its lease.
        Delivery.objects.filter(pk=delivery.pk, state=Delivery.WAITING).update(
            state=state, reason=undelivered.kept(error.reason), error=""
        )
    raise error


def let_go(account: Account, key: str, why: str, *, at: datetime) -> None:
    """Give up what need not be sent any more, with the reason (a code of `undelivered`); what was sent stays so.

    A second call is harmless.
    """
    number, _, seq = key.rpartition(".")
    with tx.write():
        row, _ = Delivery.objects.get_or_create(
            key=key,
            defaults={"account": account, "case_number": number, "entry_seq": int(seq), "made_at": at},
        )
        waiting = Delivery.objects.filter(pk=row.pk, state=Delivery.WAITING)
        waiting.update(state=Delivery.DEAD, reason=undelivered.kept(Reason(why)))


def _send(account: Account, body: dict[str, Any], key: str, at: datetime) -> NotDelivered | None:
    raw = json.dumps(body, ensure_ascii=False).encode()
    secret = secrets.unseal("callback", account.callback_secret)
    headers = signing.headers(secret, key, raw, at=at)
    try:
        answer = http.call("POST", account.callback_url, body=raw, headers=headers)
    except (http.Failed, http.Refused) as error:
        return NotDelivered(error.reason, permanent=error.permanent)
    if 200 <= answer.status < 300:
        return None
    permanent = 300 <= answer.status < 500 and answer.status not in (408, 425, 429)
    return NotDelivered(undelivered.answered(answer.status), permanent=permanent)
