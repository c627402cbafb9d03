"""When a message was sent, from whatever its date field holds, in UTC."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from huiyin.engines.mail.charsets import decode
from huiyin.engines.mail.headers import Head
from huiyin.engines.mail.values import Defects

_READ = 200
_RECEIVED_TRIED = 10
_EARLIEST, _LATEST = 1990, 2100
_NUMERIC = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?[^\d+-]{0,20}"
    r"(?:(\d{1,2})[:：时](\d{1,2})(?:[:：分](\d{1,2})(?:\.\d{1,9})?)?)?[^+\d-]{0,10}([+-]\d{2}:?\d{2}|Z)?"
)
_AFTERNOON = re.compile(r"(?i)下午|晚上|\bpm\b")
_NOON = re.compile(r"(?i)\s*\b([ap])\.?m\b\.?")
_CHINA = re.compile(r"\bCST\b(?!.*[+-]\d{4})")
_ZONE = re.compile(r"[+-]\d{4}|\b[A-Z]{1,4}\b(?:\s+\d{4})?\s*$")
_COMMENT = re.compile(r"\([^()]*\)")


def sent_at(head: Head, defects: Defects) -> datetime | None:
    """Return when the message was sent: its Date field, else the newest Received field that can be read."""
    raw = head.first("date")
    moment, zoned = read(_text(raw)) if raw else (None, True)
    if moment is None:
        defects.add("date_unreadable" if raw and raw.strip() else "date_missing")
    elif not zoned:
        defects.add("date_without_zone")
    for received in head.all("received")[:_RECEIVED_TRIED] if moment is None else ():
        moment, _ = read(_text(received[-_READ:]).rpartition(";")[2])
        if moment:
            break
    return moment


def read(value: str) -> tuple[datetime | None, bool]:
    """Return (moment in UTC or None, whether a zone was stated); without a zone UTC is assumed.

    Understands RFC 5322 with its usual damage, ISO 8601 and Chinese dates; CST is China's. Moments outside 1990 to
    2100 are not believed.
    """
    text = _COMMENT.sub(" ", value[:_READ]).strip()
    numeric = _numeric(text)
    found = numeric if numeric[0] else _usual(text)
    if found[0] is None or not _EARLIEST <= found[0].year <= _LATEST:
        return None, False
    return found


def _text(raw: bytes) -> str:
    return " ".join(decode(raw[:_READ], None, guess=False).text.split())


def _usual(text: str) -> tuple[datetime | None, bool]:
    noon = _NOON.search(text)
    # Whoever writes CST to a Chinese customer service means China, not Chicago.
    text = _CHINA.sub("+0800", _NOON.sub("", text))
    try:
        parsed = parsedate_tz(text)
    except (IndexError, ValueError, TypeError, OverflowError):
        return None, False
    if parsed is None:
        return None, False
    offset = parsed[9]
    # parsedate_tz answers zone 0 both for “-0000” and for no zone at all.
    stated = _ZONE.search(text) is not None
    hour = parsed[3] % 12 + (12 if noon[1] in "pP" else 0) if noon else parsed[3]
    return _moment((*parsed[:3], hour, *parsed[4:6]), offset or 0), stated


def _numeric(text: str) -> tuple[datetime | None, bool]:
    match = _NUMERIC.search(text)
    if not match:
        return None, False
    year, month, day = (int(match[n]) for n in (1, 2, 3))
    hour, minute, second = (int(match[n] or 0) for n in (4, 5, 6))
    if _AFTERNOON.search(text) and hour < 12:
        hour += 12
    zone = match[7]
    offset = 0
    if zone and zone != "Z":
        digits = zone[1:].replace(":", "")
        offset = (int(digits[:2]) * 60 + int(digits[2:])) * 60 * (-1 if zone[0] == "-" else 1)
    return _moment((year, month, day, hour, minute, second), offset), zone is not None


def _moment(fields: tuple[int, ...], offset_s: int) -> datetime | None:
    year, month, day, hour, minute, second = fields[:6]
    try:
        # A leap second is written by some senders and known to no datetime.
        local = datetime(
            year, month, day, hour, minute, min(second, 59), tzinfo=timezone(timedelta(seconds=offset_s))
        )
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
