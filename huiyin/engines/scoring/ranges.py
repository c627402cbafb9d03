"""Pay bands and commission tiers: a value for every number, proven without gap or overlap.

A range is held as two cuts of the number line. The cut (75, BEFORE) lies just below 75, (75, AFTER) just
above: (75, 80] runs from (75, AFTER) to (80, AFTER), [0, 2500) from (0, BEFORE) to (2500, BEFORE), “exactly
75” from (75, BEFORE) to (75, AFTER). One proof serves them all: each range begins where the last one ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from huiyin.engines.scoring import read
from huiyin.engines.scoring.error import ScoringError
from huiyin.engines.scoring.exact import Rounding, plain

BEFORE, AFTER = 0, 1
Cut = tuple[Decimal, int]
LOWEST: Cut = (Decimal("-Infinity"), AFTER)
HIGHEST: Cut = (Decimal("Infinity"), BEFORE)


@dataclass(frozen=True, slots=True)
class Span:
    """One range and what it gives: an amount, or a rate in percent; None is still to be filled in."""

    start: Cut
    end: Cut
    gives: Decimal | None

    def covers(self, value: Decimal) -> bool:
        """Say whether `value` lies in this range."""
        return self.start <= (value, BEFORE) and (value, AFTER) <= self.end

    def text(self) -> str:
        """Return the range as mathematicians write it, e.g. `(75, 80]`, `[0, 2500)`, `[75, 75]`."""
        opening = "[" if self.start[1] == BEFORE else "("
        closing = "]" if self.end[1] == AFTER else ")"
        low = "-∞" if self.start == LOWEST else plain(self.start[0])
        high = "∞" if self.end == HIGHEST else plain(self.end[0])
        return f"{opening}{low}, {high}{closing}"


@dataclass(frozen=True, slots=True)
class Ranges:
    """Ranges in rising order without gap or overlap, and how what they give is rounded."""

    spans: tuple[Span, ...]
    rounding: Rounding

    def at(self, value: Decimal) -> Span:
        """Return the only range that covers `value`; outside all of them raises ScoringError."""
        for span in self.spans:
            if span.covers(value):
                return span
        raise ScoringError("out_of_range", value=plain(value))

    @property
    def unfilled(self) -> tuple[Span, ...]:
        """The ranges whose amount or rate the organisation has not decided yet."""
        return tuple(span for span in self.spans if span.gives is None)

    def edges(self) -> dict[Decimal, Decimal | None]:
        """Return what each number where two ranges meet gives, so that it can be shown."""
        numbers = {cut[0] for span in self.spans for cut in (span.start, span.end) if cut[0].is_finite()}
        return {
            number: span.gives for number in sorted(numbers) for span in self.spans if span.covers(number)
        }


def bands(given: object) -> Ranges:
    """Build pay bands over the scores 0 to 100 from plain data. Raises ScoringError naming the first fault.

    A list of `{above?, to | below?, pays?}`, or `{bands: [...], exactly?: {"75": amount}, rounding?}`: a band
    excludes its minimum and includes its maximum; `below` leaves the maximum out, and then `exactly` must
    state it (`value_unstated`). Without `above` it begins below every score, without `to` it has no end.
    """
    fields = _fields(given, "bands", may=("exactly",))
    spans = []
    for at, item in enumerate(read.items(fields["bands"], "bands")):
        where = f"bands.{at}"
        band = read.record(item, where, may=("above", "to", "below", "pays"))
        if "to" in band and "below" in band:
            raise ScoringError("to_or_below", field=where)
        start = (read.decimal(band["above"], f"{where}.above"), AFTER) if "above" in band else LOWEST
        end = HIGHEST
        for name, side in (("to", AFTER), ("below", BEFORE)):
            if name in band:
                end = (read.decimal(band[name], f"{where}.{name}"), side)
        spans.append(Span(start, end, _amount(band.get("pays"), f"{where}.pays")))
    for name, gives in read.table(fields.get("exactly", {}), "exactly").items():
        number = read.decimal(name, "exactly")
        spans.append(Span((number, BEFORE), (number, AFTER), _amount(gives, f"exactly.{name}")))
    proven = _prove(spans, (Decimal(0), BEFORE), (Decimal(100), AFTER))
    return Ranges(proven, read.rounding(fields.get("rounding"), "rounding"))


def tiers(given: object) -> Ranges:
    """Build commission tiers over the amounts from 0 on from plain data. Raises ScoringError.

    A list of `{from, below?, rate?}`, or `{tiers: [...], rounding?}`: a tier includes its minimum and
    excludes its maximum; the last has no `below`. Rates are percent, 0 to 100.
    """
    fields = _fields(given, "tiers")
    spans = []
    for at, item in enumerate(read.items(fields["tiers"], "tiers")):
        where = f"tiers.{at}"
        tier = read.record(item, where, needs=("from",), may=("below", "rate"))
        start = (read.decimal(tier["from"], f"{where}.from", least=0), BEFORE)
        end = (read.decimal(tier["below"], f"{where}.below"), BEFORE) if "below" in tier else HIGHEST
        spans.append(Span(start, end, _amount(tier.get("rate"), f"{where}.rate", most=100)))
    proven = _prove(spans, (Decimal(0), BEFORE), HIGHEST)
    return Ranges(proven, read.rounding(fields.get("rounding"), "rounding"))


def _fields(given: object, name: str, may: tuple[str, ...] = ()) -> dict[str, object]:
    if isinstance(given, Mapping):
        return read.record(given, "", needs=(name,), may=(*may, "rounding"))
    return {name: given}


def _amount(given: object, where: str, most: int | None = None) -> Decimal | None:
    return None if given is None else read.decimal(given, where, least=0, most=most)


def _prove(spans: list[Span], low: Cut, high: Cut) -> tuple[Span, ...]:
    for span in spans:
        if span.start >= span.end:
            raise ScoringError("range_empty", range=span.text())
    ordered = sorted(spans, key=lambda span: (span.start, span.end))
    if not ordered:
        _gap(low, high)
    if ordered[0].start > low:
        _gap(low, ordered[0].start)
    for before, after in pairwise(ordered):
        if before.end < after.start:
            _gap(before.end, after.start)
        if before.end > after.start:
            end = min(before.end, after.end)
            both = Span(after.start, end, None).text()
            raise ScoringError("overlap", value=_named(after.start, end), range=both)
    if ordered[-1].end < high:
        _gap(ordered[-1].end, high)
    return tuple(ordered)


def _gap(start: Cut, end: Cut) -> None:
    missing = Span(start, end, None).text()
    if start[0] == end[0]:
        raise ScoringError("value_unstated", value=plain(start[0]))
    raise ScoringError("gap", value=_named(start, end), range=missing)


def _named(start: Cut, end: Cut) -> str:
    """One number that shows the fault: an edge that belongs to the range if there is one."""
    if start[1] == BEFORE:
        return plain(start[0])
    if end[1] == AFTER:
        return plain(end[0])
    if start[0].is_finite() and end[0].is_finite():
        return plain((start[0] + end[0]) / 2)
    return plain(start[0] + 1 if start[0].is_finite() else end[0] - 1)
