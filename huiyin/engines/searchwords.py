"""The words by which texts are found: the same for what is stored and for what is typed.

Chinese is cut into pairs of characters, so that every part of a text is found whatever words a dictionary would see
in it. Other scripts are cut into words, found by their beginning. What holds four characters and a digit is a number
(`HY-2024-0031`): signs inside do not count, and it is found by any part of four characters.

Every token is made of [a-z0-9] and Chinese characters only, so that no database cuts it again: other letters stand as
the hexadecimal number of their character, and each part of a number begins with 号.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from huiyin.engines.keywords.folding import fold, normalise

TOKENS = 20_000
NUMBER_CHARS = 40
PART_CHARS = 4
_NUMBER = "号"
_HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|[^\W_{_HAN}]+(?:[-._'&+/#][^\W_{_HAN}]+)*")
_SIGNS = re.compile(r"[-._'&+/#]")
_OTHER = re.compile(rf"[^a-z0-9{_HAN}]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One token that must stand in the text; `begins` when it is enough that one there begins with it."""

    token: str
    begins: bool = False


def stored(text: str) -> list[str]:
    """Return the tokens under which a text is found, each once; at most 20,000, those of its beginning first."""
    return list(islice(dict.fromkeys(_stored(normalise(text))), TOKENS))


def wanted(typed: str) -> list[Wanted]:
    """Return what must stand in a text to be found by these words; empty when they are too short to find by."""
    found = [one for run in _RUN.finditer(normalise(typed)) for one in _wanted(run)]
    return list(dict.fromkeys(found))


def spans(text: str, typed: str) -> list[tuple[int, int]]:
    """Return where the typed words stand in the text, from left to right, without overlap."""
    folded = fold(text)
    runs = [run[0] for run in _RUN.finditer(normalise(typed))]
    patterns = [_loosely(run) for run in sorted(set(runs), key=len, reverse=True)]
    if not patterns:
        return []
    found = [match.span() for match in re.finditer("|".join(patterns), folded.text) if match[0]]
    return [folded.to_original(start, end) for start, end in found]


def _stored(text: str) -> Iterator[str]:
    for run in _RUN.finditer(text):
        if run["han"]:
            yield from _pairs(run["han"])
        elif _is_number(run[0]):
            whole = _plain(run[0])[:NUMBER_CHARS]
            yield from (_NUMBER + whole[start:] for start in range(len(whole) - PART_CHARS + 1))
        else:
            yield from _words(run[0])


def _wanted(run: re.Match[str]) -> Iterator[Wanted]:
    if run["han"]:
        yield from (Wanted(pair) for pair in _pairs(run["han"]) if len(pair) == 2)
    elif _is_number(run[0]):
        yield Wanted(_NUMBER + _plain(run[0])[:NUMBER_CHARS], begins=True)
    else:
        words = [word for word in map(_plain, _SIGNS.split(run[0])) if word]
        yield from (Wanted(word, begins=len(word) > 2) for word in words if len(word) > 1)


def _pairs(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    yield from (run[at : at + 2] for at in range(len(run) - 1))


def _words(run: str) -> Iterator[str]:
    yield from (_plain(word)[:NUMBER_CHARS] for word in _SIGNS.split(run))


def _is_number(run: str) -> bool:
    plain = _SIGNS.sub("", run)
    return len(plain) >= PART_CHARS and any(char.isdigit() for char in plain)


def _plain(run: str) -> str:
    return _OTHER.sub(lambda other: f"x{ord(other[0]):x}", _SIGNS.sub("", run))


def _loosely(run: str) -> str:
    """Return a pattern for a run; signs between the characters of a number do not count."""
    if not _is_number(run):
        return re.escape(run)
    return r"[-._'&+/#]?".join(map(re.escape, _SIGNS.sub("", run)))
