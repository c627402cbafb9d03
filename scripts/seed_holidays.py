"""Write packs/general/holidays-cn.yaml from the `holidays` package: `python scripts/seed_holidays.py`.

Run it when the package has learnt a newly announced year: raise LAST_OFFICIAL, run, read the diff
against the notice of the State Council. A second run writes the same file. A year without make-up
days in the package is never written as official.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from holidays.countries.china import China

TARGET = Path(__file__).parent.parent / "packs" / "general" / "holidays-cn.yaml"
FIRST_OFFICIAL, LAST_OFFICIAL = 2020, 2026
PROVISIONAL = (2027,)
DAY = timedelta(days=1)

# The notices name every weekend day of a break except these: 2024 says only "10 June, next to a
# weekend"; the break of New Year 2023 began on the Saturday before it.
WEEKEND_NOT_NAMED = (date(2024, 6, 8), date(2024, 6, 9))
OFF_BEFORE_NEW_YEAR = (date(2022, 12, 31),)

ENGLISH = {
    "元旦": "New Year's Day",
    "农历除夕": "Spring Festival Eve",
    "春节": "Spring Festival",
    "春节延长假期": "Spring Festival, extended",
    "清明节": "Tomb-Sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
}
HEAD = """\
# Public holidays and make-up working days of mainland China.
# official: the State Council has announced the year. provisional: only the days that the law fixes
# are here; make-up working days and bridges are not known yet, and answers that depend on the year
# say so. A year that is not listed is unknown: nothing is counted through it.
# kind "off": nobody works, weekends inside a break included. kind "work": a weekend day worked
# instead. Keep the quotes: YAML reads a bare off as false.
"""
SWAPPED = re.compile(r"休息日（由 (\d{4}-\d{2}-\d{2}) 调休）")
OBSERVED = re.compile(r"（.*）$")

Row = tuple[str, str, str]


def main() -> int:
    """Write the file; 1 when a year that should be official has no make-up days yet."""
    lines = [HEAD + "country: CN", "years:"]
    official = range(FIRST_OFFICIAL, LAST_OFFICIAL + 1)
    rows: dict[date, Row] = dict.fromkeys(OFF_BEFORE_NEW_YEAR, ("off", "元旦", ENGLISH["元旦"]))
    for year in official:
        found = dict(official_rows(year))
        if not any(kind == "work" for kind, _, _ in found.values()):
            print(f"{year} has no make-up working days in the package: not announced", file=sys.stderr)
            return 1
        rows |= found
        lines.append(f"  {year}: official")
    for year in PROVISIONAL:
        rows |= {day: ("off", name, ENGLISH[name]) for day, name in festivals(year).items()}
        lines.append(f"  {year}: provisional")
    lines.append("days:")
    for day, (kind, chinese, english) in sorted(rows.items()):
        lines.append(f'  - {{date: {day}, kind: "{kind}", name: {{zh: "{chinese}", en: "{english}"}}}}')
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


def official_rows(year: int) -> Iterator[tuple[date, Row]]:
    """Yield the days off, weekends inside a break included, and the make-up days of a year."""
    listed = China(years=year, language="zh_CN")
    worked = {day for day in listed.weekend_workdays if day.year == year}
    off = festivals(year)
    swaps: dict[date, str] = {}
    for day in sorted(day for day in listed if day.year == year):
        match = SWAPPED.match(listed[day])
        if match:
            swaps[date.fromisoformat(match[1])] = day.isoformat()
    off |= {date.fromisoformat(day): "" for day in swaps.values()}
    off = named(with_weekends(off, worked))
    for day, name in off.items():
        yield day, ("off", name, ENGLISH[name])
    for day in worked:
        name = off[date.fromisoformat(swaps[day])]
        yield day, ("work", f"{name}调休上班", f"{ENGLISH[name]}, make-up working day")


def festivals(year: int) -> dict[date, str]:
    """Return the days that the law fixes, with those given for a festival on a weekend."""
    listed = China(years=year, language="zh_CN")
    return {
        day: OBSERVED.sub("", listed[day].split("; ")[-1])
        for day in listed
        if day.year == year and not SWAPPED.match(listed[day])
    }


def with_weekends(off: dict[date, str], worked: set[date]) -> dict[date, str]:
    """Add the weekend days that touch a break, as the notices name them."""
    grown = dict(off)
    for step in (DAY, -DAY):
        for day in sorted(grown, reverse=step < timedelta(0)):
            beside = day + step
            while beside.weekday() >= 5 and beside.year == day.year and beside not in worked:
                if beside not in WEEKEND_NOT_NAMED:
                    grown.setdefault(beside, "")
                beside += step
    return grown


def named(off: dict[date, str]) -> dict[date, str]:
    """Give days without a name that of the festival with most days in the same break."""
    names: dict[date, str] = {}
    for days in breaks(off):
        main = Counter(off[day] for day in days if off[day]).most_common(1)[0][0]
        names |= {day: off[day] or main for day in days}
    return names


def breaks(off: Iterable[date]) -> list[list[date]]:
    """Group days that follow one another."""
    groups: list[list[date]] = []
    for day in sorted(off):
        if groups and groups[-1][-1] + DAY == day:
            groups[-1].append(day)
        else:
            groups.append([day])
    return groups


if __name__ == "__main__":
    sys.exit(main())
