"""Join words to moments: 明天 + 下午 + 3 点 + 前, by + 5 pm + on Friday."""

import re
from collections.abc import Iterator

from huiyin.engines.extract.found import Time
from huiyin.engines.extract.page import Page, is_code_char
from huiyin.engines.extract.times.lengths import lengths
from huiyin.engines.extract.times.moments import Moment, read
from huiyin.engines.extract.times.tokens import Token, tokens
from huiyin.engines.extract.times.when import When

_GLUE = re.compile(r"\s?的?\s?|,\s|\s(?:in the|on the|on|at|of|around|about|the)\s|\s?(?:到|至|-|~)\s?")
_RANGE = re.compile(r"\s?(?:到|至|-|~)\s?")
_NOT_LIMITING = {"前": "台面后端排门方往任途景", "后": "台面续来备天门期悔果背边排"}
_LENGTHS_AND_RATIOS = re.compile(r"(?:时长|长达|比例|比分|比为|ratio)\W?$")
_LONGEST_GLUE = 8
_MOST_WORDS = 8
_SLOTS = {
    "relative": "day", "weekday": "day", "week_end": "day", "date": "day", "iso": "day", "month_end": "day",
    "day_of_month": "day", "english_relative": "day", "english_weekday": "day", "english_date": "day",
    "european_date": "day", "english_span": "day", "clock": "hour", "wall": "hour", "closing": "hour",
    "english_clock": "hour", "part": "part", "english_part": "part", "limit": "limit",
    "english_limit": "limit",
}  # fmt: skip


def times(page: Page, when: When) -> Iterator[Time]:
    """Yield every moment with its latest instant, in UTC."""
    yield from lengths(page, when)
    group: list[Token] = []
    for token in tokens(page):
        if _is_other_word(page, group, token):
            continue
        if group and not _goes_on(page, group, token):
            yield from _moment(page, group, when)
            group = []
        group.append(token)
    yield from _moment(page, group, when)


def _is_other_word(page: Page, group: list[Token], token: Token) -> bool:
    """前台 limits nothing, 最晚 is no evening, 时长 1:30 no hour; “may” is a month only with its capital."""
    after = page.after(token.end)
    if token.text in _NOT_LIMITING:
        return after in _NOT_LIMITING[token.text]
    if token.text in ("早", "晚"):
        return not group or group[-1].end != token.start
    if token.name == "wall":
        return _LENGTHS_AND_RATIOS.search(page.text, max(0, token.start - 4), token.start) is not None
    return token.name == "english_date" and page.cased.startswith("may", token.start)


def _goes_on(page: Page, group: list[Token], token: Token) -> bool:
    gap_start = group[-1].end
    too_far = token.start - gap_start > _LONGEST_GLUE or len(group) >= _MOST_WORDS
    if too_far or not page.is_free(gap_start, token.start):
        return False
    gap = page.text[gap_start : token.start]
    if not _GLUE.fullmatch(gap) or group[-1].name == "limit":
        return False
    slots = [_SLOTS[other.name] for other in group]
    if _RANGE.fullmatch(gap) and gap.strip():
        return _SLOTS[token.name] == "hour" and slots[-1] == "hour"
    if "," in gap and not token.name.startswith("e"):
        return False
    if token.name == "english_limit":
        return "limit" not in slots and not gap.strip()
    return _SLOTS[token.name] not in slots


def _moment(page: Page, group: list[Token], when: When) -> Iterator[Time]:
    while group and group[-1].name == "english_limit":
        group = group[:-1]
    while group and group[0].name in ("limit",):
        group = group[1:]
    if not group or not _stands_alone(page, group):
        return
    slots: dict[str, Token] = {_SLOTS[token.name]: token for token in group}
    moment = read(Moment(**slots), when)
    if moment is None:
        return
    due, sense = moment
    named = [token for token in group if token.name != "english_limit"]
    start, end = named[0].start, named[-1].end
    page.take(start, end)
    local = due.astimezone(when.zone).isoformat(timespec="minutes")
    yield Time("time", local, start, end, page.raw[start:end], due=due, sense=sense)


def _stands_alone(page: Page, group: list[Token]) -> bool:
    """Not inside a number or a longer word: 一周一次, 每周五, 第3点, 12:30:45.6 name no moment."""
    first = next(token for token in group if token.name != "english_limit")
    before, after = page.before(first.start), page.after(group[-1].end)
    if page.text[max(0, first.start - 6) : first.start] == "every ":
        return False
    if is_code_char(first.text[0]) and (is_code_char(before) or before in "./-:"):
        return False
    if is_code_char(group[-1].text[-1]) and (is_code_char(after) or after in ":%"):
        return False
    return not (
        before in "第每几.·逢" or (first.name == "weekday" and before in "0123456789一两二三四五六几")
    )
