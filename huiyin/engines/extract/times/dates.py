"""Which date the words for a day name, counted from the day a text was written."""

import re
from datetime import date, datetime, timedelta

from huiyin.engines.extract import numerals
from huiyin.engines.extract.times.tokens import Token
from huiyin.engines.extract.times.when import When, month_later

_RELATIVE = {
    "今": 0, "明": 1, "昨": -1, "后天": 2, "前天": -2, "大后天": 3, "大前天": -3,
    "today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1,
}  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEARS = {"今": 0, "明": 1, "去": -1}


def read(token: Token, when: When) -> date | datetime:
    """Return the date, or at once the moment where the word spans days (本周内, 月底).

    Raises ValueError for a date that does not exist.
    """
    return _READERS[token.name](token, when)


def _relative(token: Token, when: When) -> date:
    text = token.text
    days = _RELATIVE.get(text, _RELATIVE.get(text[0], 0))
    return when.today + timedelta(days=days)


def _weekday(token: Token, when: When) -> date:
    name = token.groups["day_of_week"]
    number = 6 if name in "日天末" else "一二三四五六".index(name)
    return _in_week(number, token.groups["week"], when)


def _english_weekday(token: Token, when: When) -> date:
    return _in_week(_WEEKDAYS.index(token.groups["english_day"]), token.groups["english_week"], when)


def _in_week(number: int, week: str | None, when: When) -> date:
    """Without a week the coming one, today included; weeks begin on Monday."""
    if week in (None, "coming"):
        return when.today + timedelta(days=(number - when.today.weekday()) % 7)
    monday = when.today - timedelta(days=when.today.weekday())
    return monday + timedelta(days=number + 7 * _weeks(week or ""))


def _weeks(word: str) -> int:
    if word == "next" or word == "last":
        return 1 if word == "next" else -1
    return word.count("下") - word.count("上")


def _week_end(token: Token, when: When) -> datetime:
    return when.week_end(_weeks(token.groups["which_week"]))


def _date(token: Token, when: When) -> date:
    month, day = (int(numerals.number(token.groups[name])) for name in ("month", "day"))
    year = token.groups["year"]
    if year in _YEARS:
        return date(when.today.year + _YEARS[year], month, day)
    return date(int(year), month, day) if year else _nearest(month, day, when)


def _iso(token: Token, when: When) -> date:
    year, month, day = (int(part) for part in re.split("[-/.]", token.text))
    return date(year, month, day)


def _english_date(token: Token, when: When) -> date:
    groups = token.groups
    month = _MONTHS.index((groups["month_first"] or groups["month_second"])[:3]) + 1
    day, year = int(groups["day_second"] or groups["day_first"]), groups["year_third"] or groups["year_last"]
    return date(int(year), month, day) if year else _nearest(month, day, when)


def _nearest(month: int, day: int, when: When) -> date:
    """Without a year the nearest such date: in December 1 月 5 日 is ahead, in April 3 月 5 日 behind."""
    dates = []
    for year in range(when.today.year - 1, when.today.year + 2):
        try:
            dates.append(date(year, month, day))
        except ValueError:
            continue
    return min(dates, key=lambda found: abs(found - when.today))


def _day_of_month(token: Token, when: When) -> date:
    """Without a month the coming one."""
    number = int(numerals.number(token.groups["number"]))
    of_month = token.groups["of_month"] or ""
    months = _weeks(of_month)
    if not of_month and number < when.today.day:
        months = 1
    return month_later(when.today.replace(day=1), months).replace(day=number)


def _month_end(token: Token, when: When) -> date | datetime:
    if token.groups["year_end"]:
        return date(when.today.year, 12, 31)
    months = _weeks(token.groups["which_month"] or "")
    if token.text.endswith("初"):
        first = month_later(when.today.replace(day=1), months or 1)
        return first + timedelta(days=4)
    return when.month_end(months)


def _english_span(token: Token, when: When) -> datetime:
    number = 1 if "next" in token.text else 0
    return when.month_end(number) if token.text.endswith("month") else when.week_end(number)


_READERS = {
    "relative": _relative,
    "weekday": _weekday,
    "week_end": _week_end,
    "date": _date,
    "iso": _iso,
    "month_end": _month_end,
    "day_of_month": _day_of_month,
    "english_relative": _relative,
    "english_weekday": _english_weekday,
    "english_date": _english_date,
    "european_date": _english_date,
    "english_span": _english_span,
}
