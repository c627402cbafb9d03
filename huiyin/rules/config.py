"""The rules section of a pack: categories, phrases, calendars, holidays, promise policies, wordings, procedures."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from huiyin.base import tx
from huiyin.base.configured import Configured, Merged, merge
from huiyin.base.texts import Text
from huiyin.engines import businesstime, keywords, language
from huiyin.rules import policy_parts, procedures
from huiyin.rules.macro_parts import MacroPart
from huiyin.rules.models import (
    Calendar,
    Category,
    Form,
    Goal,
    HolidayYear,
    LanguageRule,
    Limit,
    Macro,
    PhraseRule,
    Procedure,
    PromisePolicy,
    Wording,
)
from huiyin.rules.policy_parts import Priority, PromisePart

NEEDS = ("contact", "order_number", "phone", "name")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CategoryPart(_Part):
    name: Text
    parent: str = ""
    priority: Priority = "normal"
    team: str = ""
    needs: tuple[Literal["contact", "order_number", "phone", "name"], ...] = ()
    ask_missing: bool = False
    silence_confirms: bool = True
    silence_days: int | None = Field(None, ge=1, le=60)
    evidence: bool = False
    without_customer: bool = False
    needs_management: tuple[Literal["always", "urgent", "compensation"], ...] = ()
    goal: str = ""
    procedure: str = ""


class GoalPart(_Part):
    name: Text


class PhrasePart(_Part):
    text: str
    is_pattern: bool = False
    excludes: tuple[str, ...] = ()
    weight: int = Field(1, ge=1, le=100)
    category: str = ""
    priority: Priority | None = None
    emotion: str = ""
    matches: tuple[str, ...] = Field(min_length=1)
    ignores: tuple[str, ...] = ()

    def row(self) -> dict[str, Any]:
        row = self.model_dump(mode="json", exclude={"category", "priority", "emotion"})
        effects = {"category": self.category, "priority": self.priority, "emotion": self.emotion}
        return {**row, "effects": {name: value for name, value in effects.items() if value}}


class HolidayDay(_Part):
    date: str
    kind: Literal["off", "work"]
    name: Text


class HolidayPart(_Part):
    status: Literal["official", "provisional"]
    days: tuple[HolidayDay, ...]


class LimitPart(_Part):
    role: str
    kind: Literal["coupon", "refund", "gift", "service"]
    value: Decimal = Field(ge=0, max_digits=12, decimal_places=2)


class Section(_Part):
    categories: dict[str, CategoryPart] = {}
    goals: dict[str, GoalPart] = {}
    phrases: dict[str, PhrasePart] = {}
    calendars: dict[str, dict[str, Any]] = {}
    holidays: dict[str, HolidayPart] = {}
    promises: dict[str, PromisePart] = {}
    wordings: dict[str, Text] = {}
    language: tuple[dict[str, Any], ...] = ()
    procedures: dict[str, dict[str, Any]] = {}
    forms: dict[str, dict[str, Any]] = {}
    limits: dict[str, LimitPart] = {}
    macros: dict[str, MacroPart] = {}

    @model_validator(mode="after")
    def _refers_to_what_exists(self) -> Self:
        known = set(self.categories)
        named = {p.category for p in self.phrases.values()} | {c.parent for c in self.categories.values()}
        for macro in self.macros.values():
            named |= {*macro.categories, macro.sets.category}
        if unknown := named - known - {""}:
            raise ValueError(f"no category {', '.join(sorted(unknown))}")
        for code, policy in self.promises.items():
            wrong = policy_parts.strangers(policy, categories=known, calendars=self.calendars)
            if wrong:
                told = "; ".join(f"{field}: no {', '.join(codes)}" for field, codes in wrong.items())
                raise ValueError(f"promise {code}: {told}")
        if unknown := {c.procedure for c in self.categories.values()} - set(self.procedures) - {""}:
            raise ValueError(f"no procedure {', '.join(sorted(unknown))}")
        if unknown := {c.goal for c in self.categories.values()} - set(self.goals) - {""}:
            raise ValueError(f"no goal {', '.join(sorted(unknown))}")
        return self


def samples_that_fail(section: Section) -> list[str]:
    """Return one line for each sample that its own phrase does not find, or finds though it should not."""
    lines = []
    for code, part in section.phrases.items():
        row = part.row()
        effects = row.pop("effects")
        matcher = keywords.compile([_phrase(code, row, effects)])
        lines += [
            f"phrase {code} does not match its sample {s!r}" for s in part.matches if not matcher.find(s)
        ]
        lines += [
            f"phrase {code} matches {s!r}, which it should ignore" for s in part.ignores if matcher.find(s)
        ]
    for failed in language.failed_samples(language.rules(section.language)):
        found = "does not match its sample" if failed.expected else "matches what it should ignore:"
        lines.append(f"language rule {failed.rule} {found} {failed.sample!r}")
    return lines


def procedures_that_fail(section: Section, *, roles: Collection[str]) -> list[str]:
    """Return one line for each procedure, form or limit that cannot be used with these roles."""
    staged = {code for code, part in section.promises.items() if part.opens == "stage"}
    lines = procedures.wrong(section.procedures, section.forms, roles=roles, promises=staged)
    strange = {part.role for part in section.limits.values()} - set(roles)
    return lines + [f"limits: no role {role!r}" for role in sorted(strange)]


def _phrase(code: str, row: dict[str, Any], effects: dict[str, str]) -> keywords.Phrase:
    return keywords.Phrase(
        code, row["text"], row["is_pattern"], tuple(row["excludes"]), row["weight"], effects
    )


def holiday_table(years: Mapping[str, Mapping[str, Any]]) -> businesstime.HolidayTable:
    """Return the engine's table of stored years `{year: {status, days}}`."""
    rows = [{**day, "name": day["name"]["zh"]} for year in years.values() for day in year["days"]]
    return businesstime.holiday_table(rows, {int(year): row["status"] for year, row in years.items()})


def apply(section: Section, *, origin: str, at: datetime) -> list[Merged]:
    """Merge every part into its table; refused calendars and phrases raise before anything is written."""
    table = holiday_table({year: part.model_dump(mode="json") for year, part in section.holidays.items()})
    for definition in section.calendars.values():
        businesstime.calendar(definition, holidays=table)
    parts: list[tuple[type[Configured], dict[str, dict[str, Any]]]] = [
        (Category, {code: part.model_dump(mode="json") for code, part in section.categories.items()}),
        (Goal, {code: part.model_dump(mode="json") for code, part in section.goals.items()}),
        (PhraseRule, {code: part.row() for code, part in section.phrases.items()}),
        (Calendar, {code: {"definition": definition} for code, definition in section.calendars.items()}),
        (HolidayYear, {code: part.model_dump(mode="json") for code, part in section.holidays.items()}),
        (PromisePolicy, {code: part.model_dump(mode="json") for code, part in section.promises.items()}),
        (LanguageRule, {str(rule["code"]): {"definition": rule} for rule in section.language}),
        (Wording, {code: {"text": text.model_dump()} for code, text in section.wordings.items()}),
        (Form, {code: {"definition": definition} for code, definition in section.forms.items()}),
        (Procedure, {code: {"definition": definition} for code, definition in section.procedures.items()}),
        (Limit, {code: part.model_dump(mode="json") for code, part in section.limits.items()}),
        (Macro, {code: part.model_dump(mode="json") for code, part in section.macros.items()}),
    ]
    with tx.write():
        return [merge(model, rows_, origin=origin, at=at) for model, rows_ in parts]
