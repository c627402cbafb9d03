"""How long customers waited for the first word of a person: average, median and p90 beside the target of the average.

Counted is the open time of the promise's own calendar, so that a message of the night waits from the opening on.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from statistics import median
from typing import Any

from django.db.models.functions import Coalesce
from django.utils.timezone import get_default_timezone

from huiyin.cases import keeprate
from huiyin.cases.models import Promise
from huiyin.rules import book as rulebook
from huiyin.rules import terms
from huiyin.staff.viewer import Viewer

KIND = "first_reply"


@dataclass(frozen=True, slots=True)
class Waits:
    """`count` first replies in a channel; times in whole seconds. `target_s` None: the average has no target."""

    channel: str
    count: int
    average_s: int
    median_s: int
    p90_s: int
    target_s: int | None

    @property
    def reached(self) -> bool | None:
        return None if self.target_s is None else self.average_s <= self.target_s

    def as_json(self) -> dict[str, Any]:
        return {**{name: getattr(self, name) for name in self.__slots__}, "reached": self.reached}


def waits(*, first: date, after: date, viewer: Viewer) -> list[Waits]:
    """Return the waits for what was first answered in [first, after), dates in the organisation's zone, by channel.

    Each call and each chat session counts, whatever case it is in. The viewer's cases as in the keep rate. One query.
    """
    zone, book = get_default_timezone(), rulebook.current()
    begin, end = (datetime.combine(day, time.min, tzinfo=zone) for day in (first, after))
    rows = Promise.objects.filter(kind=KIND, fulfilled_at__gte=begin, fulfilled_at__lt=end)
    rows = rows.filter(case__in=keeprate.counted_cases(viewer))
    rows = rows.annotate(wire=Coalesce("contact__channel_kind", "case__channel_kind"))
    columns = ("wire", "policy", "calendar", "started_at", "fulfilled_at", "used_s")
    found: dict[str, list[int]] = defaultdict(list)
    targets: dict[str, int] = {}
    averages = {policy.code: policy.average_s for policy in book.policies if policy.average_s is not None}
    for channel, policy, calendar, started, done, used_s in rows.values_list(*columns).iterator():
        waited = done - started
        if calendar != "always":
            waited = terms.used_between(terms.hours_of(book, calendar), started, done)
        found[channel].append(round((waited + timedelta(seconds=used_s)).total_seconds()))
        if policy in averages:
            targets[channel] = averages[policy]
    return [_of(channel, sorted(times), targets.get(channel)) for channel, times in sorted(found.items())]


def _of(channel: str, times: list[int], target_s: int | None) -> Waits:
    p90 = times[ceil(len(times) * 0.9) - 1]
    return Waits(channel, len(times), round(sum(times) / len(times)), round(median(times)), p90, target_s)
