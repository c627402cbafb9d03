"""F33: rules that trigger each other end: five deep, fifty tasks for one subject, and the cut is seen."""

from datetime import datetime
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.base import facts, outbox
from huiyin.base.actor import CLOCK
from huiyin.base.facts import Kind
from huiyin.base.models import Fact, Task
from huiyin.base.outbox import Happened, Spec, reactions, task
from huiyin.base.outbox.chain import ACTIONS_LIMIT, DEPTH_LIMIT
from tests.given import MONDAY_9, undone, work_done

pytestmark = pytest.mark.django_db
KINDS = [f"rule.{letter}" for letter in "abcde"]
Rules = dict[str, list[list[str]]]


@task("fast")
def act(*, kinds: list[str], at: datetime) -> None:
    """What a rule does: it records further facts of the same subject."""
    for kind in kinds:
        facts.record(kind, "test", subject_id=7, by=CLOCK, at=at)


def run(rules: Rules) -> None:
    """Let the first kind happen once, under these rules: each answers a kind with facts of other kinds."""

    def reaction(fact: Happened) -> list[Spec]:
        return [
            Spec(f"{__name__}.act", f"{fact.ref}:{n}", {"kinds": kinds})
            for n, kinds in enumerate(rules.get(fact.kind, []))
        ]

    known = {kind: Kind(kind, "") for kind in KINDS}
    with patch.dict(facts.KINDS, known), patch.dict(reactions._reactions, clear=True):
        for kind in KINDS:
            outbox.react(kind, reaction)
        facts.record(KINDS[0], "test", subject_id=7, by=CLOCK, at=MONDAY_9)
        work_done(at=MONDAY_9)


any_rules = st.dictionaries(
    st.sampled_from(KINDS), st.lists(st.lists(st.sampled_from(KINDS), max_size=4), max_size=4)
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(any_rules)
def test_whatever_the_rules_one_fact_causes_a_bounded_number_of_tasks(rules: Rules) -> None:
    with undone():
        run(rules)
        first = len(rules.get(KINDS[0], []))
        done = Task.objects.filter(state=Task.DONE)
        assert done.count() <= first * (1 + ACTIONS_LIMIT)
        assert all(depth <= DEPTH_LIMIT for depth in done.values_list("depth", flat=True))
        assert not Task.objects.filter(state__in=(Task.READY, Task.RUNNING)).exists()
        for cut in Task.objects.filter(state=Task.DEAD):
            assert "is part of a loop" in cut.error


def test_two_rules_that_trigger_each_other_are_cut_and_shown() -> None:
    run({"rule.a": [["rule.b"]], "rule.b": [["rule.a"]]})
    assert Task.objects.filter(state=Task.DONE).count() == DEPTH_LIMIT
    cut = Task.objects.get(state=Task.DEAD)
    assert f"is part of a loop: cut at depth {DEPTH_LIMIT}" in cut.error


def test_a_rule_that_multiplies_is_cut_at_fifty() -> None:
    run({"rule.a": [["rule.a"] * 4] * 4})
    assert Task.objects.filter(state=Task.DONE).count() <= 4 * (1 + ACTIONS_LIMIT)
    assert Task.objects.filter(state=Task.DEAD).exists()


def test_rules_without_a_loop_run_to_their_end() -> None:
    run({"rule.a": [["rule.b"], ["rule.c"]], "rule.b": [["rule.d", "rule.e"]], "rule.d": [["rule.e"]]})
    assert not Task.objects.filter(state=Task.DEAD).exists()
    assert Fact.objects.filter(kind="rule.e").count() == 2
