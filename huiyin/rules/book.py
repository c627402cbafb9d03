"""The rule book: all stored rules, compiled once per configuration version and shared by a process."""

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from huiyin.base import configured
from huiyin.engines import businesstime, classify, forms, keywords, language
from huiyin.engines.forms import Form
from huiyin.engines.procedures import Procedure
from huiyin.rules import models as rows
from huiyin.rules import procedures
from huiyin.rules.config import holiday_table
from huiyin.rules.models import (
    Calendar,
    Category,
    HolidayYear,
    LanguageRule,
    PhraseRule,
    PromisePolicy,
    Wording,
)
from huiyin.staff.models import Team


@dataclass(frozen=True, slots=True)
class Hours:
    """A calendar, and the same without public holidays for years that nobody has announced."""

    announced: businesstime.Calendar
    plain: businesstime.Calendar


@dataclass(frozen=True, slots=True)
class Book:
    version: int
    categories: Mapping[str, Category]
    parents: Mapping[str, str | None]
    default_priorities: Mapping[str, str]
    matcher: keywords.Matcher
    policies: tuple[PromisePolicy, ...]
    calendars: Mapping[str, Hours]
    team_calendars: Mapping[int, str]
    holidays: businesstime.HolidayTable
    wordings: Mapping[str, Mapping[str, str]]
    language: language.Rules
    procedures: Mapping[str, Procedure]
    forms: Mapping[str, Form]
    limits: Mapping[tuple[str, str], Decimal]
    goals: Mapping[str, Mapping[str, str]]

    def procedure_of(self, category: str) -> str:
        """Return the code of the procedure that cases of this very category go through, or nothing."""
        found = self.categories.get(category)
        return found.procedure if found and found.procedure in self.procedures else ""

    def asks_for_missing(self, category: str) -> bool:
        """Say whether what is missing in a case of this category is asked for by itself."""
        line: str | None = category
        while line:
            if line in self.categories and self.categories[line].ask_missing:
                return True
            line = self.parents.get(line)
        return False

    def takes_observations(self, category: str) -> bool:
        """Say whether a colleague may open a case of this category, or of one below it, without a customer."""
        line = (self.categories.get(code) for code in self.line_of(category))
        return any(one is not None and one.without_customer for one in line)

    def calendar_of(self, team: int, site: str) -> str:
        """Return the calendar that a team works by: its own, else that of the site.

        One of its own that is not there any more counts as none. `team` is the id, `site` the code of its calendar.
        """
        own = self.team_calendars.get(team, "")
        return own if own in self.calendars else site

    def policy(self, code: str) -> PromisePolicy | None:
        return next((policy for policy in self.policies if policy.code == code), None)

    def top_of(self, category: str) -> str:
        """Return the top category above this one."""
        while parent := self.parents.get(category):
            category = parent
        return category

    def line_of(self, category: str) -> list[str]:
        """Return the category and those above it, the most exact one first."""
        line = [category]
        while parent := self.parents.get(line[-1]):
            line.append(parent)
        return line

    def within(self, codes: Collection[str]) -> frozenset[str]:
        """Return these categories and everything below them."""
        below = (code for code in self.categories if not set(self.line_of(code)).isdisjoint(codes))
        return frozenset(codes).union(below)

    def name_of(self, category: str) -> Mapping[str, str]:
        found = self.categories.get(category)
        return found.name if found else {"zh": category, "en": category}


_lock = threading.Lock()
_books: dict[int, Book] = {}


def current() -> Book:
    """Return the book of the present configuration: one small query, and a compilation when it has changed."""
    version = configured.version()
    book = _books.get(version)
    if book is None:
        with _lock:
            book = _books.get(version)
            if book is None:
                book = _compile(version)
                _books.clear()
                _books[version] = book
    return book


def at_hand() -> Book:
    """Return the book that this process used last, without asking whether it changed since; else the present one."""
    return next(iter(_books.values()), None) or current()


def forget() -> None:
    """Drop the compiled book, after the database was emptied or restored."""
    _books.clear()


def _compile(version: int) -> Book:
    categories = {row.code: row for row in Category.objects.filter(retired_at=None)}
    holidays = _holidays()
    return Book(
        version=version,
        categories=categories,
        parents={code: row.parent or None for code, row in categories.items()},
        default_priorities={code: row.priority for code, row in categories.items()},
        matcher=keywords.compile(_phrases()),
        policies=tuple(PromisePolicy.objects.filter(retired_at=None).order_by("code")),
        calendars={
            row.code: _hours(row.definition, holidays) for row in Calendar.objects.filter(retired_at=None)
        }
        | {"always": Hours(businesstime.ALWAYS, businesstime.ALWAYS)},
        team_calendars=dict(Team.objects.exclude(calendar="").values_list("pk", "calendar")),
        holidays=holidays,
        wordings={row.code: row.text for row in Wording.objects.filter(retired_at=None)},
        language=language.rules(
            row.definition for row in LanguageRule.objects.filter(retired_at=None).order_by("code")
        ),
        procedures=_procedures(),
        forms={row.code: forms.build(row.definition) for row in rows.Form.objects.all()},
        limits={(row.role, row.kind): row.value for row in rows.Limit.objects.filter(retired_at=None)},
        # Retired ones too: cases may still name them.
        goals={row.code: row.name for row in rows.Goal.objects.all()},
    )


def _procedures() -> dict[str, Procedure]:
    # Retired ones too: cases may still stand in them.
    return procedures.built(
        {row.code: row.definition for row in rows.Procedure.objects.all()},
        set(rows.Form.objects.values_list("code", flat=True)),
        promises=set(PromisePolicy.objects.values_list("code", flat=True)),
    )


def _phrases() -> list[keywords.Phrase]:
    rows = PhraseRule.objects.filter(retired_at=None).order_by("code")
    stored = [
        keywords.Phrase(row.code, row.text, row.is_pattern, tuple(row.excludes), row.weight, row.effects)
        for row in rows
    ]
    known = {phrase.code for phrase in stored}
    return stored + [phrase for phrase in classify.EMOTION_PHRASES if phrase.code not in known]


def _holidays() -> businesstime.HolidayTable:
    years = HolidayYear.objects.filter(retired_at=None)
    return holiday_table({year.code: {"status": year.status, "days": year.days} for year in years})


def _hours(definition: dict[str, Any], holidays: businesstime.HolidayTable) -> Hours:
    return Hours(
        businesstime.calendar(definition, holidays=holidays),
        businesstime.calendar({**definition, "holidays": None}),
    )
