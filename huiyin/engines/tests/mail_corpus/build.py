"""Bricks for invented messages."""

import base64
from dataclasses import dataclass
from typing import Any

SENDER = "Zhang San <zhang@example.com>"


@dataclass(frozen=True, slots=True)
class Sample:
    """A rule in plain words, a message, and what must come out of it (see test_mail_corpus.py)."""

    rule: str
    raw: bytes
    expect: dict[str, Any]


def sample(rule: str, raw: bytes, **expect: Any) -> Sample:
    """Return a sample; the keywords name what is expected."""
    return Sample(rule, raw, expect)


def mail(body: str | bytes = "hello", *, head: str | bytes = "", sender: str | bytes = SENDER) -> bytes:
    """Return a message with the usual fields, further raw `head` lines and a body."""
    lines = [
        b"From: " + _bytes(sender),
        b"To: support@example.org",
        b"Message-ID: <m1@example.com>",
        b"Date: Mon, 02 Nov 2026 09:00:00 +0800",
    ]
    if head:
        lines.append(_bytes(head))
    return b"\n".join(lines).replace(b"\n", b"\r\n") + b"\r\n\r\n" + _bytes(body)


def b_word(content: str | bytes, charset: str, *, codec: str | None = None) -> str:
    """Return a base64 encoded word; `codec` when the bytes are not what the label says."""
    raw = content if isinstance(content, bytes) else content.encode(codec or charset)
    return f"=?{charset}?B?{base64.b64encode(raw).decode()}?="


def q_word(content: str, charset: str, *, codec: str | None = None) -> str:
    """Return a Q encoded word with every byte escaped."""
    raw = content.encode(codec or charset)
    return f"=?{charset}?Q?{''.join(f'={byte:02X}' for byte in raw)}?="


def part(body: str | bytes, head: str | bytes = "Content-Type: text/plain; charset=utf-8") -> bytes:
    """Return one part of a multipart: its head lines and its body."""
    return _bytes(head).replace(b"\n", b"\r\n") + b"\r\n\r\n" + _bytes(body)


def multipart(*parts: bytes, kind: str = "mixed", boundary: str = "b1", extra: str = "") -> tuple[str, bytes]:
    """Return (Content-Type line, body) of a multipart."""
    line = f'Content-Type: multipart/{kind}; boundary="{boundary}"{extra}'
    edge = f"--{boundary}".encode()
    return line, b"".join(edge + b"\r\n" + each + b"\r\n" for each in parts) + edge + b"--\r\n"


def mail_of(*parts: bytes, kind: str = "mixed", extra: str = "", head: str = "") -> bytes:
    """Return a message made of these parts."""
    line, body = multipart(*parts, kind=kind, extra=extra)
    return mail(body, head=f"{head}\n{line}" if head else line)


def base64_part(content: bytes, head: str) -> bytes:
    """Return a part carrying `content` in base64."""
    return part(base64.encodebytes(content), head + "\nContent-Transfer-Encoding: base64")


def html_mail(markup: str) -> bytes:
    """Return a message that is one page of markup."""
    return mail(markup, head="Content-Type: text/html; charset=utf-8")


def text_mail(text: str, *, head: str = "") -> bytes:
    """Return a plain UTF-8 message."""
    line = "Content-Type: text/plain; charset=utf-8"
    return mail(text, head=f"{head}\n{line}" if head else line)


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8")
