"""What a day, a part of it and an hour mean together."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from huiyin.engines.extract import numerals
from huiyin.engines.extract.times import dates
from huiyin.engines.extract.times.tokens import Token
from huiyin.engines.extract.times.when import When

# Minutes after midnight by which a part of the day is over; None: when the day's work ends.
_PARTS: dict[str, int | None] = {
    "凌晨": 360, "清晨": 540, "早上": 600, "早晨": 600, "早": 600, "晨": 540, "上午": 720, "中午": 780,
    "正午": 720,
    "午间": 780, "下午": None, "傍晚": 1140, "晚上": 1320, "晚间": 1320, "晚": 1320, "夜里": 1440, "夜": 1440,
    "午夜": 1440, "morning": 720, "noon": 720, "midday": 720, "afternoon": None, "evening": 1320,
    "tonight": 1320,
    "night": 1320, "midnight": 1440,
}  # fmt: skip
_BEFORE_NOON = {"凌晨", "清晨", "早上", "早晨", "早", "晨", "上午", "morning"}
_LIMITS = {
    "之前": "by", "以前": "by", "前": "by", "截止": "by", "为止": "by", "by": "by", "before": "by",
    "until": "by",
    "no later than": "by", "之后": "after", "以后": "after", "后": "after", "after": "after",
}  # fmt: skip
_QUARTERS = {"半": 30, "一刻": 15, "三刻": 45}


@dataclass(frozen=True, slots=True)
class Moment:
    """The words of one moment by what they tell."""

    day: Token | None = None
    part: Token | None = None
    hour: Token | None = None
    limit: Token | None = None


def read(moment: Moment, when: When) -> tuple[datetime, str] | None:
    """Return the latest instant that the words allow, in UTC, and their sense; None if they name none."""
    limit = moment.limit.text if moment.limit else None
    sense = _LIMITS.get(limit or "", "on")
    if moment.day is not None and moment.day.text.endswith("内"):
        sense = "by"
    try:
        day = dates.read(moment.day, when) if moment.day else None
        due = _due(moment, day, limit, when)
    except (ValueError, OverflowError):
        return None
    return None if due is None else (due.astimezone(UTC), sense)


def _due(moment: Moment, day: date | datetime | None, limit: str | None, when: When) -> datetime | None:
    if isinstance(day, datetime):
        return day
    if moment.hour is not None and moment.hour.name == "closing":
        return when.closing(day) if day or limit or moment.hour.text.isascii() else None
    part = _part(moment)
    if moment.hour is not None:
        return _at_hour(moment, day, part, when)
    if day is None:
        return _end_of_part(when.today, part, when) if part and _LIMITS.get(limit or "") == "by" else None
    if _needs_company(moment):
        return None
    if part:
        return _end_of_part(day, part, when)
    return when.day_end(day - timedelta(days=1) if limit == "before" else day)


def _needs_company(moment: Moment) -> bool:
    """15 号 alone may be a house or a size; 本月 15 号 and 15 号前 are dates."""
    day = moment.day
    if day is None or day.name != "day_of_month" or day.groups["of_month"]:
        return False
    return moment.part is None and moment.limit is None


def _part(moment: Moment) -> str | None:
    if moment.part is not None:
        return moment.part.text
    day = moment.day.text if moment.day else ""
    if day in ("tonight",):
        return day
    last = day.rsplit(" ", 1)[-1]
    if last in _PARTS:
        return last
    return day[-1] if day and day[-1] in "早晚晨夜" else None


def _end_of_part(day: date, part: str, when: When) -> datetime:
    minutes = _PARTS[part]
    return when.day_end(day) if minutes is None else when.on_wall(day, minutes)


def _at_hour(moment: Moment, day: date | None, part: str | None, when: When) -> datetime | None:
    hour, minute, half = _clock(moment.hour) if moment.hour else (0, 0, None)
    if not (0 <= hour <= 24 and 0 <= minute < 60) or _is_bare(moment, part, day):
        return None
    minutes = _half_day(hour, part, half, is_loose=half is None and part is None) * 60 + minute
    due = when.on_wall(day or when.today, minutes)
    is_today = day is None or day == when.today
    if due <= when.at and is_today and part is None and half is None and hour < 12 and minutes < 720:
        later = when.on_wall(when.today, minutes + 720)
        due = later if later > when.at else due
    if due <= when.at and day is None:
        due = when.on_wall(when.today + timedelta(days=1), minutes)
    return due


def _is_bare(moment: Moment, part: str | None, day: date | None) -> bool:
    """三点 alone may be three points: a day, a part of it, a limit or the form of a clock must say more."""
    hour = moment.hour
    if hour is None or hour.name != "clock" or day or part or moment.limit:
        return False
    return not (
        hour.groups["part_of_hour"]
        or hour.groups["minute"]
        or hour.groups["minute_apart"]
        or "点钟" in hour.text
        or "整" in hour.text
    )


def _clock(token: Token) -> tuple[int, int, str | None]:
    groups = token.groups
    if token.name == "wall":
        return int(groups["wall_hour"]), int(groups["wall_minute"]), (groups["wall_half"] or None)
    if token.name == "english_clock":
        return int(groups["english_hour"]), 0, groups["english_half"]
    minute = groups["minute"] or groups["minute_apart"]
    minutes = _QUARTERS.get(groups["part_of_hour"] or "") or (
        numerals.number(minute) if minute else Decimal(0)
    )
    return int(numerals.number(groups["hour"])), int(minutes), None


def _half_day(hour: int, part: str | None, half: str | None, *, is_loose: bool) -> int:
    if half is not None:
        return hour % 12 + (12 if half.startswith("p") else 0)
    if is_loose:
        return hour + 12 if 1 <= hour <= 6 else hour
    if part in ("中午", "午间", "正午") and hour >= 10:
        return hour
    if part in ("晚上", "晚间", "晚", "夜里", "午夜", "tonight", "night") and hour in (12, 24):
        return 24
    return hour + 12 if part not in _BEFORE_NOON and hour < 12 else hour
