"""Stored procedures and forms, built: what a case may do next, and what is filled in on the way."""

from collections.abc import Collection, Mapping
from typing import Any

from huiyin.engines import forms, procedures
from huiyin.engines.classify.emotions import EMOTIONS
from huiyin.engines.conditions import Fact, FactType
from huiyin.engines.conditions.written import WrittenError

FACTS = {
    fact.name: fact
    for fact in (
        Fact("category", FactType.TEXT),
        Fact("priority", FactType.CHOICE, choices=frozenset({"urgent", "normal", "low"})),
        Fact("emotion", FactType.CHOICE, choices=frozenset(EMOTIONS)),
        Fact("channel", FactType.TEXT),
    )
}


def wrong(
    definitions: Mapping[str, Any],
    form_definitions: Mapping[str, Any],
    *,
    roles: Collection[str],
    promises: Collection[str],
) -> list[str]:
    """Return one line for each form or procedure that cannot be used, naming the place; empty when all are good."""
    lines = []
    known = procedures.Known(roles, form_definitions.keys(), promises, FACTS)
    for code, definition in form_definitions.items():
        try:
            forms.build(definition)
        except WrittenError as error:
            lines.append(f"form {code}: {error}")
    for code, definition in definitions.items():
        try:
            procedures.build(definition, known)
        except WrittenError as error:
            lines.append(f"procedure {code}: {error}")
    return lines


def built(
    definitions: Mapping[str, Any], form_codes: Collection[str], *, promises: Collection[str]
) -> dict[str, procedures.Procedure]:
    """Return the procedures by code. A role that has been taken away since is nobody's, not a fault."""
    return {
        code: procedures.build(definition, procedures.Known(_roles(definition), form_codes, promises, FACTS))
        for code, definition in definitions.items()
    }


def _roles(definition: Mapping[str, Any]) -> set[str]:
    stages = definition["stages"]
    named = {role for stage in stages for role in stage.get("who", ())}
    named |= {role for stage in stages for role in stage.get("reports", ())}
    return named | {role for stage in stages for step in stage.get("next", ()) for role in step.get("by", ())}
