"""The shape of a procedure: what can be reached, where it ends, and which circles are meant."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from huiyin.engines.procedures.errors import ProcedureError
from huiyin.engines.procedures.procedure import Procedure, Stage

Graph = Mapping[str, list[str]]


def refuse_stranding(procedure: Procedure) -> None:
    """Refuse a graph in which a case could be stranded, taking every condition as one that can hold.

    Codes, in this order: `final_goes_on` (final, yet with steps), `dead_end` (not final and no step), `cycle`
    (a circle of steps that are not declared `back`), `not_back` (a step back to a stage that does not lead
    here), `unreachable` (from the start), `no_way_out` (to any final stage).
    """
    _refuse_wrong_ends(procedure.stages)
    forward = _graph(procedure.stages, with_back=False)
    _refuse_circles(procedure.stages, forward)
    _refuse_false_returns(procedure.stages, forward)
    everywhere = _graph(procedure.stages, with_back=True)
    reached = _reach(everywhere, [procedure.start])
    leaving = _reach(_reversed(everywhere), [stage.key for stage in procedure.stages if stage.final])
    for i, stage in enumerate(procedure.stages):
        if stage.key not in reached:
            raise ProcedureError(f"stages[{i}]", "unreachable", {"stage": stage.key})
        if stage.key not in leaving:
            raise ProcedureError(f"stages[{i}].next", "no_way_out", {"stage": stage.key})


def _refuse_wrong_ends(stages: tuple[Stage, ...]) -> None:
    for i, stage in enumerate(stages):
        if stage.final and stage.steps:
            raise ProcedureError(f"stages[{i}].next", "final_goes_on", {"stage": stage.key})
        if not stage.final and not stage.steps:
            raise ProcedureError(f"stages[{i}].next", "dead_end", {"stage": stage.key})


def _refuse_circles(stages: tuple[Stage, ...], forward: Graph) -> None:
    try:
        TopologicalSorter(_reversed(forward)).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1][:-1]
        i, first = next((i, stage.key) for i, stage in enumerate(stages) if stage.key in circle)
        turn = circle.index(first)
        stages_in_turn = [*circle[turn:], *circle[:turn], first]
        raise ProcedureError(f"stages[{i}]", "cycle", {"stages": " > ".join(stages_in_turn)}) from None


def _refuse_false_returns(stages: tuple[Stage, ...], forward: Graph) -> None:
    for i, stage in enumerate(stages):
        for j, step in enumerate(stage.steps):
            if step.back and stage.key not in _reach(forward, [step.to]):
                params = {"from": stage.key, "to": step.to}
                raise ProcedureError(f"stages[{i}].next[{j}].back", "not_back", params)


def _graph(stages: tuple[Stage, ...], *, with_back: bool) -> Graph:
    return {stage.key: [step.to for step in stage.steps if with_back or not step.back] for stage in stages}


def _reversed(graph: Graph) -> Graph:
    turned: dict[str, list[str]] = {key: [] for key in graph}
    for key, targets in graph.items():
        for target in targets:
            turned[target].append(key)
    return turned


def _reach(graph: Graph, starts: list[str]) -> set[str]:
    reached: set[str] = set()
    waiting = list(starts)
    while waiting:
        if (key := waiting.pop()) not in reached:
            reached.add(key)
            waiting += graph[key]
    return reached
