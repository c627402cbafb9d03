"""Case numbers: YYMMDD-NNNN in the site's zone, by the day of opening."""

from datetime import datetime
from zoneinfo import ZoneInfo

from huiyin.base import numbers
from huiyin.staff.models import Site


def next_numbers(site: Site, count: int, *, at: datetime) -> list[str]:
    """Return `count` numbers that no case has; a day's numbers grow past 9999."""
    day = at.astimezone(ZoneInfo(site.zone)).strftime("%y%m%d")
    return [f"{day}-{n:04}" for n in numbers.take(f"case:{day}", count)]
