"""Procedures as data: what is refused when built, which steps are open to whom, and the drawing."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.engines import procedures
from huiyin.engines.conditions import Fact, FactType
from huiyin.engines.procedures import (
    Known,
    Procedure,
    ProcedureError,
    StepNotOpenError,
    UnknownStageError,
)

KNOWN = Known(
    roles={"agent", "customer", "lead"},
    forms={"return_form"},
    promises={"receipt", "refund"},
    facts={"paid": Fact("paid", FactType.YES_NO), "sum": Fact("sum", FactType.MONEY)},
)


def words(text: str) -> dict[str, str]:
    return {"zh": f"中{text}", "en": text}


def a_step(to: str, **more: object) -> dict[str, object]:
    return {"to": to, "label": words(f"go to {to}"), **more}


def a_stage(key: str, *steps: dict[str, object], **more: object) -> dict[str, object]:
    ends: dict[str, object] = {"next": list(steps)} if steps else {"final": True}
    return {"key": key, "label": words(key), "who": ["agent"], **ends, **more}


def built(*stages: dict[str, object], start: str | None = None) -> Procedure:
    return procedures.build({"start": start or stages[0]["key"], "stages": list(stages)}, KNOWN)


def refusal(*stages: dict[str, object], start: str | None = None) -> tuple[str, str]:
    with pytest.raises(ProcedureError) as caught:
        built(*stages, start=start)
    return caught.value.path, caught.value.code


IF_PAID = {"fact": "paid", "op": "is", "value": True}
RETURNS = (
    a_stage("registered", a_step("received", by=["agent", "lead"]), form="return_form", promises=["receipt"]),
    a_stage(
        "received",
        a_step("refunded", when=IF_PAID, by=["lead"]),
        a_step("registered", back=True),
        a_step("refused"),
        keeps=["receipt"],
        promises=["refund"],
    ),
    a_stage("refunded", keeps=["refund"]),
    a_stage("refused"),
)


def test_a_case_goes_from_the_start_to_an_end_and_back_where_that_is_declared() -> None:
    procedure = built(*RETURNS)
    assert procedure.start == "registered"
    received = procedure.take("registered", "received", facts={}, roles={"agent"})
    assert (received.keeps, received.promises) == (("receipt",), ("refund",))
    assert procedure.take("received", "registered", facts={}, roles={"agent"}).form == "return_form"
    assert procedure.take("received", "refunded", facts={"paid": True}, roles={"lead"}).final


def test_a_step_that_is_not_open_names_every_ground() -> None:
    procedure = built(*RETURNS)
    offers = {o.step.to: o for o in procedure.offers("received", facts={"paid": False}, roles={"agent"})}
    assert [to for to, offer in offers.items() if offer.is_open] == ["registered", "refused"]
    assert [reason.code for reason in offers["refunded"].because] == ["other_role", "fails"]
    with pytest.raises(StepNotOpenError) as caught:
        procedure.take("received", "refunded", facts={}, roles={"agent"})
    assert caught.value.because == offers["refunded"].because


def test_a_step_that_does_not_exist_and_a_stage_of_an_older_pack_are_told_apart() -> None:
    procedure = built(*RETURNS)
    with pytest.raises(StepNotOpenError, match="no_such_step"):
        procedure.take("registered", "refunded", facts={}, roles={"lead"})
    with pytest.raises(UnknownStageError):
        procedure.offers("weighed", facts={}, roles={"agent"})


def test_a_step_belongs_to_those_whose_turn_it_is_unless_it_names_others() -> None:
    procedure = built(a_stage("a", a_step("b"), a_step("c", by=["customer"])), a_stage("b"), a_stage("c"))
    assert [step.by for step in procedure.stage("a").steps] == [("agent",), ("customer",)]


def test_stages_that_depend_on_conditions_alone_are_pointed_out() -> None:
    procedure = built(
        a_stage("a", a_step("b", when=IF_PAID), a_step("c")),
        a_stage("c", a_step("b", when=IF_PAID)),
        a_stage("b"),
    )
    assert procedure.may_stick == ("c",)


@pytest.mark.parametrize(
    ("stages", "path", "code"),
    [
        ([a_stage("a"), a_stage("a")], "stages[1].key", "twice"),
        ([a_stage("A")], "stages[0].key", "not_a_key"),
        ([a_stage("a", label={"zh": "x"})], "stages[0].label.en", "words_missing"),
        ([a_stage("a", colour="red")], "stages[0].colour", "unknown_key"),
        ([a_stage("a", who=["boss"])], "stages[0].who[0]", "unknown_role"),
        ([a_stage("a", form="x")], "stages[0].form", "unknown_form"),
        ([a_stage("a", promises=["x"])], "stages[0].promises[0]", "unknown_promise"),
        ([a_stage("a", keeps=[["x"]])], "stages[0].keeps[0]", "unknown_promise"),
        ([a_stage("a", final="yes")], "stages[0].final", "not_yes_or_no"),
        ([a_stage("a", a_step("x"))], "stages[0].next[0].to", "unknown_stage"),
        ([a_stage("a", a_step("b"), a_step("b")), a_stage("b")], "stages[0].next[1].to", "twice"),
        ([{**a_stage("a", a_step("b")), "who": []}, a_stage("b")], "stages[0].who", "empty"),
        (
            [{"key": "a", "label": words("a"), "next": [a_step("b")]}, a_stage("b")],
            "stages[0].next[0].by",
            "nobody",
        ),
        (
            [
                a_stage("a", a_step("b", when={"all": [{"fact": "sum", "op": "is", "value": 1.5}]})),
                a_stage("b"),
            ],
            "stages[0].next[0].when.all[0].value",
            "not_a_number",
        ),
    ],
)
def test_a_procedure_that_refers_to_what_does_not_exist_is_refused_at_the_place(
    stages: list[dict[str, object]], path: str, code: str
) -> None:
    assert refusal(*stages) == (path, code)


@pytest.mark.parametrize(
    ("stages", "path", "code"),
    [
        ([a_stage("a", final=False)], "stages[0].next", "dead_end"),
        ([a_stage("a", a_step("b"), final=True), a_stage("b")], "stages[0].next", "final_goes_on"),
        ([a_stage("a"), a_stage("b")], "stages[1]", "unreachable"),
        ([a_stage("a", a_step("a"), a_step("b")), a_stage("b")], "stages[0]", "cycle"),
        ([a_stage("a", a_step("b", back=True)), a_stage("b")], "stages[0].next[0].back", "not_back"),
        ([a_stage("a", a_step("b")), a_stage("b", a_step("a", back=True))], "stages[0].next", "no_way_out"),
    ],
)
def test_a_procedure_in_which_a_case_would_be_stranded_is_refused(
    stages: list[dict[str, object]], path: str, code: str
) -> None:
    assert refusal(*stages) == (path, code)


def test_a_stage_may_lead_only_back_or_to_itself_when_another_way_ends() -> None:
    assert built(a_stage("a", a_step("b"), a_step("c")), a_stage("b", a_step("a", back=True)), a_stage("c"))
    assert built(a_stage("a", a_step("a", back=True), a_step("b")), a_stage("b"))


def test_a_circle_that_is_not_declared_is_named_in_the_order_of_its_steps() -> None:
    with pytest.raises(ProcedureError) as caught:
        built(
            a_stage("x", a_step("a")),
            a_stage("a", a_step("b"), a_step("end")),
            a_stage("b", a_step("c")),
            a_stage("c", a_step("a")),
            a_stage("end"),
        )
    assert (caught.value.path, caught.value.params) == ("stages[1]", {"stages": "a > b > c > a"})


@pytest.mark.parametrize(
    "data", [None, [], {"start": "a"}, {"start": "a", "stages": {}}, {"stages": [a_stage("a")]}]
)
def test_what_is_no_procedure_at_all_is_refused(data: object) -> None:
    with pytest.raises(ProcedureError):
        procedures.build(data, KNOWN)


def test_a_procedure_is_drawn_with_its_labels_made_harmless() -> None:
    procedure = built(
        a_stage("a", a_step("end", label={"zh": '完成"]; click', "en": "x"}), a_step("a", back=True)),
        a_stage("end"),
    )
    assert procedures.diagram(procedure, language="zh") == (
        "flowchart TD\n"
        "    start(( )) --> s_a\n"
        '    s_a["中a"]\n'
        '    s_end(["中end"])\n'
        '    s_a -->|"完成#quot;]; click"| s_end\n'
        '    s_a -.->|"中go to a"| s_a\n'
    )


@st.composite
def graphs(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A few stages with steps that mostly lead onwards, so that about half of the graphs are sound."""
    count = draw(st.integers(1, 5))
    rarely = st.integers(0, 15).map(lambda number: number == 15)
    stages = []
    for number in range(count):
        onwards = {number + 1} if number + 1 < count else set()
        targets = sorted(
            onwards
            | draw(st.sets(st.integers(0, count - 1), max_size=2 if onwards else draw(st.integers(0, 1))))
        )
        steps = [
            a_step(f"s{target}", back=(target <= number) is not draw(rarely))
            for target in targets
            if not draw(rarely)
        ]
        stages.append(a_stage(f"s{number}", *steps, final=(not steps) is not draw(rarely)))
    return stages


@settings(max_examples=500, deadline=None)
@given(graphs())
def test_a_graph_is_accepted_exactly_when_walking_it_slowly_strands_nobody(
    stages: list[dict[str, Any]],
) -> None:
    try:
        built(*stages)
    except ProcedureError:
        accepted = False
    else:
        accepted = True
    assert accepted is strands_nobody(stages)


def strands_nobody(stages: list[dict[str, Any]]) -> bool:
    """The rules of the documentation by listing every walk without a repeated stage."""
    steps = {stage["key"]: stage.get("next", []) for stage in stages}
    finals = {stage["key"] for stage in stages if stage.get("final")}

    def walks(start: str, *, with_back: bool) -> list[list[str]]:
        found, longer = [[start]], [[start]]
        while longer:
            longer = [
                [*walk, step["to"]]
                for walk in longer
                for step in steps[walk[-1]]
                if (with_back or not step["back"]) and walk[-1] not in walk[:-1]
            ]
            found += longer
        return found

    ends_right = all(bool(steps[key]) is not (key in finals) for key in steps)
    no_circle = all(len(set(walk)) == len(walk) for key in steps for walk in walks(key, with_back=False))
    true_returns = all(
        key in {walk[-1] for walk in walks(step["to"], with_back=False)}
        for key in steps
        for step in steps[key]
        if step["back"]
    )
    reached = {walk[-1] for walk in walks(stages[0]["key"], with_back=True)}
    out = all(finals & {walk[-1] for walk in walks(key, with_back=True)} for key in steps)
    return ends_right and no_circle and true_returns and reached == set(steps) and out
