"""The body as text and markup: which parts are meant to be read, in which form."""

import re
from dataclasses import dataclass

from huiyin.engines.mail import charsets, cleaning, html_text, invites, transfer
from huiyin.engines.mail.parts import Leaf
from huiyin.engines.mail.values import Defects, Limits

_META = re.compile(rb"<meta[^>]{0,300}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_MARKUP = re.compile(r"\s*(?:<!doctype html|<html[\s>]|<body[\s>])", re.IGNORECASE)
_FILES = ("text/calendar", "text/rfc822-headers", "text/vcard", "text/x-vcard", "text/directory", "text/csv")
_STUB = re.compile(r"(?i)html|不支持|浏览器|view this (?:e-?mail|message)")
_STUB_LONGEST = 300
_NOT_WORDS = re.compile(r"[\W_]+")
_META_READ = 2_000


@dataclass(frozen=True, slots=True)
class Written:
    """The body: `text` for a reader, `markup` as sent or None."""

    text: str
    markup: str | None


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    markup: str | None
    alternative: int | None


@dataclass(slots=True)
class _Budget:
    bytes_left: int
    tags_left: int
    guesses_left: int


def bodies(leaves: list[Leaf]) -> list[Leaf]:
    """Return the parts that are body rather than file, in order.

    When every text has a name, the first one that is not marked as attachment is the body.
    """
    texts = [leaf for leaf in leaves if _is_text(leaf)]
    unnamed = [leaf for leaf in texts if not _is_named(leaf) and leaf.disposition.value != "attachment"]
    alone = len(leaves) == 1
    spare = [
        leaf for leaf in texts if leaf.disposition.value != "attachment" or (alone and not _is_named(leaf))
    ]
    return unnamed or spare[:1]


def read(leaves: list[Leaf], *, limits: Limits, defects: Defects) -> Written:
    """Return the body of a message made of these leaves, at most `limits.text_bytes` of it.

    Plain text is preferred to the markup beside it, unless it is empty or only says that there is
    markup; without any of both, the first calendar part is put into words.
    """
    budget = _Budget(limits.text_bytes, limits.html_tags, limits.guesses)
    pieces = [_piece(leaf, budget, defects) for leaf in bodies(leaves)]
    markup = "\n".join(piece.markup for piece in pieces if piece.markup is not None)
    text = "\n\n".join(piece.text for piece in _chosen(pieces) if piece.text)
    if not text:
        text = next(
            (_invite(leaf, budget, defects) for leaf in leaves if leaf.kind.value == "text/calendar"), ""
        )
    return Written(text, markup if any(piece.markup is not None for piece in pieces) else None)


def _is_text(leaf: Leaf) -> bool:
    kind = leaf.kind.value
    return (kind in ("", "text") or kind.startswith("text/")) and kind not in _FILES and not leaf.signature


def _is_named(leaf: Leaf) -> bool:
    return bool(leaf.disposition.params.get("filename") or leaf.kind.params.get("name"))


def _chosen(pieces: list[_Piece]) -> list[_Piece]:
    """Leave out markup that repeats plain text, and plain text that only points to the markup."""
    plain = [piece for piece in pieces if piece.markup is None and piece.text]
    marked = [piece for piece in pieces if piece.markup is not None and piece.text]
    stubs = {
        piece.alternative for piece in plain if len(piece.text) < _STUB_LONGEST and _STUB.search(piece.text)
    } & {piece.alternative for piece in marked if len(piece.text) > 2 * _STUB_LONGEST}
    said = {piece.alternative for piece in plain} - stubs - {None}
    words = {_bare(piece.text) for piece in plain}
    chosen = []
    for piece in pieces:
        if piece.markup is None:
            keep = piece.alternative is None or piece.alternative not in stubs
        else:
            keep = piece.alternative not in said and _bare(piece.text) not in words
        if keep:
            chosen.append(piece)
    return chosen


def _bare(text: str) -> str:
    return _NOT_WORDS.sub("", text[:5_000])


def _piece(leaf: Leaf, budget: _Budget, defects: Defects) -> _Piece:
    text = _decoded(leaf, budget, defects)
    if leaf.kind.value == "text/html" or _MARKUP.match(text[:200]):
        markup = cleaning.markup(text)
        shown, whole = html_text.convert(markup, limit=budget.tags_left)
        budget.tags_left = max(0, budget.tags_left - markup.count("<"))
        if not whole:
            defects.add("text_cut", {"tags": "limit"})
        return _Piece(cleaning.body(shown).strip("\n "), markup, leaf.alternative)
    text = cleaning.body(text)
    if leaf.kind.params.get("format", "").lower() == "flowed":
        text = _unflowed(text, delete_space=leaf.kind.params.get("delsp", "").lower() == "yes")
    return _Piece(text.strip("\n") if text.strip() else "", None, leaf.alternative)


def _decoded(leaf: Leaf, budget: _Budget, defects: Defects) -> str:
    encoding = (leaf.head.first("content-transfer-encoding") or b"").decode("latin-1")
    # Four encoded bytes give at least one, so no more of a huge part than this can be shown.
    raw = transfer.decode(leaf.raw[: 4 * budget.bytes_left], encoding, defects)
    if len(raw) > budget.bytes_left or len(leaf.raw) > 4 * budget.bytes_left:
        defects.add("text_cut", {"bytes": budget.bytes_left})
        raw = _whole_lines(raw[: budget.bytes_left])
    budget.bytes_left -= len(raw)
    declared = leaf.kind.params.get("charset")
    if not declared and leaf.kind.value == "text/html":
        meta = _META.search(raw[:_META_READ])
        declared = meta[1].decode("ascii") if meta else None
    decoded = charsets.decode(raw, declared, guess=budget.guesses_left > 0)
    if decoded.wrong:
        budget.guesses_left -= 1
        defects.add(f"charset_{decoded.wrong}", {"declared": declared or "", "used": decoded.codec})
    return decoded.text


def _whole_lines(raw: bytes) -> bytes:
    end = raw.rfind(b"\n", max(0, len(raw) - 2_000))
    return raw[:end] if end > 0 else raw


def _invite(leaf: Leaf, budget: _Budget, defects: Defects) -> str:
    return cleaning.body(invites.summary(_decoded(leaf, budget, defects)))


def _unflowed(text: str, *, delete_space: bool) -> str:
    """Join the soft lines of format=flowed (RFC 3676), each quote depth by itself."""
    out: list[list[str]] = []
    depth_before = -1
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        if depth == depth_before:
            out[-1].append(content)
        else:
            out.append([">" * depth + (" " if depth else "") + content])
        soft = content.endswith(" ") and content != "-- "
        depth_before = depth if soft else -1
        if soft and delete_space:
            out[-1][-1] = out[-1][-1][:-1]
    return "\n".join("".join(line) for line in out)
