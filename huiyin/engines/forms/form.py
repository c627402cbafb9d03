"""A built form: what is shown, what is wrong with the answers, and how they look masked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from huiyin.engines.conditions import Fact
from huiyin.engines.forms.errors import WrongValueError
from huiyin.engines.forms.fields import Field
from huiyin.engines.forms.values import Value, as_fact, read, write
from huiyin.engines.reason import Reason

_T = TypeVar("_T")
_NOTHING_MORE: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class Checked:
    """The answers of a form after checking.

    `answers` hold the fields that are shown and answered well; `errors` the ground by field; `shown` and
    `required` the fields a screen should show and mark; `dropped` what was answered but is not shown.
    """

    answers: Mapping[str, Value]
    errors: Mapping[str, Reason]
    shown: frozenset[str]
    required: frozenset[str]
    dropped: frozenset[str]

    @property
    def is_good(self) -> bool:
        """Whether the answers may be kept."""
        return not self.errors


@dataclass(frozen=True, slots=True)
class Form:
    """A form that passed every check; made only by `build`.

    `in_order` has every field after those that decide whether it is shown; `outer` names the facts of the
    case that its conditions may ask about.
    """

    fields: tuple[Field, ...]
    in_order: tuple[str, ...]
    by_key: Mapping[str, Field] = field(repr=False)
    outer: frozenset[str] = frozenset()

    def validate(
        self, given: Mapping[str, object], *, facts: Mapping[str, object] = _NOTHING_MORE
    ) -> Checked:
        """Check answers as a person wrote them, or as `keep` wrote them before.

        `facts` are values of the facts of the case that the form's conditions may ask about. A field that
        is not shown counts as unanswered for every condition, and so does one whose answer is wrong. A key
        that is no field is an error of its own.
        """
        answers: dict[str, Value] = {}
        wrong: dict[str, Reason] = {}
        known = {name: facts[name] for name in self.outer if name in facts}
        shown: set[str] = set()
        for key in self.in_order:
            one = self.by_key[key]
            if one.shown_when is not None and not one.shown_when.holds(known):
                continue
            shown.add(key)
            try:
                value = read(one, given.get(key))
            except WrongValueError as error:
                wrong[key] = error.reason
                continue
            if value is not None:
                answers[key] = value
                known[key] = as_fact(value)
        required = frozenset(key for key in shown if _is_required(self.by_key[key], known))
        missing = {key: Reason("required") for key in required - answers.keys() - wrong.keys()}
        strange = {key: Reason("unknown_field") for key in given if key not in self.by_key}
        return Checked(
            answers=self._in_form_order(answers),
            errors={**self._in_form_order({**wrong, **missing}), **strange},
            shown=frozenset(shown),
            required=required,
            dropped=frozenset(key for key in given if key in self.by_key and key not in shown),
        )

    def keep(self, answers: Mapping[str, Value]) -> dict[str, str | bool | list[str]]:
        """Return checked answers in JSON types; `validate` makes equal answers of it."""
        return {key: write(value) for key, value in answers.items()}

    def facts(self, *, under: str) -> dict[str, Fact]:
        """Return the fields as facts named `under.key`, for conditions elsewhere (rules, procedures)."""
        named = (replace(one.fact, name=f"{under}.{one.key}") for one in self.fields)
        return {fact.name: fact for fact in named}

    def values(self, answers: Mapping[str, Value], *, under: str) -> dict[str, object]:
        """Return checked answers as the values of `facts`."""
        return {f"{under}.{key}": as_fact(value) for key, value in answers.items()}

    def mask(self, answers: Mapping[str, object], *, by: Callable[[str, str], str]) -> dict[str, object]:
        """Return answers, checked or kept, with personal ones masked by `by(kind, text)`.

        Only fields of the form come out: what is not known to be harmless is left out.
        """
        return {key: _masked(self.by_key[key], answers[key], by) for key in self.by_key if key in answers}

    def _in_form_order(self, found: Mapping[str, _T]) -> dict[str, _T]:
        return {one.key: found[one.key] for one in self.fields if one.key in found}


def _is_required(one: Field, known: Mapping[str, object]) -> bool:
    return one.required or (one.required_when is not None and one.required_when.holds(known))


def _masked(one: Field, value: object, by: Callable[[str, str], str]) -> object:
    if one.mask is None or value in (None, ""):
        return value
    return by(one.mask, value) if isinstance(value, str) else "***"
