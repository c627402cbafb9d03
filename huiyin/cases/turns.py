"""When a plan comes again: recurrence rules kept as data, one phase after the other. Pure: values in, values out."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

PARTS = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYHOUR", "BYMINUTE"}
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MOST_PHASES = 6
LONGEST_RULE = 200


class BadRule(ValueError):
    """This recurrence cannot be kept; the message is a stable code."""


def checked(phases: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the phases as they are stored: {rule, days}; only the last one has no `days`. Raises BadRule.

    A rule is an RRULE of days, weeks, months or years; what could never come or come every second is refused.
    """
    if not 1 <= len(phases) <= MOST_PHASES:
        raise BadRule("phases")
    stored = []
    for place, phase in enumerate(phases, 1):
        days = phase.get("days")
        is_last = place == len(phases)
        if not is_last and (not isinstance(days, int) or not 1 <= days <= 3660):
            raise BadRule("days")
        stored.append({"rule": _checked_rule(str(phase.get("rule", ""))), "days": days})
    return stored


def between(
    phases: Sequence[Mapping[str, Any]], *, starts: datetime, after: datetime, until: datetime, zone: ZoneInfo
) -> Iterator[datetime]:
    """Yield the turns in (after, until], in UTC. They keep their time on the wall of `zone` across clock changes."""
    begin = starts.astimezone(zone).replace(tzinfo=None)
    low, high = (moment.astimezone(zone).replace(tzinfo=None) for moment in (after, until))
    for phase in phases:
        end = begin + timedelta(days=phase["days"]) if phase["days"] else None
        last = high if end is None else min(high, end - timedelta(seconds=1))
        if last > low:
            rule = rrulestr(phase["rule"], dtstart=begin)
            for turn in rule.between(max(low, begin - timedelta(seconds=1)), last, inc=True):
                moment = turn.replace(tzinfo=zone).astimezone(UTC)
                if after < moment <= until:
                    yield moment
        if end is None or end > high:
            return
        begin = end


def _checked_rule(rule: str) -> str:
    pairs = [part.partition("=") for part in rule.upper().removeprefix("RRULE:").split(";")]
    parts = {name: value for name, _, value in pairs}
    if len(rule) > LONGEST_RULE or not parts.keys() <= PARTS or len(parts) != len(pairs):
        raise BadRule("rule")
    if parts.get("FREQ") not in FREQUENCIES or not 1 <= _number(parts.get("INTERVAL", "1")) <= 366:
        raise BadRule("rule")
    within = {"BYMONTHDAY": range(-31, 32), "BYHOUR": range(24), "BYMINUTE": range(60)}
    for name, allowed in within.items():
        days = [_number(one) for one in parts.get(name, "").split(",") if one]
        if any(day not in allowed or (day == 0 and name == "BYMONTHDAY") for day in days):
            raise BadRule("rule")
    # These may never meet, and the search for them would not end.
    if parts["FREQ"] in ("DAILY", "WEEKLY") and "BYMONTHDAY" in parts:
        raise BadRule("rule")
    if parts["FREQ"] == "DAILY" and "INTERVAL" in parts and "BYDAY" in parts:
        raise BadRule("rule")
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        rrulestr(text, dtstart=datetime(2026, 1, 1, 9))  # noqa: DTZ001 read on the wall, as every rule is
    except (ValueError, KeyError) as error:
        raise BadRule("rule") from error
    return text


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise BadRule("rule") from None
