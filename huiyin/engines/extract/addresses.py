"""Postal addresses, Chinese and English: a place fine enough to find a door, or one given as the address."""

import re
from collections.abc import Iterator
from typing import Any

from huiyin.engines.extract.found import Found
from huiyin.engines.extract.page import Page, expression, is_code_char
from huiyin.engines.extract.places import CITIES, PROVINCES

_HAN = "[一-龥]"
_NUM = r"(?:[0-9a-z]{1,6}(?:-[0-9a-z]{1,5}){0,3}|[零一二三四五六七八九十百]{1,4})"
_AREA = "自治州|自治县|地区|新区|开发区|高新区|市|区|县|旗|镇|乡|街道"
_WAY = "路|大街|街|大道|道|巷|弄|胡同|里|村|屯"
_ESTATE = (
    "小区|花园|大厦|公寓|广场|家园|新村|苑|城|府|湾|中心|园区|写字楼|大楼|大学|学院|医院|宿舍|工业园|"
    "科技园|园"
)
_UNIT = "号楼|号院|号门|号|弄|栋|幢|座|单元|室|楼|层|房|组|户|门|期|区|铺"
_WING = "(?:[东南西北中]?[区院]|[一二三四五六七八九十0-9]{1,2}期)?"
_CITY = "|".join(sorted({*PROVINCES, *CITIES}, key=len, reverse=True))

_BEGIN = expression(rf"(?:{_CITY})")
_DOOR_OF_WAY = expression(
    rf"{_HAN}{{1,12}}(?:{_WAY})\s?{_NUM}(?:号|弄|栋|幢)|{_HAN}{{2,10}}(?:{_ESTATE}){_WING}\s?{_NUM}(?:{_UNIT})"
    r"|[0-9a-z]{1,3}(?:号楼|栋|幢)\s?(?:[0-9a-z]{1,2}单元\s?)?[0-9]{3,4}(?:室|房)?"
)
# One part after another is read from where the last one ended, so nothing is read twice over.
_PARTS = tuple(
    re.compile(part)
    for part in (
        rf"\s?(?:{_CITY})(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|省|市)?",
        rf"\s?(?P<door>{_NUM})\s?(?:{_UNIT})",
        rf"\s?{_HAN}{{1,6}}?(?:{_AREA})(?!场|域|别)",
        rf"\s?(?P<way>{_HAN}{{1,8}}?(?:{_WAY}))(?=\s?[0-9一二三四五六七八九十]|{_HAN})",
        rf"\s?[一-龥0-9a-z]{{0,10}}?(?:{_ESTATE}){_WING}(?=$|[^一-龥]|{_NUM}(?:{_UNIT}))",
        r"\s?(?P<room>[0-9]{2,4}(?:-[0-9]{1,4})?)(?![0-9a-z元块个件号台年月日天点人次])",
    )
)
_MOST_PARTS = 14
_LABELLED = expression(
    r"(?:(?:收货|收件|寄件|寄送|邮寄|送货|家庭|联系|退货|新|安装|上门|公司|店铺)?地址(?:是|为|改成|改为|"
    r"改到|换成)?|住址)"
    r"[:\s是为]{1,3}([^\n,，;；。!！?？]{4,80})"
)
_LEAD = re.compile(
    r".*(?:地址|成|到|发往|寄往|位于|住在|家住|家在|家里|店里|在|住|寄|送|去|从|是|的|往|至|了|给|于|把|请|为|改|"
    r"您|我|你|,|:)"
)
_NOT_WAYS = re.compile(
    r"(?:[一这那半几每哪走上过马铁公网线电思套退出]|.{0,8}[条哪这那]|铁道|知|味|报|频|渠|通|"
    r".{0,3}(?:公交|地铁)|.{0,6}(?:知道|味道|频道|渠道|报道|通道))(?:路|道|街|里)?[0-9]"
)
_PLACE_WORD = re.compile(rf"{_AREA}|{_WAY}|{_ESTATE}|{_UNIT}")
_AFTER_LABEL = re.compile(
    r"\s(?:电话|手机|联系|收件|收货人|姓名|邮编|1[3-9]\d{9}|tel|phone)|\s\S{2,4}(?:收|先生|女士)"
)
_ENGLISH = expression(
    r"(?:\b(?:Flat|Apt|Unit|Suite|Room) [0-9A-Z]{1,5}, ?)?\b\d{1,5}[A-Za-z]?(?: (?:N|S|E|W|North|South|"
    r"East|West))?(?: [A-Z][A-Za-z'.]{1,20}){1,4}? "
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Square|Sq|Place|Pl|"
    r"Terrace)\b\.?"
    r"(?:,? ?(?:Apt|Apartment|Suite|Ste|Unit|Flat|Room|Floor|Fl|#)\.? ?#?[0-9A-Z]{1,5}\b)?"
    r"(?:, ?[A-Z][A-Za-z'.]{1,20}(?: [A-Z][A-Za-z'.]{1,20}){0,2}\b){0,3}"
    r"(?:,? [A-Z]{2}\b)?(?:,? (?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z0-9]? ?\d[A-Z]{2})\b)?"
)


def addresses(page: Page) -> Iterator[Found]:
    """Yield postal addresses as written; a city, district or road alone is none."""
    for match in page.search(_LABELLED):
        yield from _labelled(page, match)
    for match in page.search(_BEGIN):
        if page.is_free(*match.span()):
            yield from _from(page, match.start())
    for match in page.search(_DOOR_OF_WAY):
        start, end = match.span()
        lead = _LEAD.match(page.text, start, end - 3)
        start = lead.end() if lead else start
        if page.is_free(start, end) and not _NOT_WAYS.match(page.text, start, end):
            yield from _from(page, start)
    for match in _ENGLISH.finditer(page.cased):
        if page.is_free(*match.span()) and not is_code_char(page.after(match.end())):
            yield page.found("address", page.raw[slice(*match.span())], *match.span())


def _from(page: Page, start: int) -> Iterator[Found]:
    """Follow the parts of an address from its begin; it must get down to a numbered door."""
    end, doors = start, 0
    for _ in range(_MOST_PARTS):
        part = next((found for part in _PARTS if (found := part.match(page.text, end))), None)
        if part is None or not page.is_free(*part.span()):
            break
        groups = {"door": None, "room": None, "way": None} | part.groupdict()
        if groups["room"] and not doors:
            break
        if groups["way"] and doors and not page.after(part.end()).isnumeric():
            break
        doors += bool(groups["door"] or groups["room"])
        end = part.end()
    if doors and end - start >= 5:
        yield page.found("address", page.raw[start:end], start, end)


def _labelled(page: Page, match: Any) -> Iterator[Found]:
    start, end = match.span(1)
    tail = _AFTER_LABEL.search(page.text, start, end)
    end = tail.start() if tail else end
    while end > start and page.text[end - 1].isspace():
        end -= 1
    if end - start >= 6 and _PLACE_WORD.search(page.text, start, end) and page.is_free(start, end):
        yield page.found("address", page.raw[start:end], start, end)
