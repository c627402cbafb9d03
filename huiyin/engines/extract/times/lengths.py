"""Lengths of time that lead to a moment: 2 小时内, 三个工作日后, within two hours, 3 days ago."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from huiyin.engines.extract import numerals
from huiyin.engines.extract.found import Time
from huiyin.engines.extract.page import Page, expression, is_code_char
from huiyin.engines.extract.times.when import When, month_later

_FIGURE = r"\d{1,4}(?:\.\d{1,2})?"
_N = rf"(?:{_FIGURE}|{numerals.CHINESE}{{1,4}}|半)"
_CHINESE = expression(
    rf"(?:{_N}\s?(?:个)?\s?(?:到|至|-|~|或)\s?)?(?P<n>{_N})\s?(?P<ge>个)?多?(?P<half>半)?\s?"
    r"(?P<unit>个?工作日|工作天|分钟|刻钟|小时|钟头|天|日|周|星期|礼拜|月|年|min|mins|hours|hour|hrs|hr|"
    r"h|days|day)(?P<and_half>半)?"
    r"(?:的?时间)?\s?(?P<relation>之内|以内|内|之后|以后|后|之前|以前|前)"
)
_NUMBER = rf"(?:{_FIGURE}|{numerals.ENGLISH})"
_UNIT = (
    rf"(?P<n>{_NUMBER})[\s-]?(?P<kind>business|working|calendar|full)?\s?"
    r"(?P<unit>minutes?|mins?|hours?|hrs?|h|days?|weeks?|months?|years?)\b"
)
_AHEAD = expression(
    rf"\b(?P<relation>within|in|inside)\s(?:the\s)?(?:next\s)?(?:{_NUMBER}\s?(?:-|–|to|or)\s?)?{_UNIT}"
)
_BEHIND = expression(rf"\b{_UNIT}\s(?P<relation>ago|from now|later)\b")
_UNITS = {
    "分钟": "minute", "刻钟": "quarter", "小时": "hour", "钟头": "hour", "天": "day", "日": "day",
    "周": "week",
    "星期": "week", "礼拜": "week", "月": "month", "年": "year", "工作日": "working", "个工作日": "working",
    "工作天": "working", "min": "minute", "hr": "hour", "h": "hour",
}  # fmt: skip
_LENGTHS = {
    "minute": timedelta(minutes=1), "quarter": timedelta(minutes=15), "hour": timedelta(hours=1),
    "day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30),
    "year": timedelta(days=365),
}  # fmt: skip
_WITHIN = ("之内", "以内", "内", "within", "inside")
_AGO = ("之前", "以前", "前", "ago")
LONGEST_YEARS = 20


def lengths(page: Page, when: When) -> Iterator[Time]:
    """Yield moments that lie a length of time away; of a range (1–2 天) the longer counts."""
    for match in page.search(_CHINESE):
        if not _is_clumsy(page, match):
            yield from _found(page, match, when)
    for pattern in (_AHEAD, _BEHIND):
        for match in page.search(pattern):
            yield from _found(page, match, when)


def _is_clumsy(page: Page, match: Any) -> bool:
    """2 月前 is February, 25 日前 a date, 第三天内 a position, 2026 年内 a year."""
    unit, relation, has_ge = match.group("unit"), match.group("relation"), bool(match.group("ge"))
    if (unit == "月" and not has_ge) or (unit == "日" and relation not in _WITHIN):
        return True
    if unit == "年" and len(match.group("n")) > 2:
        return True
    before = page.before(match.start())
    return is_code_char(before) or before in ".第每"


def _found(page: Page, match: Any, when: When) -> Iterator[Time]:
    try:
        number = _number(match)
    except ValueError:
        return
    unit = _unit(match)
    relation = match.group("relation")
    if (
        number > 2000
        or _LENGTHS.get(unit, _LENGTHS["day"]) * float(number) > _LENGTHS["year"] * LONGEST_YEARS
    ):
        return
    kind = "within" if relation in _WITHIN else "ago" if relation in _AGO else "after"
    due = _away(when, number, unit, back=kind == "ago")
    start, end = match.span()
    page.take(start, end)
    local = due.astimezone(when.zone).isoformat(timespec="minutes")
    yield Time("time", local, start, end, page.raw[start:end], due=due, sense=kind)


def _number(match: Any) -> Decimal:
    text = match.group("n")
    groups = match.groupdict()
    half = Decimal("0.5") if groups.get("half") or groups.get("and_half") else Decimal(0)
    if text == "半":
        return Decimal("0.5")
    if len(text) == 2 and all(char in "一二两三四五六七八九" for char in text):
        # 两三天 is “two or three”; the longer counts.
        text = text[1]
    return numerals.number(text) + half


def _unit(match: Any) -> str:
    groups = match.groupdict()
    unit: str = groups["unit"]
    if groups.get("kind") in ("business", "working") and unit.startswith("day"):
        return "working"
    return _UNITS.get(unit) or _UNITS.get(unit.rstrip("s"), unit.rstrip("s"))


def _away(when: When, number: Decimal, unit: str, *, back: bool) -> datetime:
    whole = number == number.to_integral_value()
    if unit == "working" and not back:
        return when.working_days(int(number.to_integral_value(rounding="ROUND_CEILING")))
    if unit == "working":
        unit = "day"
    if unit in ("minute", "quarter", "hour") or not whole:
        length = _LENGTHS[unit] * float(number)
        return when.at - length if back else when.at + length
    count = int(number) * (-1 if back else 1)
    if unit in ("month", "year"):
        return when.day_end(month_later(when.today, count * (12 if unit == "year" else 1)))
    return when.day_end(when.today + _LENGTHS[unit] * count)
