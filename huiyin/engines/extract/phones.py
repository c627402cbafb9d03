"""Phone numbers: mobile, fixed, 400/800, extensions, abroad; never a sum, a date, goods or an order."""

import re
from collections.abc import Iterator
from typing import Any

import phonenumbers

from huiyin.engines.extract.found import Found
from huiyin.engines.extract.page import Page, expression, is_code_char

_GAP = r"[ -]?"
_CHINA = r"(?:\(?(?:\+|00)\s?86\)?[ -]{0,2}|\b86[ -])?"
_MOBILE = expression(
    rf"{_CHINA}(1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}|1[3-9]\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{4}}|"
    rf"1[3-9]\d{_GAP}\d{{3}}{_GAP}\d{{5}})"
)
_EXTENSION = r"(?:\s?(?:转|分机号?|ext\.?|extension|x|#)\s?:?\s?(\d{1,6})|-(\d{3,5}))?"
_FIXED = expression(
    rf"(?:\(?(?:\+|00)86\)?[ -]?\(?0?(10|2\d|[3-9]\d{{2}})\)?|\(0(10|2\d|[3-9]\d{{2}})\)|0(10|2\d|"
    rf"[3-9]\d{{2}}))"
    rf"[ -]{{0,2}}([2-9]\d{{2,3}}{_GAP}\d{{4}}){_EXTENSION}"
)
_TOLL_FREE = expression(rf"([48]00(?:{_GAP}\d{{3}}{_GAP}\d{{4}}|{_GAP}\d{{4}}{_GAP}\d{{3}})){_EXTENSION}")
_ABROAD = expression(r"\+[1-9]\d{0,2}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,5}(?:[ .-]?\d{2,5}){1,4}")
_AMERICAN = expression(r"(?:\+?1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[.-])\d{3}[.-]\d{4}")
_LOCAL = expression(
    r"(?:电话|座机|固话|传真|致电|热线|\btel|\bphone|\bfax|\bcall me (?:on|at))(?:号码|号|"
    r"number)?[\s:.是为]{0,3}"
    rf"([2-9]\d{{2,3}}{_GAP}\d{{4}}){_EXTENSION}"
)
# A word for “phone” may touch the number, and so may another number after a stroke.
_LEADS = re.compile(r"(?<![a-z0-9])(?:tel|phone|mobile|mob|cell|call|wx|vx|v|m|t|wechat)$|\d{7}/$")
_ANOTHER = re.compile(r"/[01]\d{9}")
_COUNTED = "元块件个台次条%℃斤吨亩"


def phones(page: Page) -> Iterator[Found]:
    """Yield phone numbers; value in E.164 where country and area are known, an extension after “;ext=”."""
    if sum(char.isdigit() for char in page.text) < 7:
        return
    for match in _standing_alone(page, _MOBILE):
        yield page.found("phone", f"+86{_digits(match.group(1))}", *match.span())
    for match in _standing_alone(page, _TOLL_FREE):
        yield _with_extension(page, match, f"+86{_digits(match.group(1))}", match.groups()[1:])
    for match in _standing_alone(page, _FIXED):
        area = match.group(1) or match.group(2) or match.group(3)
        yield _with_extension(page, match, f"+86{area}{_digits(match.group(4))}", match.groups()[4:])
    for match in _standing_alone(page, _ABROAD):
        number = _abroad(match.group())
        if number:
            yield page.found("phone", number, *match.span())
    for match in _standing_alone(page, _AMERICAN):
        yield page.found("phone", f"+1{_digits(match.group())[-10:]}", *match.span())
    yield from _local(page)


def _local(page: Page) -> Iterator[Found]:
    for match in page.search(_LOCAL):
        start, end = match.start(1), match.end()
        if page.is_number_alone(start, end):
            extension = match.group(2) or match.group(3)
            value = _digits(match.group(1)) + (f";ext={extension}" if extension else "")
            yield page.found("phone", value, start, end)


def _standing_alone(page: Page, pattern: Any) -> Iterator[Any]:
    for match in page.search(pattern):
        start, end = match.span()
        left = page.begins_alone(start) or _LEADS.search(page.text, max(0, start - 9), start)
        if left and _ends(page, end):
            yield match


def _ends(page: Page, end: int) -> bool:
    after, beyond = page.after(end), page.after(end + 1)
    if after.isdigit() or after in _COUNTED:
        return False
    if is_code_char(after):
        return page.text.startswith(("wx", "vx"), end)
    if _ANOTHER.match(page.text, end):
        return True
    return not (after in "-_./=&" and is_code_char(beyond))


def _with_extension(page: Page, match: Any, number: str, extensions: tuple[str | None, ...]) -> Found:
    extension = next((digits for digits in extensions if digits), None)
    return page.found("phone", number + (f";ext={extension}" if extension else ""), *match.span())


def _abroad(text: str) -> str | None:
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())
