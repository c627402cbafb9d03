"""Cuts the head of a message or part into fields, whatever stands before, between or instead of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from huiyin.engines.mail.values import Defects, Limits

_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:[ \t]*")
_KNOWN = re.compile(
    rb"(?i)(?:from|to|cc|subject|date|sender|reply-to|message-id|received|return-path|delivered-to|mime-version"
    rb"|content-[a-z-]{2,40}|references|in-reply-to|x-[a-z0-9-]{1,60})[ \t]*:"
)
_BEFORE = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t\r\n]++|>?From [^\n]*+\n)*+")
_LOOK_AHEAD_BYTES = 2_000
_ODD_LINES = 20


@dataclass(frozen=True, slots=True)
class Head:
    """The fields as (lower-case name, raw value), in order, and where the body starts."""

    fields: tuple[tuple[str, bytes], ...]
    body_at: int

    def first(self, name: str) -> bytes | None:
        """Return the first value of a field that is not empty, else the first, else None."""
        values = self.all(name)
        return next((v for v in values if v.strip()), values[0] if values else None)

    def all(self, name: str) -> list[bytes]:
        """Return every value of a field in order of appearance."""
        return [value for found, value in self.fields if found == name]


def read_message(raw: bytes, *, limits: Limits, defects: Defects) -> Head:
    """Return the head of a whole message: read up to `limits.header_bytes`, its body found beyond that."""
    at = _start(raw)
    body_at = _after_blank(raw, at, len(raw))
    end = min(body_at, at + limits.header_bytes)
    head = read(raw, at, end=end, fields=limits.header_fields, limits=limits, defects=defects)
    if end < body_at and head.body_at == end:
        defects.add("headers_too_long", {"bytes": limits.header_bytes})
        return Head(head.fields, body_at)
    return head


def read(raw: bytes, at: int, *, end: int, fields: int, limits: Limits, defects: Defects) -> Head:
    """Return the head that starts at `at`: at most `fields` fields, none of its bytes beyond `end`.

    A line that is no field belongs to the field above it when a well-known field follows soon;
    otherwise it is the first line of the body.
    """
    found: list[tuple[str, bytearray]] = []
    odd = 0
    for begin, stop in _lines(raw, at, end):
        line = raw[begin : min(stop, begin + limits.value_bytes)]
        match = _FIELD.match(line)
        if not line.strip():
            return _head(found, stop)
        if line[:1] in b" \t" and found:
            _extend(found[-1][1], line, limits)
        elif match and len(found) >= fields:
            defects.add("headers_too_long", {"fields": fields})
            return _head(found, _after_blank(raw, begin, end))
        elif match:
            found.append((match[1].decode("ascii").lower(), bytearray(line[match.end() :])))
        elif odd < _ODD_LINES and not line.startswith(b"--") and _head_goes_on(raw, stop, end):
            odd += 1
            defects.add("header_line_broken")
            if found:
                _extend(found[-1][1], b" " + line, limits)
        else:
            defects.add("header_end_missing")
            return _head(found, begin)
    return _head(found, end)


def _head(found: list[tuple[str, bytearray]], body_at: int) -> Head:
    return Head(tuple((name, bytes(value)) for name, value in found), body_at)


def _start(raw: bytes) -> int:
    """Return where the head begins: after a byte order mark, blank lines and mbox `From ` lines."""
    before = _BEFORE.match(raw)
    return before.end() if before else 0


def _lines(raw: bytes, at: int, end: int) -> Iterator[tuple[int, int]]:
    while at < end:
        newline = raw.find(b"\n", at, end)
        stop = end if newline < 0 else newline + 1
        yield at, stop
        at = stop


def _extend(value: bytearray, line: bytes, limits: Limits) -> None:
    room = limits.value_bytes - len(value)
    if room > 0:
        value += line[:room]


def _head_goes_on(raw: bytes, at: int, end: int) -> bool:
    near = raw[at : min(end, at + _LOOK_AHEAD_BYTES)]
    lines = near.split(b"\n", 4)[:4]
    for line in lines:
        if not line.strip():
            return False
        if _KNOWN.match(line):
            return True
    return False


def _after_blank(raw: bytes, at: int, end: int) -> int:
    # Two plain searches instead of one expression: a head of 35 MB is crossed at memory speed.
    found = [(hit, len(mark)) for mark in (b"\n\n", b"\n\r\n") if (hit := raw.find(mark, at, end)) >= 0]
    return min(hit + size for hit, size in found) if found else end
