"""Who gets a case: the grounds against, the order of preference, and the reasons given."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.engines import assign
from huiyin.engines.assign import Candidate, Need

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

KEYS = st.sampled_from(["alice", "bob", "charlie", "dora", "emil", "fang"])
SOME = st.frozensets(st.sampled_from(["x", "y", "z"]))
CANDIDATES = st.builds(
    Candidate,
    key=KEYS,
    teams=SOME,
    skills=SOME,
    qualified_for=st.none() | SOME,
    seniority=st.integers(0, 9),
    present=st.booleans(),
    on_shift=st.booleans(),
    load=st.integers(0, 12).map(lambda halves: Decimal(halves) / 2),
    cap=st.integers(0, 6).map(Decimal),
    last_assigned_at=st.none() | st.integers(0, 5).map(lambda hours: NINE + timedelta(hours=hours)),
    assigned_today=st.integers(0, 40),
)
CROWDS = st.lists(CANDIDATES, max_size=6, unique_by=lambda each: each.key)
NEEDS = st.builds(
    Need,
    team=st.none() | st.sampled_from(["x", "y"]),
    category=st.none() | st.sampled_from(["x", "y"]),
    skills=st.frozensets(st.sampled_from(["x", "y"])),
    customer_level=st.sampled_from([None, "vip", "normal"]),
    weight=st.sampled_from([Decimal("0.5"), Decimal(1), Decimal(5)]),
    earlier_handler=st.none() | KEYS,
    dedicated=st.none() | KEYS,
    excluded=st.frozensets(KEYS, max_size=2),
)


def best(need: Need, *candidates: Candidate) -> str | None:
    chosen = assign.rank(need, candidates).best
    return chosen.key if chosen else None


def codes(need: Need, candidate: Candidate) -> list[str]:
    return [reason.code for reason in assign.why(assign.rank(need, [candidate]), candidate.key)]


def test_nobody_to_choose_from_leaves_the_case_in_the_queue() -> None:
    assert assign.rank(Need(), []).best is None


@pytest.mark.parametrize(
    ("need", "candidate", "ground"),
    [
        (Need(excluded=frozenset({"a"})), Candidate("a"), "excluded"),
        (Need(team="sales"), Candidate("a", teams=frozenset({"repair"})), "other_team"),
        (Need(skills=frozenset({"english"})), Candidate("a"), "skill_missing"),
        (Need(category="refund"), Candidate("a", qualified_for=frozenset({"fault"})), "not_qualified"),
        (Need(), Candidate("a", present=False), "absent"),
        (Need(), Candidate("a", on_shift=False), "off_shift"),
        (Need(), Candidate("a", overloaded=True), "overloaded"),
        (Need(), Candidate("a", load=Decimal(5)), "full"),
    ],
)
def test_each_ground_alone_refuses_and_is_named(need: Need, candidate: Candidate, ground: str) -> None:
    assert best(need, candidate) is None
    assert codes(need, candidate) == [ground]


def test_every_ground_is_given_not_just_the_first() -> None:
    need = Need(team="sales", skills=frozenset({"english", "german"}), excluded=frozenset({"a"}))
    away = Candidate("a", present=False, on_shift=False, load=Decimal(6))
    assert codes(need, away) == [
        "excluded", "other_team", "skill_missing", "skill_missing", "absent", "off_shift", "full",
    ]  # fmt: skip


def test_a_person_with_less_than_the_cap_takes_one_more_and_at_the_cap_none() -> None:
    assert best(Need(weight=Decimal(1)), Candidate("a", load=Decimal("4.5"))) == "a"
    assert best(Need(weight=Decimal("0.5")), Candidate("a", load=Decimal(5))) is None


def test_a_dedicated_agent_goes_before_an_earlier_handler_before_a_senior_before_the_rest() -> None:
    staff = [
        Candidate("dedicated", load=Decimal("4.5"), assigned_today=90, seniority=0),
        Candidate("earlier", load=Decimal("4.5"), assigned_today=90, seniority=0),
        Candidate("senior", load=Decimal(2), assigned_today=10, seniority=5),
        Candidate("junior", seniority=0),
    ]
    need = Need(dedicated="dedicated", earlier_handler="earlier", customer_level="vip")
    ranked = assign.rank(need, staff).ranked
    assert [each.candidate.key for each in ranked] == ["dedicated", "earlier", "senior", "junior"]


def test_a_dedicated_agent_who_is_away_is_passed_over_and_told_why() -> None:
    staff = [Candidate("dedicated", present=False), Candidate("other")]
    ranking = assign.rank(Need(dedicated="dedicated"), staff)
    assert ranking.best == staff[1]
    assert [reason.code for reason in assign.why(ranking, "dedicated")] == ["absent"]


def test_seniority_counts_for_a_vip_and_for_nobody_else() -> None:
    staff = [Candidate("senior", seniority=5, load=Decimal(1)), Candidate("junior")]
    assert best(Need(customer_level="vip"), *staff) == "senior"
    assert best(Need(customer_level="normal"), *staff) == "junior"


def test_the_emptier_desk_goes_first_by_its_own_cap() -> None:
    staff = [
        Candidate("two_of_ten", load=Decimal(2), cap=Decimal(10)),
        Candidate("two_of_five", load=Decimal(2)),
    ]
    assert best(Need(), *staff) == "two_of_ten"


def test_a_call_that_takes_all_still_goes_to_the_emptier_desk() -> None:
    staff = [Candidate("busy", load=Decimal(3)), Candidate("idle", load=Decimal(1), assigned_today=4)]
    assert best(Need(weight=assign.weight_of("call")), *staff) == "idle"


def test_of_equals_the_one_with_fewest_today_then_longest_waiting_then_the_smaller_key() -> None:
    assert best(Need(), Candidate("a", assigned_today=3), Candidate("b", assigned_today=2)) == "b"
    early, late = NINE, NINE + timedelta(minutes=1)
    assert best(Need(), Candidate("a", last_assigned_at=late), Candidate("b", last_assigned_at=early)) == "b"
    assert best(Need(), Candidate("a", last_assigned_at=early), Candidate("b")) == "b"
    assert best(Need(), Candidate("b"), Candidate("a")) == "a"


def test_why_not_says_how_far_behind_whom_and_by_what_a_tie_was_broken() -> None:
    staff = [
        Candidate("a", last_assigned_at=NINE),
        Candidate("b"),
        Candidate("c"),
        Candidate("d", load=Decimal(1)),
    ]
    ranking = assign.rank(Need(), staff)
    assert assign.why(ranking, "b")[0].params == {"of": 4}
    assert assign.why(ranking, "c")[0].code == "tied_by_key"
    assert assign.why(ranking, "a")[0].code == "tied_waited_less"
    assert assign.why(ranking, "d")[0].params == {"place": 4, "of": 4, "first": "b", "points": 20}
    assert [reason.code for reason in assign.why(ranking, "stranger")] == ["not_a_candidate"]


def test_a_candidate_given_twice_and_a_negative_load_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        assign.rank(Need(), [Candidate("a"), Candidate("a")])
    with pytest.raises(ValueError, match="negative"):
        assign.rank(Need(), [Candidate("a", load=Decimal(-1))])


def test_a_call_takes_all_a_chat_one_and_anything_else_a_half() -> None:
    assert assign.weight_of("call", cap=Decimal(7)) == 7
    assert assign.weight_of("chat") == 1
    assert assign.weight_of("mail") == Decimal("0.5")


@settings(max_examples=150, deadline=None)
@given(NEEDS, CROWDS)
def test_everyone_is_either_ranked_or_refused_and_only_the_fit_are_ranked(
    need: Need, crowd: list[Candidate]
) -> None:
    ranking = assign.rank(need, crowd)
    able = {one.candidate.key for one in ranking.ranked}
    assert able | {one.candidate.key for one in ranking.refused} == {each.key for each in crowd}
    assert able == {each.key for each in crowd if plainly_fits(need, each)}
    assert all(one.because for one in ranking.refused)


@settings(max_examples=150, deadline=None)
@given(NEEDS, CROWDS, st.randoms(use_true_random=False))
def test_the_order_in_which_candidates_are_given_changes_nothing(
    need: Need, crowd: list[Candidate], shuffler: Random
) -> None:
    shuffled = list(crowd)
    shuffler.shuffle(shuffled)
    assert assign.rank(need, shuffled) == assign.rank(need, crowd)


@settings(max_examples=150, deadline=None)
@given(NEEDS, CROWDS)
def test_the_points_named_add_up_to_the_score_and_the_score_gives_the_order(
    need: Need, crowd: list[Candidate]
) -> None:
    ranked = assign.rank(need, crowd).ranked
    for one in ranked:
        assert one.score == sum(int(reason.params.get("points", 0)) for reason in one.because)
    scores = [one.score for one in ranked]
    assert scores == sorted(scores, reverse=True)


@settings(max_examples=150, deadline=None)
@given(NEEDS, CROWDS)
def test_an_able_dedicated_agent_always_comes_first_and_then_an_able_earlier_handler(
    need: Need, crowd: list[Candidate]
) -> None:
    order = [one.candidate.key for one in assign.rank(need, crowd).ranked]
    wanted = [key for key in dict.fromkeys([need.dedicated, need.earlier_handler]) if key in order]
    assert order[: len(wanted)] == wanted


def test_a_day_of_cases_is_shared_out_evenly_among_equals() -> None:
    day = simulated(8, seconds_for=lambda _person: 600)
    assert day.refused == 0
    assert max(day.shares) - min(day.shares) <= 2


def test_slow_workers_get_fewer_cases_and_nobody_goes_over_the_cap() -> None:
    day = simulated(8, seconds_for=lambda person: 300 if person % 2 else 900)
    assert sum(day.shares[1::2]) > sum(day.shares[0::2])
    assert min(day.shares) > 0.6 * max(day.shares)
    assert day.highest_load <= 5


def test_a_late_starter_catches_up_without_being_flooded() -> None:
    day = simulated(8, seconds_for=lambda _person: 600, late=7, starts_at=4 * 3600)
    first_half_hour = [taken for taken in day.taken_by_the_late if taken < 4.5 * 3600]
    fair_share = 1800 / SECONDS_BETWEEN / 8
    assert fair_share <= len(first_half_hour) <= 2 * fair_share
    assert 0.5 < day.shares[7] / max(day.shares) < 0.75


def test_dedicated_agents_keep_their_customers_and_the_others_even_out_the_rest() -> None:
    day = simulated(8, seconds_for=lambda _person: 600, dedicated_share=0.3)
    assert max(day.shares) - min(day.shares) <= 2


SECONDS_BETWEEN = 40


@dataclass
class Day:
    """What eight hours of cases came to."""

    shares: list[int]
    refused: int
    highest_load: Decimal
    taken_by_the_late: list[float]


def simulated(
    people: int,
    *,
    seconds_for: Callable[[int], float],
    late: int | None = None,
    starts_at: int = 0,
    dedicated_share: float = 0,
) -> Day:
    """Eight hours of chats arriving at random, each worked on for about `seconds_for` its person."""
    chance = Random(7)
    staff = [Candidate(f"p{number}") for number in range(people)]
    finishing: list[tuple[float, int]] = []
    day = Day([0] * people, 0, Decimal(0), [])
    now = 0.0
    while (now := now + chance.expovariate(1 / SECONDS_BETWEEN)) < 8 * 3600:
        for done, person in [each for each in finishing if each[0] <= now]:
            finishing.remove((done, person))
            staff[person] = replace(staff[person], load=staff[person].load - 1)
        if late is not None:
            staff[late] = replace(staff[late], on_shift=now >= starts_at)
        dedicated = f"p{chance.randrange(people)}" if chance.random() < dedicated_share else None
        need = Need(weight=Decimal(1), dedicated=dedicated)
        chosen = assign.rank(need, staff).best
        if chosen is None:
            day.refused += 1
            continue
        person = staff.index(chosen)
        staff[person] = assign.after_taking(chosen, need, at=NINE + timedelta(seconds=now))
        finishing.append((now + chance.uniform(0.5, 1.5) * seconds_for(person), person))
        day.shares[person] += 1
        day.highest_load = max(day.highest_load, staff[person].load)
        if person == late:
            day.taken_by_the_late.append(now)
    return day


def plainly_fits(need: Need, person: Candidate) -> bool:
    """The rule of RTE-1 written out once more, slowly."""
    in_team = need.team is None or need.team in person.teams
    skilled = all(skill in person.skills for skill in need.skills)
    qualified = need.category is None or person.qualified_for is None or need.category in person.qualified_for
    here = person.present and person.on_shift
    return (
        in_team
        and skilled
        and qualified
        and here
        and person.load < person.cap
        and person.key not in need.excluded
    )
