"""The files of a message: their bytes, what they call themselves, and whether they belong in the text."""

import hashlib
import re
from urllib.parse import unquote

from huiyin.engines.mail import encoded_words, headers, names, tnef, transfer
from huiyin.engines.mail.cleaning import one_line
from huiyin.engines.mail.parts import Leaf
from huiyin.engines.mail.values import Attachment, Defects, Limits
from huiyin.engines.mail.written import bodies

_CID = re.compile(r"(?i)\bcid:([^\s\"'<>)]{1,300})")
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
_CLOSED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted")
_MESSAGES = ("message/rfc822", "message/global")


def read(
    leaves: list[Leaf], markup: str | None, *, limits: Limits, defects: Defects
) -> tuple[Attachment, ...]:
    """Return every part that is no body as a file; winmail.dat gives way to the files inside it."""
    shown = {unquote(cid) for cid in _CID.findall(markup or "")}
    found: list[Attachment] = []
    read_as_text = {id(leaf) for leaf in bodies(leaves)}
    for leaf in leaves:
        if id(leaf) in read_as_text:
            continue
        if leaf.kind.value in _CLOSED and leaf.kind.params.get("smime-type", "").lower() != "signed-data":
            defects.add("encrypted", {"content_type": leaf.kind.value})
        payload = payload_of(leaf, defects)
        name = _name(leaf, payload, len(found) + 1, limits)
        inside = tnef.files(payload) if leaf.kind.value in _TNEF or name.lower() == "winmail.dat" else None
        if inside:
            found += [
                _unwrapped(title, content, len(found) + n) for n, (title, content) in enumerate(inside, 1)
            ]
            continue
        kind = leaf.kind.value if "/" in leaf.kind.value else names.type_of(name)
        cid = _content_id(leaf)
        found.append(_attachment(name, kind, payload, inline=_is_inline(leaf, cid, shown), content_id=cid))
    return tuple(found)


def payload_of(leaf: Leaf, defects: Defects) -> bytes:
    """Return the bytes of a part with its transfer encoding undone."""
    encoding = (leaf.head.first("content-transfer-encoding") or b"").decode("latin-1")
    return transfer.decode(leaf.raw, encoding, defects)


def is_message(leaf: Leaf) -> bool:
    """Tell whether a part is itself a whole message."""
    return leaf.kind.value in _MESSAGES


def _attachment(name: str, kind: str, payload: bytes, *, inline: bool, content_id: str) -> Attachment:
    digest = hashlib.sha256(payload).hexdigest()
    return Attachment(name, kind, len(payload), digest, inline, payload, content_id)


def _unwrapped(title: str, content: bytes, number: int) -> Attachment:
    kind = names.type_of(title)
    name = names.clean(title) or names.invented(number, kind)
    return _attachment(name, kind, content, inline=False, content_id="")


def _name(leaf: Leaf, payload: bytes, number: int, limits: Limits) -> str:
    given = leaf.disposition.params.get("filename") or leaf.kind.params.get("name") or ""
    cleaned = names.clean(given)
    if cleaned:
        return cleaned
    if is_message(leaf):
        subject = _subject(payload, limits)
        if subject:
            return names.clean(f"{subject[:120]}.eml")
    return names.invented(number, leaf.kind.value)


def _subject(payload: bytes, limits: Limits) -> str:
    head = headers.read_message(payload[: limits.part_header_bytes], limits=limits, defects=Defects())
    raw = head.first("subject")
    return one_line(encoded_words.read_value(raw[:1_000])) if raw else ""


def _content_id(leaf: Leaf) -> str:
    raw = leaf.head.first("content-id") or b""
    return one_line(raw[:300].decode("latin-1")).strip("<> ")


def _is_inline(leaf: Leaf, cid: str, shown: set[str]) -> bool:
    if cid and cid in shown:
        return True
    if leaf.disposition.value == "attachment" or not leaf.kind.value.startswith("image/"):
        return False
    return leaf.disposition.value == "inline" or (leaf.related and bool(cid))
