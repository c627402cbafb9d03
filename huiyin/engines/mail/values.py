"""What a message is once it has been understood: frozen values, and the limits kept on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from huiyin.engines.reason import Reason


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one message is looked at; whatever lies beyond is recorded as a defect.

    The defaults leave room for any mail a person sends and keep the worst 35 MB under two seconds.
    """

    message_bytes: int = 40_000_000
    header_bytes: int = 1_000_000
    header_fields: int = 2_000
    part_header_bytes: int = 16_000
    part_header_fields: int = 200
    value_bytes: int = 64_000
    parts: int = 1_000
    depth: int = 100
    dashed_lines: int = 200_000
    addresses: int = 500
    references: int = 200
    text_bytes: int = 2_000_000
    html_tags: int = 100_000
    guesses: int = 8


@dataclass(frozen=True, slots=True)
class Address:
    """Somebody as the message names them: both strings may be empty, neither has been verified."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of the message; `name` is words for a reader, never a path, and `content_type` is a claim."""

    name: str
    content_type: str
    size: int
    sha256: str
    inline: bool
    payload: bytes = field(repr=False)
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as a person would read it.

    `from_` is empty when nobody is named. `date` is UTC or None. `text` is what was written,
    `new_text` the same without quoted mail and signatures, `html` the markup exactly as sent:
    unsafe until it is cleaned where it is shown. `automatic` says why no person stands behind it.
    """

    message_id: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    from_: Address
    reply_to: Address | None
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    date: datetime | None
    text: str
    html: str | None
    new_text: str
    attachments: tuple[Attachment, ...]
    automatic: Reason | None
    defects: tuple[Reason, ...]


class Defects:
    """Collects what was wrong with one message, each kind once, in the order it was met."""

    def __init__(self) -> None:
        self._found: dict[str, Reason] = {}

    def add(self, code: str, params: Mapping[str, str | int | float] | None = None) -> None:
        """Note a defect; a second one of the same code changes nothing."""
        if code not in self._found:
            self._found[code] = Reason(code, params or {})

    def all(self) -> tuple[Reason, ...]:
        """Return the defects met so far."""
        return tuple(self._found.values())
