"""The words that moments are made of, found in one pass: days, parts of a day, hours, limits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from huiyin.engines.extract.numerals import CHINESE
from huiyin.engines.extract.page import Page, expression

_WEEKDAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_MONTHS = (
    "january|february|march|april|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|may|jun|jul|aug|sept|sep|oct|nov|dec"
)
# Leftmost wins, then the earlier in this list: longer words stand before those they contain.
_FORMS = (
    r"(?P<relative>大后天|大前天|[后前]天|[今明昨][天日儿](?P<in_day>之内|以内|内)?|[今明昨][早晚晨夜])",
    r"(?P<weekday>(?P<week>下下个?|上上个?|本|这个?|下个?|上个?)?(?:周|星期|"
    r"礼拜)(?P<day_of_week>[一二三四五六日天末]))",
    r"(?P<week_end>(?P<which_week>下下个?|本|这个?|下个?|上个?)(?:周|星期|礼拜)(?:之内|以内|内)?)",
    rf"(?P<date>(?:(?P<year>\d{{4}}|今|明|去)年)?(?P<month>\d{{1,2}}|"
    rf"{CHINESE}{{1,2}})\s?月\s?(?P<day>\d{{1,2}}|{CHINESE}{{1,3}})\s?[日号])",
    r"(?P<iso>\d{4}[-/.]\d{1,2}[-/.]\d{1,2})",
    r"(?P<month_end>(?P<which_month>本|这个?|下个?|上个?)?月[底末初]|(?P<in_month>本|这个)月(?:之内|"
    r"以内|内)|(?P<year_end>年[底末]))",
    rf"(?P<day_of_month>(?:(?P<of_month>本|这个?|下个?|上个?)月)?(?P<number>\d{{1,2}}|"
    rf"{CHINESE}{{1,3}})\s?[号日])",
    rf"(?P<clock>(?P<hour>\d{{1,2}}|{CHINESE}{{1,3}})\s?(?:点钟|点整|点|时)(?:(?P<part_of_hour>半|一刻|"
    rf"三刻)|(?P<minute>\d{{1,2}}|{CHINESE}{{1,3}})分?|\s(?P<minute_apart>\d{{1,2}})\s?分)?)",
    r"(?P<wall>(?P<wall_hour>\d{1,2}):(?P<wall_minute>\d{2})(?::\d{2})?(?:\s?(?P<wall_half>a\.?m\b\.?|"
    r"p\.?m\b\.?))?)",
    r"(?P<closing>下班|收工|打烊|\bclose of business|\b(?:the )?end of (?:the )?(?:business |"
    r"working )?day|\beod\b|\bcob\b)",
    r"(?P<part>凌晨|清晨|早上|早晨|上午|中午|正午|午间|下午|傍晚|晚上|晚间|夜里|午夜|早|晚)",
    r"(?P<limit>之前|以前|前|之后|以后|后|左右|截止|为止)",
    r"(?P<english_relative>\b(?:today|tonight|tomorrow|yesterday)\b|\bthis (?:morning|afternoon|evening)\b)",
    rf"(?P<english_weekday>\b(?:(?P<english_week>this|next|last|coming)\s)?(?P<english_day>{_WEEKDAYS})\b)",
    rf"(?P<english_date>\b(?P<month_first>{_MONTHS})\.?\s(?P<day_second>\d{{1,2}})(?:st|nd|rd|"
    rf"th)?\b(?:,?\s(?P<year_third>20\d{{2}})\b)?)",
    rf"(?P<european_date>\b(?P<day_first>\d{{1,2}})(?:st|nd|rd|"
    rf"th)?\s(?:of\s)?(?P<month_second>{_MONTHS})\b\.?(?:,?\s(?P<year_last>20\d{{2}})\b)?)",
    r"(?P<english_clock>\b(?P<english_hour>\d{1,2})\s?(?:(?P<english_half>a\.?m\b\.?|p\.?m\b\.?)|o'?clock))",
    r"(?P<english_span>\b(?:the\s)?end of (?:the|this|next) (?:week|month)\b|\b(?:this|next) week\b)",
    r"(?P<english_part>\b(?:morning|noon|midday|afternoon|evening|midnight|night)\b)",
    r"(?P<english_limit>\b(?:by|before|until|no later than|after)\b)",
)
_TOKEN = expression("|".join(_FORMS), spans_only=True)
# RE2 finds the words in linear time; what one consists of is read faster from the few characters found.
_PARTS = re.compile("|".join(_FORMS), re.ASCII)


@dataclass(frozen=True, slots=True)
class Token:
    """One word: `name` is its form above, `groups` what it consists of."""

    name: str
    start: int
    end: int
    text: str
    groups: dict[str, Any]


def tokens(page: Page) -> Iterator[Token]:
    """Yield the words in reading order."""
    for match in page.search(_TOKEN):
        start, end = match.span()
        parts = _PARTS.fullmatch(page.text, start, end)
        if parts and parts.lastgroup:
            yield Token(parts.lastgroup, start, end, parts.group(), parts.groupdict())
