"""Content-Type and Content-Disposition: a value and its parameters, in RFC 2231 or any worse form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from huiyin.engines.mail.charsets import decode
from huiyin.engines.mail.encoded_words import decode_words, plain

_KEY = re.compile(r"[;,\s]*([^\s=;\"]{1,60})\s*=\s*")
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,4}))?(\*)?\Z")
_CLOSING = re.compile(r"\"(?=\s*(?:;|\Z))")
_UNQUOTED = re.compile(r"[^;]*")
_ESCAPED = re.compile(r'\\(["\\])')
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_VALUE = re.compile(r"[\s\"']*([\w.+-]{1,80}(?:/[\w.+-]{1,120})?)", re.ASCII)
_PARAMETERS_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class Field:
    """A structured header: its lower-case leading word and its parameters by lower-case name."""

    value: str
    params: Mapping[str, str]


NOTHING = Field("", {})


def read(raw: bytes | None, *, hint: str | None = None) -> Field:
    """Return the structured header `raw`; unreadable pieces are left out, never raised about."""
    if not raw:
        return NOTHING
    text = plain(raw, hint=hint, guess=False)
    head, _, rest = text.partition(";")
    if "=" in head and "/" not in head:
        head, rest = "", text
    value = _VALUE.match(head)
    return Field(value[1].lower() if value else "", _joined(_pairs(rest)))


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    at = 0
    quotes_end = True
    while len(pairs) < _PARAMETERS_AT_MOST:
        key = _KEY.match(text, at)
        if not key:
            at = text.find(";", at) + 1
            if at == 0:
                break
            continue
        start = key.end()
        closing = _CLOSING.search(text, start + 1) if quotes_end and text[start : start + 1] == '"' else None
        if closing:
            value, at = _ESCAPED.sub(r"\1", text[start + 1 : closing.start()]), closing.end()
        else:
            quotes_end = quotes_end and text[start : start + 1] != '"'
            end = _UNQUOTED.match(text, start)
            at = end.end() if end else start
            value = text[start:at].strip().strip('"')
        pairs.append((key[1].lower(), value))
    return pairs


def _joined(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Put continued parameters together; the extended form of a name wins over the plain one."""
    simple: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for key, value in pairs:
        match = _SECTION.match(key)
        if match and (match[2] or match[3]):
            order = int(match[2] or 0)
            sections.setdefault(match[1], {}).setdefault(order, (value, bool(match[3])))
        else:
            simple.setdefault(key, _tidy(value))
    return simple | {name: _extended([found[n] for n in sorted(found)]) for name, found in sections.items()}


def _extended(sections: list[tuple[str, bool]]) -> str:
    if not any(encoded for _, encoded in sections):
        return _tidy("".join(value for value, _ in sections))
    first = sections[0][0]
    charset = None
    if sections[0][1] and first.count("'") >= 2:
        charset, _, first = first.split("'", 2)
    values = [(first, sections[0][1]), *sections[1:]]
    raw = b"".join(unquote_to_bytes(v) if encoded else v.encode("utf-8", "replace") for v, encoded in values)
    return decode_words(decode(raw, charset, guess=False).text)


def _tidy(value: str) -> str:
    if "=?" in value:
        return decode_words(value)
    if value.isascii() and _PERCENT.search(value):
        raw = unquote_to_bytes(value)
        return value if raw.isascii() else decode(raw, None, guess=False).text
    return value
