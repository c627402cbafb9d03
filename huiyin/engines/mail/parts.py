"""Cuts a message into its leaves in one pass over its lines, without recursion.

The parser of the standard library tests every line against every open boundary and nests one
generator a level; deep or wide mail costs it minutes or the stack. Here each line that begins with
two dashes is looked up among the open boundaries once, so the work does not grow with depth.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from huiyin.engines.mail import headers, parameters
from huiyin.engines.mail.headers import Head
from huiyin.engines.mail.parameters import Field
from huiyin.engines.mail.values import Defects, Limits

_DASHED = re.compile(rb"^--([^\r\n]{1,300})", re.MULTILINE)
_LIKELY_BOUNDARY = re.compile(
    rb"^--([^\r\n\s]{1,200})[ \t]*\r?\n(?:Content-|\r?\n)", re.MULTILINE | re.IGNORECASE
)
_LIKELY_WITHIN = 500_000


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part without parts: its fields, its still encoded bytes, and where in the tree it hangs.

    `alternative` numbers the innermost multipart/alternative around it (None outside), `related`
    tells whether a multipart/related encloses it, `signature` whether it signs its neighbour.
    """

    head: Head
    kind: Field
    disposition: Field
    raw: bytes
    alternative: int | None
    related: bool
    signature: bool = False


@dataclass(slots=True)
class _Open:
    """A multipart whose closing line has not been met."""

    boundary: bytes
    kind: Field
    head: Head
    body_at: int
    alternative: int | None
    related: bool
    children: int = 0


@dataclass(slots=True)
class _Tree:
    raw: bytes
    limits: Limits
    defects: Defects
    stack: list[_Open] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)
    known: dict[bytes, int] = field(default_factory=dict)
    parts: int = 0
    head_bytes: int = 0
    alternatives: int = 0


def cut(raw: bytes, head: Head, *, limits: Limits, defects: Defects) -> list[Leaf]:
    """Return the leaves of the message whose head is given, in order.

    A multipart without parts becomes one text leaf; a part nested deeper than `limits.depth` stays
    one unopened leaf; parts beyond `limits.parts` are left out. Each is noted in `defects`.
    """
    tree = _Tree(raw, limits, defects)
    pending = _enter(tree, head)
    for begin, stop, boundary, closes in _delimiters(tree, head.body_at):
        if pending:
            _add_leaf(tree, pending, begin)
            pending = None
        while tree.stack[-1].boundary != boundary:
            _leave(tree, begin)
        if closes:
            _leave(tree, begin)
            continue
        if _is_full(tree):
            break
        tree.stack[-1].children += 1
        end = min(len(raw), stop + limits.part_header_bytes)
        fields = limits.part_header_fields
        pending = _enter(
            tree, headers.read(raw, stop, end=end, fields=fields, limits=limits, defects=defects)
        )
    else:
        if pending:
            _add_leaf(tree, pending, len(raw))
        if tree.stack:
            defects.add("multipart_unclosed")
        while tree.stack:
            _leave(tree, len(raw))
    return tree.leaves


def _is_full(tree: _Tree) -> bool:
    if tree.parts >= tree.limits.parts:
        tree.defects.add("too_many_parts", {"limit": tree.limits.parts})
        return True
    if tree.head_bytes > tree.limits.header_bytes:
        tree.defects.add("headers_too_long", {"bytes": tree.limits.header_bytes})
        return True
    return False


def _delimiters(tree: _Tree, at: int) -> Iterator[tuple[int, int, bytes, bool]]:
    """Yield (end of what precedes, start of what follows, boundary, whether it closes)."""
    for count, match in enumerate(_DASHED.finditer(tree.raw, at)):
        if not tree.stack:
            return
        if count >= tree.limits.dashed_lines:
            tree.defects.add("too_many_parts", {"dashed_lines": tree.limits.dashed_lines})
            return
        token = match[1].rstrip()
        boundary, closes = _known(tree, token)
        if boundary is None:
            continue
        newline = tree.raw.find(b"\n", match.end())
        begin = match.start() - (2 if tree.raw[match.start() - 2 : match.start()] == b"\r\n" else 1)
        yield max(begin, 0), (len(tree.raw) if newline < 0 else newline + 1), boundary, closes


def _known(tree: _Tree, token: bytes) -> tuple[bytes | None, bool]:
    if tree.known.get(token):
        return token, False
    bare = token[:-2] if token.endswith(b"--") else b""
    return (bare, True) if tree.known.get(bare) else (None, False)


def _enter(tree: _Tree, head: Head) -> Leaf | None:
    """Open a multipart, or return the leaf that starts here; its bytes are filled in when it ends."""
    tree.parts += 1
    tree.head_bytes += sum(len(value) for _, value in head.fields) if tree.stack else 0
    kind = parameters.read(head.first("content-type"))
    above = tree.stack[-1] if tree.stack else None
    alternative, related = (above.alternative, above.related) if above else (None, False)
    if kind.value.startswith("multipart/"):
        boundary = _boundary(tree, kind, head)
        if boundary and len(tree.stack) < tree.limits.depth:
            if kind.value == "multipart/alternative":
                tree.alternatives += 1
                alternative = tree.alternatives
            related = related or kind.value == "multipart/related"
            tree.stack.append(_Open(boundary, kind, head, head.body_at, alternative, related))
            tree.known[boundary] = tree.known.get(boundary, 0) + 1
            return None
        if boundary:
            tree.defects.add("too_deep", {"limit": tree.limits.depth})
        else:
            tree.defects.add("boundary_missing")
        kind = Field("application/octet-stream" if above else "text/plain", {})
    elif not kind.value and above and above.kind.value == "multipart/digest":
        kind = Field("message/rfc822", {})
    signature = above is not None and above.kind.value == "multipart/signed" and above.children > 1
    disposition = parameters.read(head.first("content-disposition"))
    return Leaf(head, kind, disposition, b"", alternative, related, signature)


def _boundary(tree: _Tree, kind: Field, head: Head) -> bytes:
    declared = kind.params.get("boundary", "").strip().encode("utf-8", "replace")
    if tree.stack or (declared and tree.raw.find(b"--" + declared, head.body_at) >= 0):
        return declared[:200]
    likely = _LIKELY_BOUNDARY.search(tree.raw, head.body_at, head.body_at + _LIKELY_WITHIN)
    if likely:
        tree.defects.add("boundary_missing")
    return likely[1] if likely else declared[:200]


def _add_leaf(tree: _Tree, leaf: Leaf, end: int) -> None:
    raw = tree.raw[leaf.head.body_at : max(end, leaf.head.body_at)]
    tree.leaves.append(
        Leaf(leaf.head, leaf.kind, leaf.disposition, raw, leaf.alternative, leaf.related, leaf.signature)
    )


def _leave(tree: _Tree, end: int) -> None:
    closed = tree.stack.pop()
    tree.known[closed.boundary] -= 1
    if closed.children == 0 and closed.body_at < end:
        tree.defects.add("multipart_empty")
        text = Leaf(closed.head, Field("text/plain", {}), parameters.NOTHING, b"", None, related=False)
        _add_leaf(tree, text, end)
