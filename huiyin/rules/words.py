"""Reasons in the reader's words. Stored reasons are codes; each code has its sentence here."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from huiyin.base.texts import in_words
from huiyin.engines.reason import Reason
from huiyin.rules import book as rulebook
from huiyin.rules.book import Book

SENTENCES = {
    "phrase_decided": noop("“%(matched)s” → %(category)s"),
    "phrase_overruled": noop("“%(matched)s” would mean %(category)s, but more speaks for the other"),
    "tie_broken": noop("%(category)s and %(against)s were equally likely; the first was taken"),
    "chosen_by_sender": noop("the customer chose %(category)s"),
    "nothing_matched": noop("no known phrase; filed under other"),
    "phrase_sets_priority": noop("“%(matched)s” → priority %(priority)s"),
    "category_default": noop("%(category)s usually has priority %(priority)s"),
    "no_default": noop("priority normal, nothing says otherwise"),
    "important_customer": noop("important customer (%(level)s)"),
    "upset_customer": noop("the customer sounds %(emotion)s"),
    "earlier_complaint": noop("the customer complained before"),
    "lifted": noop("priority raised from %(from)s to %(to)s"),
    "burst": noop("many similar cases at this time"),
    "emotion_word": noop("“%(matched)s” sounds %(emotion)s"),
    "excluded": noop("not open to this person"),
    "absent": noop("not present"),
    "off_shift": noop("not on shift"),
    "overloaded": noop("has reported to be at the limit and takes no new cases"),
    "full": noop("has no room left (load %(load)s of %(cap)s)"),
    "other_team": noop("belongs to another team"),
    "skill_missing": noop("lacks the skill %(skill)s"),
    "not_qualified": noop("is not qualified for %(category)s"),
    "not_a_candidate": noop("was not considered"),
    "qualified": noop("is qualified for %(category)s"),
    "dedicated": noop("is the customer's dedicated agent"),
    "earlier_handler": noop("handled this customer before"),
    "senior": noop("is experienced, for an important customer"),
    "in_team": noop("belongs to the team"),
    "has_skill": noop("has the skill %(skill)s"),
    "room": noop("has room (load %(load)s of %(cap)s)"),
    "today": noop("was given %(count)s today"),
    "full_meanwhile": noop("the person chosen had no room left by then"),
    "split_from": noop("split from case %(case)s"),
    "continues": noop("goes on from case %(case)s"),
    "about_somebody": noop("whoever the case is about must not work on it"),
    "set_by_hand": noop("set by hand"),
    "nobody_free": noop("nobody has room now"),
    "first": noop("best of %(of)s"),
    "behind": noop("place %(place)s of %(of)s, behind %(first)s"),
    "tied_waited_less": noop("as good as %(first)s, but was given a case more lately"),
    "tied_by_key": noop("as good as %(first)s, who comes first by number"),
    "no_emotion_words": noop("no word says how the customer feels"),
}
PRIORITIES = {"urgent": noop("urgent"), "normal": noop("normal"), "low": noop("low")}
EMOTIONS = {
    "calm": noop("calm"),
    "worried": noop("worried"),
    "disappointed": noop("disappointed"),
    "angry": noop("angry"),
    "threatening": noop("threatening"),
}
_LISTS = {"priority": PRIORITIES, "from": PRIORITIES, "to": PRIORITIES, "emotion": EMOTIONS}


def stored(reasons: tuple[Reason, ...]) -> list[dict[str, Any]]:
    """Return reasons as JSON for storing."""
    return [{"code": reason.code, "params": dict(reason.params)} for reason in reasons]


def sentence(reason: Mapping[str, Any], *, book: Book | None = None) -> str:
    """Return a stored reason in the reader's language; an unknown code shows itself, never nothing.

    Who tells many hands the rule book down, to ask for it once.
    """
    template = SENTENCES.get(reason["code"])
    if template is None:
        return str(reason["code"])
    params = {name: _value(name, value, book) for name, value in reason.get("params", {}).items()}
    try:
        return _(template) % params
    except (KeyError, TypeError):
        return str(reason["code"])


def why(reasons: Iterable[Reason], *, book: Book | None = None) -> list[dict[str, Any]]:
    """Return reasons as the API tells them: the rule, what it matched, and the effect in words."""
    return [
        {
            "rule": str(reason.params.get("phrase", reason.code)),
            "matched": reason.params.get("matched"),
            "effect": sentence({"code": reason.code, "params": reason.params}, book=book),
        }
        for reason in reasons
    ]


def _value(name: str, value: Any, book: Book | None) -> str:
    if name in ("category", "against"):
        return in_words((book or rulebook.current()).name_of(str(value)))
    return _(_LISTS[name][value]) if value in _LISTS.get(name, ()) else str(value)
