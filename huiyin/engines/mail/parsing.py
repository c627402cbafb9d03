"""A message from its bytes, whatever they are."""

import re
from dataclasses import replace

from huiyin.engines.mail import (
    addresses,
    automatic,
    cleaning,
    dates,
    encoded_words,
    files,
    headers,
    parts,
    written,
)
from huiyin.engines.mail.headers import Head
from huiyin.engines.mail.parts import Leaf
from huiyin.engines.mail.quotes import new_text
from huiyin.engines.mail.values import Address, Defects, Limits, Mail

_ID = re.compile(r"<([^<>]{1,900})>")
_BARE_ID = re.compile(r"[^\s<>,;]{1,400}@[^\s<>,;]{1,400}")
_FORWARDED = re.compile(r"(?i)\s*(?:fwd?|fw|wg|tr|转发|轉寄|轉發)\s*[:：]")
_ONCE = (
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
)
_NESTED_READ = 10
_NESTED_BYTES = 4_000_000
_LONGEST_SUBJECT = 2_000
_DEFAULT_LIMITS = Limits()


def parse(raw: bytes, *, own_domains: frozenset[str] = frozenset(), limits: Limits = _DEFAULT_LIMITS) -> Mail:
    """Return what a person would read in the message `raw`; raises nothing, whatever the bytes.

    What could not be understood is left empty and named in `defects`; what lies beyond `limits` is
    left out and named there too. `own_domains` are the domains of the Message-IDs that only we
    write. Times are UTC. The same bytes always give the same value.
    """
    defects = Defects()
    raw = _prepared(raw, limits, defects)
    head = headers.read_message(raw, limits=limits, defects=defects)
    leaves = parts.cut(raw, head, limits=limits, defects=defects)
    body = written.read(leaves, limits=limits, defects=defects)
    text = body.text or _nested_text(leaves, limits)
    hint = next((c for leaf in leaves if (c := leaf.kind.params.get("charset"))), None)
    subject = cleaning.one_line(_value(head, "subject", hint))[:_LONGEST_SUBJECT]
    _note_missing_and_doubled(head, defects)
    understood = Mail(
        message_id=next(iter(_ids(head, "message-id", limits)), None),
        in_reply_to=next(iter(_ids(head, "in-reply-to", limits)), None),
        references=_ids(head, "references", limits),
        from_=_sender(head, hint, defects),
        reply_to=next((p for p in _people(head, "reply-to", hint, limits, defects) if p.address), None),
        to=_people(head, "to", hint, limits, defects),
        cc=_people(head, "cc", hint, limits, defects),
        subject=subject,
        date=dates.sent_at(head, defects),
        text=text,
        html=body.markup,
        new_text=new_text(text, forwarded=_FORWARDED.match(subject) is not None),
        attachments=files.read(leaves, body.markup, limits=limits, defects=defects),
        automatic=None,
        defects=defects.all(),
    )
    types = tuple(leaf.kind.value for leaf in leaves)
    return replace(
        understood, automatic=automatic.recognise(head, understood, types, own_domains=own_domains)
    )


def _prepared(raw: bytes, limits: Limits, defects: Defects) -> bytes:
    if not raw.strip():
        defects.add("empty")
    if len(raw) > limits.message_bytes:
        defects.add("too_big", {"bytes": len(raw), "limit": limits.message_bytes})
        raw = raw[: limits.message_bytes]
    return raw if b"\n" in raw else raw.replace(b"\r", b"\n")


def _nested_text(leaves: list[Leaf], limits: Limits) -> str:
    """Return the text of the message inside, for mail that is nothing but a passed-on message."""
    unheard = Defects()
    for _ in range(_NESTED_READ):
        inner = next((leaf for leaf in leaves if files.is_message(leaf)), None)
        if inner is None:
            return ""
        raw = files.payload_of(replace(inner, raw=inner.raw[:_NESTED_BYTES]), unheard)
        head = headers.read_message(raw, limits=limits, defects=unheard)
        leaves = parts.cut(raw, head, limits=limits, defects=unheard)
        text = written.read(leaves, limits=limits, defects=unheard).text
        if text:
            return text
    return ""


def _note_missing_and_doubled(head: Head, defects: Defects) -> None:
    for name in _ONCE:
        values = {value.strip() for value in head.all(name)}
        if len(values) > 1:
            defects.add("header_doubled", {"header": name})
    if not head.first("message-id"):
        defects.add("message_id_missing")


def _value(head: Head, name: str, hint: str | None) -> str:
    raw = head.first(name)
    return encoded_words.read_value(raw, hint=hint) if raw else ""


def _sender(head: Head, hint: str | None, defects: Defects) -> Address:
    nobody = Address("", "")
    for name in ("from", "sender", "reply-to", "return-path"):
        raw = head.first(name)
        people, _ = addresses.read(encoded_words.plain(raw, hint=hint), limit=20) if raw else ((), False)
        first = next((person for person in people if person.address), people[0] if people else nobody)
        if name == "from":
            if not first.address:
                defects.add("sender_unreadable" if raw and raw.strip() else "sender_missing")
            elif len(people) > 1:
                defects.add("several_senders", {"count": len(people)})
            nobody = first
        if first.address:
            return Address(nobody.name or first.name, first.address)
    return nobody


def _people(head: Head, name: str, hint: str | None, limits: Limits, defects: Defects) -> tuple[Address, ...]:
    joined = b", ".join(dict.fromkeys(head.all(name)))[: 4 * limits.value_bytes]
    people, more = addresses.read(encoded_words.plain(joined, hint=hint), limit=limits.addresses)
    if more:
        defects.add("too_many_addresses", {"limit": limits.addresses})
    return people


def _ids(head: Head, name: str, limits: Limits) -> tuple[str, ...]:
    """Return the message ids in a field as `<id>`, each once, the newest `limits.references`."""
    raw = head.first(name) or b""
    text = cleaning.one_line(raw.decode("utf-8", "replace"))
    found = _ID.findall(text) or _BARE_ID.findall(text)
    ids = dict.fromkeys(f"<{''.join(each.split())}>" for each in found if each.strip())
    return tuple(ids)[-limits.references :]
