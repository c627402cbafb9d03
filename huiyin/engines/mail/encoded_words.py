"""Encoded words (RFC 2047) as they are really written: split, unfinished, spaced, mislabelled."""

import base64
import binascii
import re
from dataclasses import dataclass

from huiyin.engines.mail.charset_names import codec_for
from huiyin.engines.mail.charsets import decode

_OPENING = re.compile(r"=\?[ \t]*([\w.:+-]{1,40})(?:\*[\w-]{0,20})?[ \t]*\?[ \t]*([bBqQ])[ \t]*\?")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/=]+")
_HEX_NEXT = re.compile(r"[0-9A-Fa-f]{2}")
_WORDS_AT_MOST = 300


@dataclass(slots=True)
class _Word:
    charset: str
    kind: str
    content: str


def read_value(raw: bytes, *, hint: str | None = None) -> str:
    """Return a raw header value as text: unfolded, 8-bit bytes guessed, encoded words decoded.

    `hint` is the character set of the body, used for bare 8-bit bytes. Never raises.
    """
    return decode_words(plain(raw, hint=hint))


def plain(raw: bytes, *, hint: str | None = None, guess: bool = True) -> str:
    """Return a raw header value as unfolded text, its encoded words left as they are."""
    text = decode(raw, None, hint=hint, guess=guess).text
    return text.replace("\r", "").replace("\n", "")


def decode_words(text: str) -> str:
    """Return `text` with its encoded words decoded; a word that decodes to words is decoded once more."""
    if "=?" not in text:
        return text
    once = _decode_once(text)
    return _decode_once(once) if "=?" in once and _OPENING.search(once) else once


def _decode_once(text: str) -> str:
    out: list[str] = []
    pending: list[_Word] = []
    at = count = 0
    while count < _WORDS_AT_MOST and (opening := _OPENING.search(text, at)):
        count += 1
        between = text[at : opening.start()]
        if between.strip() or not pending:
            out.append(_join(pending) + between)
            pending = []
        content, at = _content(text, opening)
        pending.append(_Word(opening[1], opening[2].lower(), content))
    out.append(_join(pending))
    out.append(text[at:])
    return "".join(out)


def _content(text: str, opening: re.Match[str]) -> tuple[str, int]:
    """Return the encoded content and where the text goes on; a missing `?=` ends at the next word."""
    start = opening.end()
    following = text.find("=?", start)
    while following > start and not _OPENING.match(text, following):
        following = text.find("=?", following + 2) if following - start < 500 else -1
    limit = len(text) if following < 0 else following
    end = text.find("?=", start, limit + 1)
    if opening[2] in "qQ":
        # An unescaped question mark before an escaped byte looks like the end.
        while end >= 0 and _HEX_NEXT.match(text, end + 2) and text.find("?=", end + 2, limit + 1) >= 0:
            end = text.find("?=", end + 2, limit + 1)
    if end >= 0 and end + 1 < limit + 1:
        return text[start:end], min(end + 2, len(text))
    return text[start:limit].rstrip("?"), limit


def _join(words: list[_Word]) -> str:
    """Decode adjacent words; a character or a base64 group split between two of them is made whole."""
    out: list[str] = []
    at = 0
    while at < len(words):
        run = [words[at]]
        codec = codec_for(run[0].charset)
        while at + len(run) < len(words) and codec_for(words[at + len(run)].charset) == codec:
            run.append(words[at + len(run)])
        out.append(decode(_bytes_of(run), run[0].charset, guess=False).text)
        at += len(run)
    return "".join(out)


def _bytes_of(run: list[_Word]) -> bytes:
    raw, held = bytearray(), ""
    for word in run:
        if word.kind == "q":
            raw += _base64(held) + _quoted(word.content)
            held = ""
            continue
        held += _NOT_BASE64.sub("", word.content)
        if held.endswith("=") or len(held) % 4 == 0:
            raw += _base64(held)
            held = ""
    return bytes(raw + _base64(held))


def _base64(content: str) -> bytes:
    letters = content.replace("=", "")
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return base64.b64decode(letters + "=" * (-len(letters) % 4))


def _quoted(content: str) -> bytes:
    return binascii.a2b_qp(content.encode("utf-8", "surrogatepass"), header=True)
