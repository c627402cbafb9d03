"""Lists of people in headers: linear in their length, whatever quotes and brackets are missing."""

import re
from collections.abc import Iterator

from huiyin.engines.mail.cleaning import one_line
from huiyin.engines.mail.encoded_words import decode_words
from huiyin.engines.mail.values import Address

_TOKEN = re.compile(
    r"=\?[^?\s]{1,40}\?[bBqQ]\?[^?]*\?="  # an encoded word may hold commas and brackets
    r"|[^\\\"(<,;；:=\s]+|\s+|.",
    re.DOTALL,
)
_PAIRED = {'"': '"', "(": ")", "<": ">"}
_LOOSE = re.compile(r"[^\s<>()\[\],;:\"'|]{1,120}@[^\s<>()\[\],;:\"'|@]{1,253}")
_ROUTE = re.compile(r"^@[^:]*:")
_LONGEST_NAME = 200
_LONGEST_ADDRESS = 320


def read(text: str, *, limit: int) -> tuple[tuple[Address, ...], bool]:
    """Return the people in an unfolded header value and whether there were more than `limit`.

    Encoded words must still be encoded, so that a comma inside a name does not split it. A group's
    members are listed without the group. Entries with neither name nor address are left out.
    """
    found: list[Address] = []
    for pieces in _entries(text):
        person = _person(pieces)
        if person is None:
            continue
        if len(found) >= limit:
            return tuple(found), True
        found.append(person)
    return tuple(found), False


def _entries(text: str) -> Iterator[list[tuple[str, str]]]:
    """Yield each entry as pieces (kind, text): kind is `"`, `(`, `<` or `word`."""
    pieces: list[tuple[str, str]] = []
    at, unclosed = 0, set[str]()
    while at < len(text):
        token = _TOKEN.match(text, at)
        piece = token[0] if token else text[at]
        at += len(piece)
        if piece in _PAIRED and piece not in unclosed:
            end = _closing(text, at, _PAIRED[piece])
            if end < 0:
                unclosed.add(piece)
            else:
                pieces.append((piece, text[at:end]))
                at = end + 1
                continue
        if piece in ",;；":
            yield pieces
            pieces = []
        elif piece == ":" and not any(kind == "<" or "@" in words for kind, words in pieces):
            pieces = []
        else:
            pieces.append(("word", piece))
    yield pieces


def _closing(text: str, at: int, mark: str) -> int:
    end = text.find(mark, at)
    while mark == '"' and end > at and text[end - 1] == "\\":
        end = text.find(mark, end + 1)
    return end


def _person(pieces: list[tuple[str, str]]) -> Address | None:
    address = next((text for kind, text in reversed(pieces) if kind == "<"), None)
    words = "".join(text if kind == "word" else f" {text} " for kind, text in pieces if kind in ('"', "word"))
    comment = " ".join(text for kind, text in pieces if kind == "(")
    name = one_line(decode_words(words.replace("\\", "")))
    if address is None or "@" not in address:
        inside = f"{name} {decode_words(address or '')} {decode_words(comment)}"
        loose = _LOOSE.search(inside)
        if loose:
            address, name = loose[0], name.replace(loose[0], " ")
        elif address is None:
            address = ""
    address = _tidy_address(address)
    name = _tidy_name(name) or _tidy_name(one_line(decode_words(comment)))
    if name.lower() == address.lower():
        name = ""
    return Address(name, address) if name or address else None


def _tidy_address(address: str) -> str:
    text = _ROUTE.sub("", one_line(decode_words(address))).replace(" ", "")
    return text.removeprefix("mailto:").strip("<>,;'\"")[:_LONGEST_ADDRESS]


def _tidy_name(name: str) -> str:
    return one_line(name.strip(" <>\"'“”‘’,;"))[:_LONGEST_NAME]
