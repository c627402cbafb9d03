"""Markup to the text that a person would see, with lists, links, tables and quotes in plain signs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from huiyin.engines.mail import markup_words as marks
from huiyin.engines.mail import tags
from huiyin.engines.mail.tags import Tag

_ROW_LONGEST = 200


@dataclass(slots=True)
class _Page:
    """The lines so far and what encloses the place that is being read."""

    show_hidden: bool
    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    blockquotes: list[bool] = field(default_factory=list)
    quoted: int = 0
    lists: list[int | None] = field(default_factory=list)
    hidden: str = ""
    hidden_depth: int = 0
    pre: int = 0
    mark: str = ""
    rows: list[list[int]] = field(default_factory=list)
    link: tuple[str, int] | None = None


def convert(markup: str, *, limit: int) -> tuple[str, bool]:
    """Return (text, whole): what a reader sees, and whether all of at most `limit` tags were read.

    Scripts, styles and hidden elements are left out, unless nothing else is there. Links keep their
    address in brackets, list items a dash or number, table cells a bar between them, and quoting
    blocks a `>` before each line.
    """
    text, whole = _convert(markup, limit, show_hidden=False)
    return (text, whole) if text else _convert(markup, limit, show_hidden=True)


def _convert(markup: str, limit: int, *, show_hidden: bool) -> tuple[str, bool]:
    page = _Page(show_hidden)
    whole = True
    for token in tags.read(markup, limit=limit):
        if token is None:
            whole = False
        elif isinstance(token, str):
            if not page.hidden:
                _write(page, token)
        elif page.hidden:
            _pass_hidden(page, token)
        elif token.closes:
            _close(page, token.name)
        else:
            _open(page, token)
    _break(page)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(page.lines)).strip("\n "), whole


def _write(page: _Page, text: str) -> None:
    if page.pre:
        first, *rest = text.split("\n")
        page.line.append(first)
        for line in rest:
            _break(page, always=True)
            page.line.append(line)
        return
    text = marks.SPACES.sub(" ", text)
    if text != " " or (page.line and not page.line[-1].endswith(" ")):
        page.line.append(text)


def _break(page: _Page, *, always: bool = False) -> None:
    """End the line; with `always` an empty one too."""
    text = "".join(page.line)
    # Two dashes and a space are the mark of a signature: its space is not idle.
    text = (
        "-- " if text.strip() == "--" and text.endswith(" ") else text.rstrip() if page.pre else text.strip()
    )
    if text or always:
        page.lines.append("> " * min(page.quoted, marks.DEEPEST_QUOTE) + (page.mark + text if text else ""))
        page.mark = "" if text else page.mark
    page.line.clear()
    if page.link:
        page.link = (page.link[0], 0)


def _space(page: _Page) -> None:
    _break(page)
    if page.lines and page.lines[-1].strip("> "):
        page.lines.append(("> " * min(page.quoted, marks.DEEPEST_QUOTE)).rstrip())


def _open(page: _Page, tag: Tag) -> None:
    name, attributes = tag.name, tag.attributes
    if name in marks.DROPPED or (_is_hidden(attributes) and not page.show_hidden):
        if name not in marks.VOID:
            page.hidden, page.hidden_depth = name, 1
        return
    if name in marks.BLOCKS:
        (_space if name in marks.SPACED and not page.lists else _break)(page)
    _enter(page, name, attributes)


def _enter(page: _Page, name: str, attributes: Mapping[str, str]) -> None:
    if name == "br":
        _break(page, always=True)
    elif name == "hr":
        page.lines.append("-" * 20)
    elif name == "img" and attributes.get("alt", "").strip():
        _write(page, f"[{attributes['alt'].strip()[:200]}]")
    elif name == "a" and marks.LINK.match(attributes.get("href", "")):
        page.link = (attributes["href"].strip()[:2_000], len(page.line))
    elif name == "table":
        page.rows.append([])
    elif name == "tr":
        _end_row(page)
    elif name in ("td", "th"):
        _begin_cell(page)
    elif name == "li":
        _item(page)
    elif name in ("ul", "ol"):
        page.lists.append(None if name == "ul" else _number(attributes.get("start", "1")))
    elif name == "blockquote":
        page.blockquotes.append(_quotes(attributes))
        page.quoted += page.blockquotes[-1]
    elif name == "pre":
        page.pre += 1


def _close(page: _Page, name: str) -> None:
    if name == "a" and page.link:
        href, start = page.link
        page.link = None
        shown = "".join(page.line[start:]).strip()
        bare = marks.BARE_LINK.sub("", href)
        if shown and bare.lower() != marks.BARE_LINK.sub("", shown).lower():
            page.line.append(f" ({href.removeprefix('mailto:')})")
    if name in marks.BLOCKS:
        (_space if name in marks.SPACED and len(page.lists) < 2 else _break)(page)
    if name == "blockquote" and page.blockquotes:
        page.quoted -= page.blockquotes.pop()
    elif name in ("ul", "ol") and page.lists:
        page.lists.pop()
    elif name == "pre" and page.pre:
        page.pre -= 1
    elif name in ("tr", "table"):
        _end_row(page)
        if name == "table" and page.rows:
            page.rows.pop()


def _begin_cell(page: _Page) -> None:
    _break(page)
    if not page.rows:
        page.rows.append([])
    page.rows[-1].append(len(page.lines))


def _end_row(page: _Page) -> None:
    """Put the cells of the row that ends here beside each other, if each is at most one line."""
    _break(page)
    starts = page.rows[-1] if page.rows else []
    if len(starts) > 1 and len(page.lines) - starts[0] <= _ROW_LONGEST:
        prefix = "> " * min(page.quoted, marks.DEEPEST_QUOTE)
        ends = [*starts[1:], len(page.lines)]
        slices = [page.lines[start:end] for start, end in zip(starts, ends, strict=True)]
        cells = [[line.removeprefix(prefix) for line in cell if line.strip("> ")] for cell in slices]
        if any(cells) and all(len(cell) <= 1 for cell in cells):
            page.lines[starts[0] :] = [prefix + " | ".join(cell[0] for cell in cells if cell)]
    starts.clear()


def _item(page: _Page) -> None:
    depth = min(max(len(page.lists) - 1, 0), marks.DEEPEST_QUOTE)
    number = page.lists[-1] if page.lists else None
    mark = "- " if number is None else f"{number}. "
    if number is not None:
        page.lists[-1] = number + 1
    page.mark = "  " * depth + mark


def _pass_hidden(page: _Page, tag: Tag) -> None:
    if tag.name == page.hidden:
        if tag.closes:
            page.hidden_depth -= 1
        elif tag.name in marks.SELF_CLOSING:
            page.hidden = ""
            _open(page, tag)
            return
        else:
            page.hidden_depth += 1
    if page.hidden_depth <= 0 or (tag.closes and tag.name in ("body", "html")):
        page.hidden = ""
    if page.hidden == "head" and tag.name == "body":
        page.hidden = ""


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return "hidden" in attributes or marks.HIDING.search(attributes.get("style", "")) is not None


def _quotes(attributes: Mapping[str, str]) -> bool:
    # Many programs indent with a blockquote; only these marks say that somebody is quoted.
    told = f"{attributes.get('class', '')} {attributes.get('id', '')}"
    return attributes.get("type", "").lower() == "cite" or marks.QUOTING.search(told) is not None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
