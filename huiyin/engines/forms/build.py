"""Reading a form from written data, refusing at once what could not be filled in later."""

from collections.abc import Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from types import MappingProxyType
from typing import Any

from huiyin.engines import conditions
from huiyin.engines.conditions import Condition, Fact
from huiyin.engines.conditions.written import listed, only
from huiyin.engines.forms.errors import FormError
from huiyin.engines.forms.fields import Field
from huiyin.engines.forms.form import Form
from huiyin.engines.forms.schema import field_of

MAX_FIELDS = 200
_NO_FACTS: Mapping[str, Fact] = {}


def build(data: object, facts: Mapping[str, Fact] = _NO_FACTS) -> Form:
    """Return the form that `data` describes: `{fields: [...]}`.

    The conditions of its fields may ask about its other fields and about `facts` of the case. Raises
    FormError naming the first place that is wrong, also inside a condition.
    """
    if not isinstance(data, Mapping):
        raise FormError("", "not_a_form")
    only(data, {"fields"}, "", FormError)
    written = listed(data.get("fields"), "fields", MAX_FIELDS, FormError)
    bare = [field_of(each, f"fields[{i}]") for i, each in enumerate(written)]
    _refuse_twice(bare, facts)
    askable = {**facts, **{field.key: field.fact for field in bare}}
    fields = tuple(
        _with_conditions(field, written[i], askable, f"fields[{i}]") for i, field in enumerate(bare)
    )
    by_key = MappingProxyType({field.key: field for field in fields})
    return Form(fields, _order(fields), by_key, frozenset(facts))


def _refuse_twice(fields: list[Field], facts: Mapping[str, Fact]) -> None:
    seen = set(facts)
    for i, field in enumerate(fields):
        if field.key in seen:
            raise FormError(f"fields[{i}].key", "twice", {"key": field.key})
        seen.add(field.key)


def _with_conditions(
    field: Field, written: Mapping[str, Any], askable: Mapping[str, Fact], path: str
) -> Field:
    if field.required and "required_when" in written:
        raise FormError(f"{path}.required_when", "already_required")
    return replace(
        field,
        shown_when=_condition(written, "shown_when", askable, path),
        required_when=_condition(written, "required_when", askable, path),
    )


def _condition(
    written: Mapping[str, Any], option: str, askable: Mapping[str, Fact], path: str
) -> Condition | None:
    if option not in written:
        return None
    return conditions.build_part(written[option], askable, path=f"{path}.{option}", refuse=FormError)


def _order(fields: tuple[Field, ...]) -> tuple[str, ...]:
    """Put every field after those that decide whether it is shown.

    Only being shown can go round in a circle: whether a field is required changes no answer, so “a phone
    number unless there is an e-mail address, and the other way round” is a proper form.
    """
    keys = {field.key: i for i, field in enumerate(fields)}
    graph = {
        field.key: sorted((field.shown_when.facts() if field.shown_when else frozenset()) & keys.keys())
        for field in fields
    }
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = error.args[1]
        first = min(keys[key] for key in circle)
        params = {"fields": ", ".join(circle)}
        raise FormError(f"fields[{first}].shown_when", "cycle", params) from None
