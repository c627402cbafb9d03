"""What every wire makes of what it receives: one Inbound value. No database here."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from huiyin.customers.recognise import Sender

SENDER = ("name", "phone", "email", "identity", "unit", "need")


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content_type: str
    payload: bytes
    refused: str | None = None  # why it may not come in, empty when it may; None: nobody has looked yet

    def __post_init__(self) -> None:
        # Whichever door a file comes through: PostgreSQL keeps no NUL, and without this refused the whole message.
        object.__setattr__(self, "name", self.name.replace("\x00", ""))
        object.__setattr__(self, "content_type", self.content_type.replace("\x00", ""))


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message from outside. `channel` is an account's code; with `external_id` it is unique for good.

    `thread_session` is the wire's own name for the call or chat session in which it came.
    """

    channel: str
    external_id: str
    sender: Sender
    subject: str = ""
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    received_at: datetime | None = None
    meta: Mapping[str, str] = field(default_factory=dict)
    thread_case: str = ""
    thread_ids: tuple[str, ...] = ()
    language: str = ""
    thread_session: str = ""

    def content(self) -> dict[str, Any]:
        """Return what the sender gave, as JSON for the inbox (attachments by name, size and digest)."""
        told = {
            "sender": {n: v for n in SENDER if (v := getattr(self.sender, n))},
            "subject": self.subject,
            "text": self.text,
            "meta": dict(self.meta),
            "thread_case": self.thread_case,
            "thread_ids": list(self.thread_ids),
            "language": self.language,
            "attachments": [
                [a.name, a.content_type, len(a.payload), hashlib.sha256(a.payload).hexdigest()]
                for a in self.attachments
            ],
        }
        # Left out where there is none: the digest of what came before sessions were told stays what it was.
        return told | ({"thread_session": self.thread_session} if self.thread_session else {})

    def digest(self) -> str:
        """Return what tells a second delivery of the same from another message with the same id."""
        told = json.dumps(self.content(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()
