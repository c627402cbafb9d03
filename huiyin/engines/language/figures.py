"""Compares the figures of a draft with those of valid statements: 15 days against 7 days, 50 yuan against 10.

A figure is compared only with figures of the same unit in a clause about the same thing: they share words,
a third of the shorter clause at least. Only figures are compared; a “not” is beyond this check.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from huiyin.engines.extract import numerals
from huiyin.engines.keywords.folding import Folded, fold
from huiyin.engines.language.values import Statement
from huiyin.engines.similarity import tokens

SHARED = Fraction(1, 3)
_HOUR, _MONTH = ("hour", Fraction(1)), ("month", Fraction(1))
_DAY = ("hour", Fraction(24))
_UNITS: dict[str, tuple[str, Fraction]] = {
    "个工作日": ("workday", Fraction(1)),
    "工作日": ("workday", Fraction(1)),
    "working days?": ("workday", Fraction(1)),
    "business days?": ("workday", Fraction(1)),
    "分钟": ("hour", Fraction(1, 60)),
    "minutes?": ("hour", Fraction(1, 60)),
    "个?小时": _HOUR,
    "个?钟头": _HOUR,
    "hours?": _HOUR,
    "个?自然日": _DAY,
    "天": _DAY,
    "日": _DAY,
    "days?": _DAY,
    "周": ("hour", Fraction(168)),
    "个?星期": ("hour", Fraction(168)),
    "个?礼拜": ("hour", Fraction(168)),
    "weeks?": ("hour", Fraction(168)),
    "个月": _MONTH,
    "months?": _MONTH,
    "年": ("month", Fraction(12)),
    "years?": ("month", Fraction(12)),
    "%": ("percent", Fraction(1)),
    "percent": ("percent", Fraction(1)),
    "折": ("discount", Fraction(1)),
    "元": ("yuan", Fraction(1)),
    "块钱?": ("yuan", Fraction(1)),
    "yuan": ("yuan", Fraction(1)),
    "次": ("times", Fraction(1)),
    "times": ("times", Fraction(1)),
}
_SIGNS = {"百分之": ("percent", Fraction(1)), "¥": ("yuan", Fraction(1)), "rmb": ("yuan", Fraction(1))}
_SCALES = {"万": 10_000, "亿": 100_000_000}
_ENGLISH = "one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty"
# Bounded, so that a hostile run of digits costs no more than its length.
_NUMBER = rf"(?:\d{{1,12}}(?:,\d{{3}}){{0,4}}(?:\.\d{{1,6}})?\s?[万亿]?|{numerals.CHINESE}{{1,12}}|\b(?:{_ENGLISH})\b)"
_FIGURE = re.compile(
    rf"(?P<sign>{'|'.join(_SIGNS)})\s?(?P<signed>{_NUMBER})"
    rf"|(?<![\d.零一二两三四五六七八九十百千万])(?P<low>{_NUMBER})(?:\s?(?:-|~|到|至|to)\s?(?P<high>{_NUMBER}))?"
    rf"[\s-]?(?P<unit>{'|'.join(f'(?:{unit})' for unit in _UNITS)})(?![a-z])"
)
# Dates and years are no spans of time; blanked, they keep their length.
_DATE = re.compile(r"\d{4}\s?年(?:\s?\d{1,2}\s?月)?(?:\s?\d{1,2}\s?[日号])?|\d{1,2}\s?月\s?\d{1,2}\s?[日号]")
# A comma inside 20,000 parts nothing.
_CLAUSE = re.compile(r"(?:(?<=\d),(?=\d{3})|[^,;。!?\n])+")
_SENTENCE = re.compile(r"[^。!?\n]+")
_COMMON = frozenset(
    [
        *("可以", "我们", "您好", "的话", "之内", "以内", "需要", "大约", "左右", "一般", "申请", "支持"),
        *("the", "an", "you", "your", "we", "our", "can", "will", "be", "is", "are", "to", "of", "in"),
        *("for", "within", "after", "and", "it", "about", "please"),
    ]
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity from `low` to `high` (the same for one number) at `start`–`end`, and the words it is about:
    those of its clause, and those of its sentence and topic."""

    start: int
    end: int
    unit: str
    low: Fraction
    high: Fraction
    clause: frozenset[str]
    wider: frozenset[str]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A figure of the draft, and the nearest figure that is valid on the same thing."""

    span: tuple[int, int]
    said: str
    stated: str
    source: str


def contradictions(text: str, statements: Iterable[Statement]) -> Iterator[Contradiction]:
    """Yield each figure of `text` that fits none of the statements about the same thing."""
    stated = [
        (figure, statement)
        for statement in statements
        for figure in _figures(statement.text, statement.topic)
    ]
    for said in _figures(text, ""):
        near = [
            (nearness, figure, statement)
            for figure, statement in stated
            if figure.unit == said.unit and (nearness := _nearness(said, figure)) >= (0, SHARED)
        ]
        closest = max((nearness for nearness, _, _ in near), default=(0, Fraction(0)))
        near = [one for one in near if one[0][0] == closest[0]]
        if not near or any(figure.low <= said.low and said.high <= figure.high for _, figure, _ in near):
            continue
        _, figure, statement = next(one for one in near if one[0] == closest)
        words = statement.text[figure.start : figure.end]
        yield Contradiction((said.start, said.end), text[said.start : said.end], words, statement.source)


def _figures(text: str, topic: str) -> list[Figure]:
    folded = fold(text)
    plain = _DATE.sub(lambda date: " " * len(date[0]), folded.text)
    subject = _words(topic)
    figures: list[Figure] = []
    for sentence in _SENTENCE.finditer(plain):
        wider = _words(sentence[0]) | subject
        for clause in _CLAUSE.finditer(plain, *sentence.span()):
            about = _words(clause[0])
            found = (_figure(one, folded, about, wider) for one in _FIGURE.finditer(plain, *clause.span()))
            figures.extend(figure for figure in found if figure)
    return figures


def _figure(
    found: re.Match[str], folded: Folded, clause: frozenset[str], wider: frozenset[str]
) -> Figure | None:
    if found["sign"]:
        unit, factor = _SIGNS[found["sign"]]
    else:
        unit, factor = next(known for name, known in _UNITS.items() if re.fullmatch(name, found["unit"]))
    low = _value(found["signed"] or found["low"])
    high = _value(found["high"]) if found["high"] else low
    if low is None or high is None:
        return None
    start, end = folded.to_original(*found.span())
    return Figure(start, end, unit, min(low, high) * factor, max(low, high) * factor, clause, wider)


def _value(text: str) -> Fraction | None:
    scale = _SCALES.get(text[-1], 1) if text[0].isdigit() else 1
    try:
        return Fraction(numerals.number(text.rstrip("万亿 ") if scale > 1 else text)) * scale
    except ValueError:
        return None


def _words(text: str) -> frozenset[str]:
    """The words that tell what a text is about: no figures, no single characters, nothing common."""
    words = tokens(_FIGURE.sub(" ", text))
    return frozenset(word for word in words if len(word) > 1 and word not in _COMMON)


def _nearness(one: Figure, two: Figure) -> tuple[int, Fraction]:
    """How much two figures are about the same thing: by their clauses (1), else by all around them (0)."""
    by_clause = _share(one.clause, two.clause)
    return (1, by_clause) if by_clause >= SHARED else (0, _share(one.wider, two.wider))


def _share(one: frozenset[str], two: frozenset[str]) -> Fraction:
    fewer = min(len(one), len(two))
    return Fraction(len(one & two), fewer) if fewer else Fraction(0)
