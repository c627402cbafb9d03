"""Reading a procedure from written data, refusing at once what would leave a case stranded."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from huiyin.engines import conditions
from huiyin.engines.conditions import Fact
from huiyin.engines.conditions.written import listed, only, words
from huiyin.engines.procedures.errors import ProcedureError
from huiyin.engines.procedures.graph import refuse_stranding
from huiyin.engines.procedures.procedure import Procedure, Stage, Step

MAX_STAGES = 100
MAX_STEPS = 20
_MAX_NAMES = 20

_KEY = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_STAGE = {"key", "label", "who", "form", "promises", "keeps", "reports", "final", "needs_management", "next"}
_STEP = {"to", "label", "by", "when", "back"}


@dataclass(frozen=True, slots=True)
class Known:
    """What a procedure may refer to: keys of roles, forms and promise policies, and facts of the case."""

    roles: Collection[str]
    forms: Collection[str] = ()
    promises: Collection[str] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)


def build(data: object, known: Known) -> Procedure:
    """Return the procedure that `data` describes: `{start, stages: [...]}`.

    Raises ProcedureError naming the first place that is wrong: references to what is not `known`, then
    stages that cannot be reached, dead ends, and circles that are not declared as steps back.
    """
    if not isinstance(data, Mapping):
        raise ProcedureError("", "not_a_procedure")
    only(data, {"start", "stages"}, "", ProcedureError)
    written = listed(data.get("stages"), "stages", MAX_STAGES, ProcedureError)
    stages = tuple(_stage(each, known, f"stages[{i}]") for i, each in enumerate(written))
    _refuse_wrong_keys(stages)
    start = data.get("start")
    if all(stage.key != start for stage in stages):
        raise ProcedureError("start", "unknown_stage", {"stage": str(start)[:80]})
    procedure = Procedure(str(start), stages)
    refuse_stranding(procedure)
    return procedure


def _stage(data: object, known: Known, path: str) -> Stage:
    if not isinstance(data, Mapping):
        raise ProcedureError(path, "not_a_stage")
    only(data, _STAGE, path, ProcedureError)
    who = _names(data, "who", known.roles, "unknown_role", path)
    return Stage(
        key=_key(data.get("key"), f"{path}.key"),
        label=words(data.get("label"), f"{path}.label", ProcedureError),
        who=who,
        form=_form(data.get("form"), known, f"{path}.form"),
        promises=_names(data, "promises", known.promises, "unknown_promise", path),
        keeps=_names(data, "keeps", known.promises, "unknown_promise", path),
        reports=_names(data, "reports", known.roles, "unknown_role", path),
        steps=_steps(data, who, known, path),
        final=_flag(data, "final", path),
        needs_management=_flag(data, "needs_management", path),
    )


def _steps(data: Mapping[Any, Any], who: tuple[str, ...], known: Known, path: str) -> tuple[Step, ...]:
    if "next" not in data:
        return ()
    written = listed(data["next"], f"{path}.next", MAX_STEPS, ProcedureError)
    return tuple(_step(each, who, known, f"{path}.next[{i}]") for i, each in enumerate(written))


def _step(data: object, who: tuple[str, ...], known: Known, path: str) -> Step:
    if not isinstance(data, Mapping):
        raise ProcedureError(path, "not_a_step")
    only(data, _STEP, path, ProcedureError)
    by = _names(data, "by", known.roles, "unknown_role", path) or who
    if not by:
        raise ProcedureError(f"{path}.by", "nobody")
    when = None
    if "when" in data:
        when = conditions.build_part(data["when"], known.facts, path=f"{path}.when", refuse=ProcedureError)
    return Step(
        to=_key(data.get("to"), f"{path}.to"),
        label=words(data.get("label"), f"{path}.label", ProcedureError),
        by=by,
        when=when,
        back=_flag(data, "back", path),
    )


def _key(written: object, path: str) -> str:
    if not isinstance(written, str) or len(written) > 60 or not _KEY.fullmatch(written):
        raise ProcedureError(path, "not_a_key")
    return written


def _names(
    data: Mapping[Any, Any], option: str, allowed: Collection[str], code: str, path: str
) -> tuple[str, ...]:
    if option not in data:
        return ()
    names = listed(data[option], f"{path}.{option}", _MAX_NAMES, ProcedureError)
    for i, name in enumerate(names):
        if not isinstance(name, str) or name not in allowed:
            raise ProcedureError(f"{path}.{option}[{i}]", code, {"name": str(name)[:80]})
    return tuple(dict.fromkeys(names))


def _form(written: object, known: Known, path: str) -> str | None:
    if written is None:
        return None
    if not isinstance(written, str) or written not in known.forms:
        raise ProcedureError(path, "unknown_form", {"name": str(written)[:80]})
    return written


def _flag(data: Mapping[Any, Any], option: str, path: str) -> bool:
    written = data.get(option, False)
    if not isinstance(written, bool):
        raise ProcedureError(f"{path}.{option}", "not_yes_or_no")
    return written


def _refuse_wrong_keys(stages: tuple[Stage, ...]) -> None:
    keys: set[str] = set()
    for i, stage in enumerate(stages):
        if stage.key in keys:
            raise ProcedureError(f"stages[{i}].key", "twice", {"stage": stage.key})
        keys.add(stage.key)
    for i, stage in enumerate(stages):
        targets: set[str] = set()
        for j, step in enumerate(stage.steps):
            path = f"stages[{i}].next[{j}].to"
            if step.to not in keys:
                raise ProcedureError(path, "unknown_stage", {"stage": step.to})
            if step.to in targets:
                raise ProcedureError(path, "twice", {"stage": step.to})
            targets.add(step.to)
