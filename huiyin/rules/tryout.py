"""Trying the rules without changing anything: the questions that the command line and the API share.

Each takes a checked question and returns plain JSON. Raises Refused with a stable code and words that say the remedy.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.timezone import localtime
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from huiyin.base.texts import in_words
from huiyin.engines import businesstime, extract, language
from huiyin.rules import book as rulebook
from huiyin.rules import decide, words
from huiyin.rules.understand import understand


class Refused(ValueError):
    """The question cannot be answered; nothing was changed."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class _Question(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Pause = tuple[AwareDatetime, AwareDatetime]
ClockTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$")]
YEAR_S = 366 * 86400


class UnderstandQuestion(_Question):
    text: str = Field(max_length=100_000)
    channel: str = Field("form", max_length=60)
    subject: str = Field("", max_length=1000)
    customer_level: str = Field("normal", max_length=20)
    at: AwareDatetime | None = None


class DueQuestion(_Question):
    calendar: str | dict[str, Any]
    start: AwareDatetime
    seconds: float | None = Field(None, ge=0, le=50 * YEAR_S)
    working_days: int | None = Field(None, ge=0, le=5000)
    cut_off: ClockTime | None = None
    pauses: tuple[Pause, ...] = ()

    @model_validator(mode="after")
    def _one_term(self) -> Self:
        if self.seconds is not None and (self.working_days is not None or self.cut_off is not None):
            raise ValueError("give seconds, or working_days with or without cut_off, not both")
        if self.seconds is None and self.working_days is None and self.cut_off is None:
            raise ValueError("give seconds, working_days or cut_off")
        return self


class ElapsedQuestion(_Question):
    calendar: str | dict[str, Any]
    start: AwareDatetime
    end: AwareDatetime
    pauses: tuple[Pause, ...] = ()


class LanguageQuestion(_Question):
    text: str = Field(max_length=20_000)
    case: str = Field("", max_length=20)


class DayQuestion(_Question):
    calendar: str | dict[str, Any]
    date: date


def understood(question: UnderstandQuestion, *, at: datetime) -> dict[str, Any]:
    """Answer what a message would be understood as (contract: POST /understand)."""
    book = rulebook.current()
    found = understand(
        book, subject=question.subject, text=question.text, at=question.at or at, zone=settings.TIME_ZONE
    )
    contact = bool(found.extracted.phones or found.extracted.emails)
    known = decide.Circumstances(question.channel, question.customer_level, has_contact=contact)
    decision = decide.decide(book, found, known)
    top = book.top_of(decision.category)
    promise = extract.promise_in(question.text, at=question.at or at, zone=ZoneInfo(settings.TIME_ZONE))
    return {
        "category": top,
        "subcategory": None if top == decision.category else decision.category,
        "priority": decision.priority,
        "emotion": found.emotion.code,
        "extracted": _extracted(found.extracted),
        "missing": list(decision.missing),
        "promise_found": {
            "kind": promise.kind,
            "due_at": localtime(promise.due).isoformat(),
            "text": promise.raw,
        }
        if promise
        else None,
        "confidence": found.confidence,
        "why": words.why(decision.because),
    }


def language_check(
    question: LanguageQuestion, *, context: language.Context | None = None
) -> list[dict[str, Any]]:
    """Answer what a reply should not say or lacks, in the reader's language."""
    context = context or language.Context(personal=personal_in(question.text))
    return [
        {
            "span": list(finding.span),
            "rule": finding.rule,
            "kind": finding.kind,
            "severity": finding.severity,
            "advice": in_words({"zh": finding.advice.zh, "en": finding.advice.en}),
        }
        for finding in language.check(question.text, rulebook.current().language, context)
    ]


def personal_in(text: str) -> tuple[language.Personal, ...]:
    """Return the personal values that stand in a text, as the language engine takes them."""
    found = extract.extract(text, at=datetime(2000, 1, 1, tzinfo=UTC), zone=ZoneInfo("UTC"))
    kinds = {"phone": found.phones, "email": found.emails, "id_number": found.id_numbers}
    return tuple(
        language.Personal(f.start, f.end, kind, f.value) for kind, each in kinds.items() for f in each
    )


def due(question: DueQuestion) -> dict[str, Any]:
    """Answer when something falls due."""
    calendar = _calendar(question.calendar)
    cut_off = time.fromisoformat(question.cut_off) if question.cut_off else None
    try:
        if question.seconds is not None:
            at = businesstime.due(
                question.start, timedelta(seconds=question.seconds), calendar, pauses=question.pauses
            )
        elif question.working_days is not None:
            at = businesstime.due_in_days(
                question.start, question.working_days, calendar, cut_off=cut_off, pauses=question.pauses
            )
        else:
            at = businesstime.due_at_cut_off(question.start, calendar, cut_off or time())
    except (businesstime.NeverOpen, businesstime.UnknownYear, ValueError) as error:
        raise _refused(error) from None
    return {"due_at": at.astimezone(calendar.zone).isoformat()}


def elapsed(question: ElapsedQuestion) -> dict[str, Any]:
    """Answer how many seconds of open time lie between two moments."""
    calendar = _calendar(question.calendar)
    try:
        spent = businesstime.elapsed(question.start, question.end, calendar, pauses=question.pauses)
    except (businesstime.UnknownYear, ValueError) as error:
        raise _refused(error) from None
    seconds = spent.total_seconds()
    return {"seconds": int(seconds) if seconds == int(seconds) else seconds}


def day(question: DayQuestion) -> dict[str, Any]:
    """Answer whether a day is worked, what it is called, and how sure that is."""
    found = businesstime.day(question.date, _calendar(question.calendar))
    return {"working": found.working, **({"name": found.name} if found.name else {}), "status": found.status}


def _calendar(named: str | Mapping[str, Any]) -> businesstime.Calendar:
    book = rulebook.current()
    if isinstance(named, str):
        if named not in book.calendars:
            raise Refused(
                "unknown_calendar", f"no calendar {named}; there are {', '.join(sorted(book.calendars))}"
            )
        return book.calendars[named].announced
    try:
        return businesstime.calendar(named, holidays=book.holidays)
    except businesstime.CalendarError as error:
        raise Refused("calendar_refused", str(error)) from None


def _refused(error: Exception) -> Refused:
    if isinstance(error, businesstime.NeverOpen):
        return Refused("never_open", "the calendar has no opening within 366 days")
    if isinstance(error, businesstime.UnknownYear):
        return Refused(
            "unknown_year", f"{error}; the holidays of that year are not known yet, add them first"
        )
    return Refused("invalid", str(error))


def _extracted(found: extract.Extracted) -> dict[str, Any]:
    kinds = ("phones", "emails", "order_numbers", "waybills", "id_numbers", "names", "addresses", "urls")
    plain = {kind: [each.value for each in getattr(found, kind)] for kind in kinds}
    amounts = [{"amount": str(each.amount), "currency": each.currency} for each in found.amounts]
    times = [{"text": each.raw, "due_at": localtime(each.due).isoformat()} for each in found.times]
    return {**plain, "amounts": amounts, "times": times}
