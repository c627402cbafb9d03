"""Which plain texts a pattern cannot match without, so that most patterns need not be tried at all.

Conservative: what is not understood asks for nothing, and the pattern is then always tried.
"""

import re
from dataclasses import dataclass, field

_REPEAT = re.compile(r"\?|\*|\+|\{(\d+)(?:,\d*)?\}")
_CLASS = re.compile(r"\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:[pPx]\{[^}]*\}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_GROUP = re.compile(r"\((?:\?(?::|P?<\w+>))?(?!\?)")
_MOST_LITERALS = 50


def required(pattern: str) -> frozenset[str]:
    """Return texts of which at least one, in lower case, is in whatever the pattern matches.

    Empty when no such texts are known. `pattern` is a valid RE2 expression.
    """
    if "\\Q" in pattern or "(?" in _GROUP.sub("", pattern):
        return frozenset()
    literals, _ = _either(pattern, 0)
    return literals if len(literals) <= _MOST_LITERALS else frozenset()


@dataclass(slots=True)
class _Row:
    """One alternative as far as read: the literal that is growing, and the best demand so far."""

    run: str = ""
    best: frozenset[str] = field(default_factory=frozenset)

    def demand(self, texts: frozenset[str]) -> None:
        """Keep the demand whose shortest text is the longest: it lets the fewest messages through."""
        if texts and min(map(len, texts)) > min(map(len, self.best), default=0):
            self.best = texts

    def flush(self) -> None:
        """The next character need not follow the run at once."""
        if self.run:
            self.demand(frozenset({self.run}))
        self.run = ""


def _either(pattern: str, at: int) -> tuple[frozenset[str], int]:
    """Read alternatives up to a closing bracket; all of them must demand something, or none does."""
    demands: list[frozenset[str]] = []
    while True:
        demand, at = _row(pattern, at)
        demands.append(demand)
        if at >= len(pattern) or pattern[at] == ")":
            return (frozenset().union(*demands) if all(demands) else frozenset()), at + 1
        at += 1


def _row(pattern: str, at: int) -> tuple[frozenset[str], int]:
    row = _Row()
    while at < len(pattern) and pattern[at] not in "|)":
        literal, group, at = _atom(pattern, at)
        repeat = _REPEAT.match(pattern, at)
        optional = repeat is not None and (repeat.group() in "?*" or repeat.group(1) == "0")
        if repeat:
            at = repeat.end() + pattern.startswith("?", repeat.end())
        if literal and not optional:
            row.run += literal
        if not literal or repeat:
            row.flush()
        if not optional:
            row.demand(group)
    row.flush()
    return row.best, at


def _atom(pattern: str, at: int) -> tuple[str, frozenset[str], int]:
    """Read one character, class, escape or group: its literal, what a group demands, and where it ends."""
    if (group := _GROUP.match(pattern, at)) is not None:
        demand, at = _either(pattern, group.end())
        return "", demand, at
    for compound in (_CLASS, _ESCAPE):
        if (found := compound.match(pattern, at)) is not None:
            punctuation = compound is _ESCAPE and not found.group()[1].isalnum()
            return found.group()[1].lower() if punctuation else "", frozenset(), found.end()
    return "" if pattern[at] in ".^$" else pattern[at].lower(), frozenset(), at + 1
