"""Promise policies in words and as a form: what, for whom, how long, by which calendar, with which warnings."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from huiyin.base.texts import in_words
from huiyin.cases import told
from huiyin.cases.kinds import WAITING_FOR
from huiyin.rules.book import Book
from huiyin.rules.models import PromisePolicy
from huiyin.rules.policies import part_of
from huiyin.rules.words import PRIORITIES

OPENS = {
    "case": gettext_lazy("when a case opens"),
    "message": gettext_lazy("at each later message"),
    "resolved": gettext_lazy("when the matter is reported as solved"),
    "service_end": gettext_lazy("when a service has ended"),
    "hand": gettext_lazy("when a colleague promises it"),
    "stage": gettext_lazy("at a stage of a procedure"),
}
DEBTORS = {
    "handler": gettext_lazy("the handler"),
    "owner": gettext_lazy("the owner"),
    "lead": gettext_lazy("the lead"),
}
WIRES = {
    "form": gettext_lazy("message form"),
    "api": gettext_lazy("API"),
    "chat": gettext_lazy("online chat"),
    "phone": gettext_lazy("telephone"),
    "email": gettext_lazy("e-mail"),
    "wecom": gettext_lazy("WeCom"),
    "wechat": gettext_lazy("WeChat"),
    "sms": gettext_lazy("SMS"),
    "shop": gettext_lazy("shop platform"),
    "manual": gettext_lazy("opened by hand"),
}
UNITS = {
    "seconds": gettext_lazy("seconds"),
    "minutes": gettext_lazy("minutes"),
    "hours": gettext_lazy("hours"),
    "working_days": gettext_lazy("working days"),
}
_IN_SECONDS = {"hours": 3600, "minutes": 60, "seconds": 1}
_LETTERS = {"s": "seconds", "m": "minutes", "h": "hours"}
_DIGITS = 9  # of a length that can be meant; more is refused as it was typed


def form(row: PromisePolicy | None) -> dict[str, Any]:
    """Return the fields of a policy; of None those of the form for a new one."""
    if row is None:
        return {
            "code": "",
            "unit": "hours",
            "opens": "case",
            "in_use": True,
            "priorities": [],
            "pauses_for": [],
        }
    length, unit = _length(row)
    return {
        "code": row.code,
        "length": length,
        "unit": unit,
        "not_before_days": row.not_before_days,
        "cut_off": row.cut_off,
        **dict(zip(("month_first", "month_last"), row.month_days, strict=False)),
        "pauses_for": row.pauses_for,
        "calendar": row.calendar,
        "warn": ", ".join(row.warn),
        "categories": ", ".join(row.categories),
        "not_categories": ", ".join(row.not_categories),
        "channels": ", ".join(row.channels),
        "priorities": row.priorities,
        "in_use": row.retired_at is None,
    }


def part(row: PromisePolicy | None, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the policy as packs write it: what the form says, over what stands; the rest stays as it is.

    `typed` holds the words of the form and, as lists, what it parts: what is wrong with them, the policy's schema says.
    What it does not hold at all stays, too.
    """
    stands = part_of(row) if row else {"kind": typed["kind"], "opens": typed["opens"]}
    lists = ("warn", "categories", "not_categories", "channels", "priorities")
    length, unit = typed["length"], typed["unit"]
    in_days = unit == "working_days"
    return {
        **stands,
        **{name: typed[name] for name in lists},
        "calendar": typed["calendar"],
        "working_days": _counted(length, 1) if in_days else None,
        "seconds": None if in_days else _counted(length, _IN_SECONDS.get(unit, 1)),
        **_terms(typed),
    }


def _terms(typed: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: typed[name] for name in ("cut_off", "pauses_for") if name in typed}
    if "not_before_days" in typed:
        told["not_before_days"] = _counted(typed["not_before_days"], 1)
    if "month_first" in typed or "month_last" in typed:
        days = [_counted(typed.get(name, ""), 1) for name in ("month_first", "month_last")]
        told["month_days"] = [day for day in days if day is not None]
    return told


def words(row: PromisePolicy, book: Book) -> dict[str, Any]:
    """Return what the policy says, each in the reader's words; `more` are lines about what the form cannot say."""
    return {
        "name": told.promise_name(row.kind),
        "when": OPENS.get(row.opens, row.opens),
        "whom": " · ".join(_whom(row, book)) or _("all cases"),
        "length_words": " · ".join(_lengths(row)),
        "calendar_words": calendar(row.calendar, in_days=row.seconds is None),
        "warnings": "、".join(map(_warning, row.warn))
        or _("as usual: an hour before, short ones at 50% and 80%"),
        "more": list(_more(row)),
    }


def calendar(code: str, *, in_days: bool) -> str:
    """Return which calendar a policy counts in, where `code` may be empty."""
    if code == "site" or (not code and in_days):
        return _("the calendar of the team, else of the site")
    return _("natural hours") if code in ("", "always") else code


def _length(row: PromisePolicy) -> tuple[str, str]:
    if row.working_days is not None:
        return str(row.working_days), "working_days"
    if row.seconds is None:
        return "", "working_days"
    unit = next(unit for unit, seconds in _IN_SECONDS.items() if row.seconds % seconds == 0)
    return str(row.seconds // _IN_SECONDS[unit]), unit


def _lengths(row: PromisePolicy) -> Iterable[str]:
    if row.seconds is not None:
        length, unit = _length(row)
        yield _spoken(int(length), unit)
    if row.not_before_days is not None:
        yield _("not before working day %(n)s") % {"n": row.not_before_days}
    if row.working_days is not None:
        yield _spoken(row.working_days, "working_days")
    if row.cut_off:
        yield _("by %(time)s") % {"time": row.cut_off}
    if row.month_days:
        yield _("day %(first)s to %(last)s of the month") % dict(
            zip(("first", "last"), row.month_days, strict=True)
        )


def _whom(row: PromisePolicy, book: Book) -> Iterable[str]:
    if row.categories:
        yield "、".join(in_words(book.name_of(code)) for code in row.categories)
    if row.not_categories:
        without = "、".join(in_words(book.name_of(code)) for code in row.not_categories)
        yield _("all but: %(categories)s") % {"categories": without}
    if row.priorities:
        yield "、".join(_(PRIORITIES[code]) for code in row.priorities)
    if row.channels:
        yield "、".join(str(WIRES.get(code, code)) for code in row.channels)
    if row.only_complex:
        yield _("complex cases only")


def _warning(written: str) -> str:
    if written.endswith("%"):
        return _("at %(share)s of the time") % {"share": written}
    number, letter = int(written[:-1]), written[-1]
    span = _spoken(number, _LETTERS[letter]) if letter in _LETTERS else _spoken(number * 24, "hours")
    return _("%(span)s before") % {"span": span}


def _more(row: PromisePolicy) -> Iterable[str]:
    yield _("owed by: %(who)s") % {"who": DEBTORS.get(row.debtor, row.debtor)}
    if row.pauses_for:
        reasons = "、".join(str(WAITING_FOR[code]) for code in row.pauses_for)
        yield _("pauses while the case waits: %(reasons)s") % {"reasons": reasons}
    if row.average_s:
        yield _("the average shall be at most %(span)s") % {"span": _spoken(row.average_s, "seconds")}
    if not row.climbs:
        yield _("a break does not raise the case to the next lead")


def _spoken(number: int, unit: str) -> str:
    return str(_SPOKEN[unit] % {"n": number})


_SPOKEN = {
    "seconds": ngettext_lazy("%(n)s second", "%(n)s seconds", "n"),
    "minutes": ngettext_lazy("%(n)s minute", "%(n)s minutes", "n"),
    "hours": ngettext_lazy("%(n)s hour", "%(n)s hours", "n"),
    "working_days": ngettext_lazy("%(n)s working day", "%(n)s working days", "n"),
}


def _counted(typed: str, factor: int) -> int | str | None:
    if typed.isascii() and typed.isdigit() and len(typed) <= _DIGITS:
        return int(typed) * factor
    return typed or None
