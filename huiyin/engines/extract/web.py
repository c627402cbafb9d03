"""Addresses on the net: e-mail and URLs."""

from collections.abc import Iterator

from huiyin.engines.extract.found import Found
from huiyin.engines.extract.page import Page, expression, is_code_char

_LOCAL = "a-z0-9._%+-"
_EMAIL = expression(rf"[{_LOCAL}]{{1,64}}@(?:[a-z0-9-]{{1,63}}\.){{1,4}}[a-z]{{2,24}}")
_TAIL = r"[a-z0-9\-._~%:/?#\[\]@!$&'()*+,;=]*"
_TOP = "com|cn|net|org|edu|gov|io|top|shop|info|example|test|hk|tw|uk|de|jp|co"
_URL = expression(
    rf"(?:https?://|www\.)[a-z0-9\[]{_TAIL}|"
    rf"[a-z0-9-]{{1,63}}(?:\.[a-z0-9-]{{1,63}}){{0,4}}\.(?:{_TOP})(?:[:/?#]{_TAIL})?"
)
_FILES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf", ".zip", ".doc", ".xls", ".txt", ".html", ".js")
_CLOSERS = ".,;:!?'\"*"
_PAIRS = {")": "(", "]": "["}


def emails(page: Page) -> Iterator[Found]:
    """Yield e-mail addresses; value in lower case."""
    for match in page.search(_EMAIL):
        start, end = match.span()
        while page.text[start] in ".%+-":
            start += 1
        name, _, domain = page.text[start:end].partition("@")
        cut_off = page.before(start) == "@" or is_code_char(page.before(start))
        if not name or cut_off or is_code_char(page.after(end)) or domain.endswith(_FILES):
            continue
        if ".." not in name and not name.endswith("."):
            yield page.found("email", page.text[start:end], start, end)


def urls(page: Page) -> Iterator[Found]:
    """Yield links as written, with the punctuation of the sentence around them left out."""
    for match in page.search(_URL):
        start, end = match.span()
        if is_code_char(page.before(start)) or page.before(start) in ".@-_/":
            continue
        end = _without_closers(page.text, start, _end_of_ascii(page.raw, start, end))
        if is_code_char(page.after(end)) or page.after(end) == "@":
            continue
        yield page.found("url", page.raw[start:end], start, end)


def _end_of_ascii(raw: str, start: int, end: int) -> int:
    """Wide punctuation folds to what a link may hold, but ends it."""
    return next((position for position in range(start, end) if not raw[position].isascii()), end)


def _without_closers(text: str, start: int, end: int) -> int:
    """Leave out punctuation at the end, and a closing bracket whose opening one is not in the link."""
    surplus = {
        close: text.count(close, start, end) - text.count(_PAIRS[close], start, end) for close in _PAIRS
    }
    while end > start:
        last = text[end - 1]
        if last not in _CLOSERS and surplus.get(last, 0) <= 0:
            break
        if last in surplus:
            surplus[last] -= 1
        end -= 1
    return end
