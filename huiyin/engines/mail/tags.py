"""Markup cut into tags and text in linear time, however broken it is.

The parser of the standard library rescans unfinished comments and attributes, so the time grows
with the square of the length; this one never looks at a character more than a few times.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_NAME = re.compile(r"/?([a-zA-Z][^\s/>]{0,40})")
_PIECE = re.compile(r"[^>\"']*")
_ATTRIBUTE = re.compile(r"([^\s=\"'<>/]{1,40})\s*(?:=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_OPAQUE = ("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes")
_ATTRIBUTES_READ = ("href", "src", "alt", "style", "class", "id", "type", "hidden", "start", "title")
_TAG_READ = 4_000


@dataclass(frozen=True, slots=True)
class Tag:
    """An opening or closing tag; only the attributes that matter for reading are kept."""

    name: str
    closes: bool
    attributes: Mapping[str, str]


def read(markup: str, *, limit: int) -> Iterator[Tag | str | None]:
    """Yield tags and pieces of text (entities resolved) in order; None last when over `limit` tags."""
    at, count, unclosed = 0, 0, set[str]()
    while at < len(markup):
        opening = markup.find("<", at)
        if opening < 0:
            break
        if opening > at:
            yield html.unescape(markup[at:opening])
        count += 1
        if count > limit:
            yield None
            return
        name = _NAME.match(markup, opening + 1)
        if name is None:
            at = _skipped(markup, opening, unclosed)
            if at == opening:
                yield "<"
                at += 1
            continue
        at = _end(markup, name.end(), unclosed)
        tag = _tag(markup[opening + 1 : min(at - 1, opening + _TAG_READ)], name[1].lower())
        yield tag
        if tag.name in _OPAQUE and not tag.closes:
            at = _after_opaque(markup, at, tag.name)
    if at < len(markup):
        yield html.unescape(markup[at:])


def _tag(source: str, name: str) -> Tag:
    if source.startswith("/"):
        return Tag(name, True, {})
    attributes: dict[str, str] = {}
    for key, double, single, bare in _ATTRIBUTE.findall(source, len(name)):
        if key.lower() in _ATTRIBUTES_READ:
            attributes.setdefault(key.lower(), html.unescape(double or single or bare))
    return Tag(name, False, attributes)


def _end(markup: str, at: int, unclosed: set[str]) -> int:
    """Return where the tag ends, `>` inside quotes not counting."""
    while at < len(markup):
        piece = _PIECE.match(markup, at)
        at = piece.end() if piece else at
        mark = markup[at : at + 1]
        if mark in ("", ">"):
            return at + 1
        close = -1 if mark in unclosed else markup.find(mark, at + 1)
        if close < 0:
            unclosed.add(mark)
        at = at + 1 if close < 0 else close + 1
    return at


def _skipped(markup: str, at: int, unclosed: set[str]) -> int:
    """Return where a comment, declaration or stray closing ends; `at` when it is none of them."""
    if markup.startswith("<!--", at):
        end = markup.find("-->", at + 2)
        return len(markup) if end < 0 else end + 3
    if markup[at + 1 : at + 2] in ("!", "?", "/"):
        end = -1 if ">" in unclosed else markup.find(">", at)
        if end >= 0:
            return end + 1
        unclosed.add(">")
    return at


def _after_opaque(markup: str, at: int, name: str) -> int:
    end = re.compile(f"</{name}", re.IGNORECASE).search(markup, at)
    return end.start() if end else len(markup)
