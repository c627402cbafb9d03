"""One year of a calendar, compiled: open spans with running sums, and its working days."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from huiyin.engines.businesstime import instants, walls


@dataclass(frozen=True, slots=True, eq=False)
class Year:
    """Instants in microseconds. Spans lie within [begin, end) of the calendar's zone, joined.

    `sums[i]` is the open time of the first i spans. `days` are the ordinals of the working days,
    with the first opening and last closing of each (a closing may lie in the next year). Before
    `known_from` the night of the year before is not known.
    """

    number: int
    begin: int
    end: int
    known_from: int
    starts: "array[int]"
    ends: "array[int]"
    sums: "array[int]"
    days: "array[int]"
    opens: "array[int]"
    closes: "array[int]"

    @property
    def total(self) -> int:
        """Open time of the whole year."""
        return self.sums[-1]

    def before(self, instant: int) -> int:
        """Return the open time of this year before an instant; any instant may be asked."""
        index = bisect_right(self.starts, instant) - 1
        if index < 0:
            return 0
        return self.sums[index] + min(instant, self.ends[index]) - self.starts[index]

    def reached(self, open_time: int) -> int:
        """Return the first instant before which `open_time` (0 < open_time <= total) has passed."""
        index = bisect_left(self.sums, open_time, 1) - 1
        return self.starts[index] + open_time - self.sums[index]


def compiled(
    zone: ZoneInfo,
    number: int,
    eve: walls.Periods,
    days: Iterable[tuple[date, walls.Periods]],
    *,
    unknown_until: int = 0,
) -> Year:
    """Compile a year from its dates with periods; `eve` are those of 31 December before it.

    `unknown_until`, in microseconds after its first midnight, is how far an eve that is not known
    could reach into the year.
    """
    first, after = date(number, 1, 1), date(number + 1, 1, 1)
    begin, end = (walls.first_instant(zone, walls.midnight(day)) for day in (first, after))
    pieces = walls.stretches(zone, begin - 2 * instants.DAY, end + 2 * instants.DAY)
    found = walls.spans(pieces, walls.midnight(first) - instants.DAY, eve)
    worked, opens, closes = array("q"), array("q"), array("q")
    for day, periods in days:
        spans = walls.spans(pieces, walls.midnight(day), periods)
        if spans:
            worked.append(day.toordinal())
            opens.append(min(low for low, _ in spans))
            closes.append(max(high for _, high in spans))
            found += spans
    known_from = walls.first_instant(zone, walls.midnight(first) + unknown_until)
    starts, ends, sums = _index(instants.joined((max(low, begin), min(high, end)) for low, high in found))
    return Year(number, begin, end, known_from, starts, ends, sums, worked, opens, closes)


def _index(spans: list[instants.Span]) -> tuple["array[int]", "array[int]", "array[int]"]:
    sums = array("q", [0])
    for low, high in spans:
        sums.append(sums[-1] + high - low)
    return array("q", (low for low, _ in spans)), array("q", (high for _, high in spans)), sums
