"""Macros: several verbs in one click and one transaction, each the verb that the person may use by hand.

A macro is run by a surface and by nothing else: it records entries, no reaction runs a macro, and a macro names no
other, so none can start another.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import formats, translation
from django.utils.timezone import localtime

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.base.texts import in_words
from huiyin.cases import collaboration, editing, entries, lifecycle, owing, tagging
from huiyin.cases.changing import lock
from huiyin.cases.collaboration import Asked
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Entry
from huiyin.cases.owing import Made
from huiyin.cases.typed import Invalid
from huiyin.engines.placeholders import MissingValueError
from huiyin.rules import book as rulebook
from huiyin.rules import macros as stored
from huiyin.rules.models import Macro
from huiyin.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Preview:
    """What a macro would do to a case at this moment, in the words it would use; None and empty: not this."""

    code: str
    name: str
    reply: str = ""
    promise: Made | None = None
    due: datetime | None = None
    request: Asked | None = None
    tags: tuple[str, ...] = ()
    sets: Mapping[str, str] = field(default_factory=dict)


def offered(case: Case) -> list[Macro]:
    """Return the macros for the case's team and category, by code: one query."""
    book = rulebook.current()
    line = {case.category, *_above(case.category, book.parents)}
    return [
        macro
        for macro in stored.everything()
        if (not macro.teams or case.team.code in macro.teams)
        and (not macro.categories or line & set(macro.categories))
    ]


def previews(case: Case, *, by: Actor, at: datetime) -> list[Preview]:
    """Return what each macro that is offered here would do; nothing is written.

    What has no value stays in the reply as its name. A macro whose department or policy has gone is left out.
    """
    found = []
    for macro in offered(case):
        with suppress(Invalid):
            found.append(_meant(macro, case, by=by, at=at, strict=False))
    return found


def run(
    macro: Macro,
    case: Case,
    text: str | None,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    client_id: str = "",
) -> Entry:
    """Do all of it, or nothing; `text` None sends the reply as it is filled in. A second call with the same
    `client_id` returns what the first recorded.

    Raises what its verbs raise, and Invalid (`text`: missing_value) when the reply still lacks a value.
    """
    with tx.write():
        lock(case, None)
        if client_id:
            done = Entry.objects.filter(case=case, kind="macro.used", payload__client_id=client_id).first()
            if done is not None:
                return done
        lock(case, version)
        meant = _meant(macro, case, by=by, at=at, strict=text is None)
        used = Draft("macro.used", {"macro": macro.code, "client_id": client_id})
        (entry,) = entries.append(case, [used], by=by, at=at)
        _do(meant if text is None else replace(meant, reply=text), macro, case, by=by, at=at)
    return entry


def _do(meant: Preview, macro: Macro, case: Case, *, by: Actor, at: datetime) -> None:
    if meant.sets:
        editing.edit(case, meant.sets, by=by, at=at)
    if macro.reply:
        lifecycle.reply(case, meant.reply, by=by, at=at)
    if meant.promise is not None:
        owing.make(case, meant.promise, by=by, at=at)
    if meant.request is not None:
        collaboration.ask(case, meant.request, by=by, at=at)
    for word in meant.tags:
        tagging.tag(case, word, by=by, at=at)


def _meant(macro: Macro, case: Case, *, by: Actor, at: datetime, strict: bool) -> Preview:
    language = "zh-hans" if case.language.startswith("zh") else "en"
    promise, due = _promise(macro, case, in_words(macro.name, language), at)
    values = _values(case, due, language, by)

    def words(text: Mapping[str, str]) -> str:
        return stored.filled(text, values, language=language, strict=strict)

    try:
        return Preview(
            code=macro.code,
            name=in_words(macro.name),
            reply=words(macro.reply) if macro.reply else "",
            promise=promise,
            due=due,
            request=_request(macro.request, values, at) if macro.request else None,
            tags=tuple(macro.tags),
            sets={name: value for name, value in macro.sets.items() if value},
        )
    except MissingValueError as error:
        raise Invalid(text="missing_value") from error


def _promise(macro: Macro, case: Case, about: str, at: datetime) -> tuple[Made | None, datetime | None]:
    """Return the promise as it is made, and when it falls due, which a policy may say."""
    if not macro.promise:
        return None, None
    kind, seconds = macro.promise["kind"], macro.promise["seconds"]
    if seconds is None:
        return Made(kind, None, about), owing.due_by_policy(case, kind, at=at)
    due = at + timedelta(seconds=seconds)
    return Made(kind, due, about), due


def _request(step: Mapping[str, Any], values: Mapping[str, str], at: datetime) -> Asked:
    # Colleagues of the other department read the language of the house, not that of the customer.
    language = translation.get_language() or "zh-hans"
    subject, details = (
        stored.filled(step[part], values, language=language, strict=True) for part in ("subject", "details")
    )
    department = collaboration.department(step["department"])
    return Asked(department, subject, details, at + timedelta(seconds=step["seconds"]))


def _values(case: Case, due: datetime | None, language: str, by: Actor) -> dict[str, str]:
    book = rulebook.current()
    values = {
        "case.number": case.number,
        "case.category": in_words(book.name_of(case.category), language) if case.category else "",
        "agent.name": Staff.objects.values_list("name", flat=True).filter(number=by.ref).first() or "",
        "team.name": in_words(case.team.name, language),
        "site.name": in_words(case.site.name, language),
    }
    if due is not None:
        with translation.override(language):
            values["promise.due"] = formats.date_format(localtime(due), translation.gettext("j M, H:i"))
    return values


def _above(category: str, parents: Mapping[str, str | None]) -> list[str]:
    line = []
    while above := parents.get(category):
        line.append(above)
        category = above
    return line
