"""What can be chosen when a case is changed, opened or passed on, and what is said when it cannot be: for the pages."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from huiyin.base.texts import in_words
from huiyin.cases.models import PRIORITY_RANK
from huiyin.desk import figures
from huiyin.rules import book as rulebook
from huiyin.rules.words import EMOTIONS, PRIORITIES
from huiyin.staff import teams

Choices = list[tuple[str, str]]
WRONG = {
    "category": noop("Choose a category from the list."),
    "needs_customer": noop(
        "A case of this category needs a customer: choose one that takes own observations."
    ),
    "priority": noop("Choose a priority from the list."),
    "title": noop("A title has between one and 200 characters."),
    "missing": noop("Choose what is still needed from the list."),
    "emotion": noop("Choose a mood from the list."),
    "language": noop("Choose a language from the list."),
    "department": noop("There is no such team any more."),
    "reason": noop("Say in a few words why, in up to 500 characters."),
    "to": noop(
        "This person cannot take the case: they do not work in that team, have left, or must not see it."
    ),
    "other_categories": noop(
        "This person works for other categories only: choose somebody else, or leave the case to its queue."
    ),
    "handler": noop("You do not work in that team; leave the case to its queue."),
    "text": noop("Write what it is about."),
    "customer": noop("Say who it is: a customer number, a phone number, an e-mail address or a name."),
    "channel": noop("Choose a channel from the list."),
    "cases": noop("Choose between one and 200 cases."),
    "changes": noop("Choose what is to be changed."),
    "word": noop("Say it in a few words, in up to 200 characters."),
    "until": noop("The end must lie ahead, within seven days."),
    "person": noop("This person does not work on cases."),
    "verb": noop("Choose what is to be done."),
}
OWN_WORDS = ("needs_customer", "other_categories")  # codes that say more than the name of their field
OF_TEAM = {
    "same": noop("The case is with this team already."),
    "missing": noop("Choose a team."),
    "unknown": noop("There is no such team any more."),
    "about_somebody": noop("A case that is about one of us stays with supervision."),
}
KEPT = noop("Nothing was changed; what you typed is still here.")


def wrong(fields: Mapping[str, str]) -> str:
    """Return what cannot be used, in words, and that what was typed is kept."""
    told = [
        _(OF_TEAM.get(code, WRONG["department"]))
        if name == "team"
        else _(WRONG.get(code if code in OWN_WORDS else name, name))
        for name, code in fields.items()
    ]
    return " ".join([*told, _(KEPT)])


def observable() -> list[str]:
    """Return the names of the categories in which a colleague's own observation needs no customer."""
    book = rulebook.current()
    return [in_words(one.name) for code, one in book.categories.items() if book.takes_observations(code)]


def categories(present: str = "") -> Choices:
    """Return every category in use, each below its parent, and the present one when it is retired."""
    book = rulebook.current()

    def name(code: str) -> str:
        parent = book.parents.get(code)
        own = in_words(book.name_of(code))
        return f"{name(parent)} › {own}" if parent else own

    codes = book.categories.keys() | ({present} if present else set())
    return sorted(((code, name(code)) for code in codes), key=lambda one: one[1])


def priorities() -> Choices:
    return [(code, _(PRIORITIES[code])) for code in PRIORITY_RANK]


def goals() -> Choices:
    """Return what a case may be for."""
    return [(code, in_words(name)) for code, name in rulebook.current().goals.items()]


def emotions() -> Choices:
    return [(code, _(words)) for code, words in EMOTIONS.items()]


def languages(present: str = "") -> Choices:
    """Return the languages of the product, and the present one when it is another."""
    known = [(code, str(words)) for code, words in settings.LANGUAGES]
    return known if not present or present in dict(known) else [(present, present), *known]


def places(*, but: str = "") -> Choices:
    """Return the teams in use, without the one named."""
    in_use = (team for team in teams.everything() if team.retired_at is None)
    return [(team.code, str(team)) for team in in_use if team.code != but]


def version(given: Any) -> int:
    """Return the version that a form carries; what is none fits no case, so the form is refused as stale."""
    return figures.whole(str(given)) or 0
