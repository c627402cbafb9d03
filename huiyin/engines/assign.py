"""Who gets a case: everyone who could is ranked with reasons, everyone who could not with the grounds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from huiyin.engines.reason import Reason

DEFAULT_CAP = Decimal(5)
CHAT_WEIGHT = Decimal(1)
OTHER_WEIGHT = Decimal("0.5")

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Need:
    """What the case asks of the person; None or an empty set asks nothing.

    `weight` is what the case adds to a load (see `weight_of`); it changes nobody's place, so that a call,
    which takes all, still goes to the emptier desk. `excluded` holds those the case is about and those who
    declined it, under one ground, so that asking “why not me” tells nobody that a complaint names them.
    """

    team: str | None = None
    category: str | None = None
    skills: frozenset[str] = frozenset()
    customer_level: str | None = None
    weight: Decimal = OTHER_WEIGHT
    earlier_handler: str | None = None
    dedicated: str | None = None
    excluded: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person as the choice sees them. `qualified_for` None means every category.

    `seniority` counts upwards from 0; `load` is the weighted sum of open cases (>= 0);
    `last_assigned_at` is aware, None if never; `assigned_today` counts the organisation's day;
    `overloaded` says that they reported it and take nothing new for now.
    """

    key: str
    teams: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    qualified_for: frozenset[str] | None = None
    seniority: int = 0
    present: bool = True
    on_shift: bool = True
    load: Decimal = Decimal(0)
    cap: Decimal = DEFAULT_CAP
    last_assigned_at: datetime | None = None
    assigned_today: int = 0
    overloaded: bool = False


@dataclass(frozen=True, slots=True)
class Weights:
    """Points for each preference.

    The defaults make a dedicated agent outweigh everything, an earlier handler everything but that:
    1000 > 500 + 200 + 100 + 20 and 500 > 200 + 100 + 20.
    """

    dedicated: int = 1000
    earlier_handler: int = 500
    senior: int = 200
    senior_from: int = 5
    """Seniority that earns all of `senior`; less earns its share."""
    senior_levels: frozenset[str] = frozenset({"vip"})
    free: int = 100
    """For someone without any load; less by the share of the cap in use."""
    each_today: int = 5
    """Taken off for each assignment today beyond the one with the fewest."""
    most_today: int = 20
    """Never more is taken off: one chat of five, so that a late starter gets one chat more, not all."""


DEFAULT = Weights()


@dataclass(frozen=True, slots=True)
class Ranked:
    """Someone who can take the case. The `points` in `because` add up to `score`."""

    candidate: Candidate
    score: int
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Someone who cannot, with every ground."""

    candidate: Candidate
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Everyone considered: `ranked` best first, `refused` by key."""

    ranked: tuple[Ranked, ...] = ()
    refused: tuple[Refused, ...] = ()

    @property
    def best(self) -> Candidate | None:
        """The one to offer the case to; None when nobody can take it, so it queues."""
        return self.ranked[0].candidate if self.ranked else None


def rank(need: Need, candidates: Sequence[Candidate], weights: Weights = DEFAULT) -> Ranking:
    """Return everyone who can take the case, best first, and everyone who cannot, with reasons.

    The order of `candidates` changes nothing. Equal scores go to whoever was assigned longest ago
    (never counts as longest), then to the smaller key. A person may take a case while load < cap, whatever
    the case weighs: the same rule as the compare-and-set that records it. Raises ValueError
    when a key comes twice or a load is negative.
    """
    _check(candidates)
    grounds = {each.key: _grounds_against(each, need) for each in candidates}
    able = [each for each in candidates if not grounds[each.key]]
    fewest = min((each.assigned_today for each in able), default=0)
    ranked = [_scored(each, need, weights, fewest) for each in able]
    refused = [Refused(each, grounds[each.key]) for each in candidates if grounds[each.key]]
    return Ranking(
        ranked=tuple(sorted(ranked, key=_order)),
        refused=tuple(sorted(refused, key=lambda one: one.candidate.key)),
    )


def why(ranking: Ranking, key: str) -> tuple[Reason, ...]:
    """Answer “why me?” and “why not?” for one person; someone not among the candidates is told so."""
    for place, one in enumerate(ranking.ranked, start=1):
        if one.candidate.key == key:
            return (_standing(ranking, one, place), *one.because)
    for refused in ranking.refused:
        if refused.candidate.key == key:
            return refused.because
    return (Reason("not_a_candidate"),)


def weight_of(wire: str, cap: Decimal = DEFAULT_CAP) -> Decimal:
    """Return what a case on this wire adds to a load: a call takes all, a chat 1, anything else 0.5."""
    if wire == "call":
        return cap
    return CHAT_WEIGHT if wire == "chat" else OTHER_WEIGHT


def after_taking(candidate: Candidate, need: Need, *, at: datetime) -> Candidate:
    """Return the candidate as they stand once they took the case, to plan several cases in one go."""
    return replace(
        candidate,
        load=candidate.load + need.weight,
        last_assigned_at=at,
        assigned_today=candidate.assigned_today + 1,
    )


def _check(candidates: Sequence[Candidate]) -> None:
    if len({each.key for each in candidates}) != len(candidates):
        raise ValueError("a candidate comes twice")
    if any(each.load < 0 for each in candidates):
        raise ValueError("a load is negative")


def _grounds_against(candidate: Candidate, need: Need) -> tuple[Reason, ...]:
    grounds: list[Reason] = []
    if candidate.key in need.excluded:
        grounds.append(Reason("excluded"))
    if need.team is not None and need.team not in candidate.teams:
        grounds.append(Reason("other_team", {"team": need.team}))
    grounds += [Reason("skill_missing", {"skill": each}) for each in sorted(need.skills - candidate.skills)]
    if not _qualified(candidate, need.category):
        grounds.append(Reason("not_qualified", {"category": need.category or ""}))
    if not candidate.present:
        grounds.append(Reason("absent"))
    if not candidate.on_shift:
        grounds.append(Reason("off_shift"))
    if candidate.overloaded:
        grounds.append(Reason("overloaded"))
    if candidate.load >= candidate.cap:
        grounds.append(Reason("full", {"load": float(candidate.load), "cap": float(candidate.cap)}))
    return tuple(grounds)


def _qualified(candidate: Candidate, category: str | None) -> bool:
    return category is None or candidate.qualified_for is None or category in candidate.qualified_for


def _scored(candidate: Candidate, need: Need, weights: Weights, fewest: int) -> Ranked:
    points = [
        *_preferred(candidate, need, weights),
        _for_room(candidate, weights),
        _for_fairness(candidate, weights, fewest),
    ]
    score = sum(worth for worth, _ in points)
    return Ranked(candidate, score, (*_fits(candidate, need), *(reason for _, reason in points)))


def _fits(candidate: Candidate, need: Need) -> list[Reason]:
    fits = [Reason("in_team", {"team": need.team})] if need.team is not None else []
    fits += [Reason("has_skill", {"skill": each}) for each in sorted(need.skills)]
    if need.category is not None and candidate.qualified_for is not None:
        fits.append(Reason("qualified", {"category": need.category}))
    return fits


def _preferred(candidate: Candidate, need: Need, weights: Weights) -> list[tuple[int, Reason]]:
    preferred: list[tuple[int, Reason]] = []
    if candidate.key == need.dedicated:
        preferred.append(_worth(weights.dedicated, "dedicated"))
    if candidate.key == need.earlier_handler:
        preferred.append(_worth(weights.earlier_handler, "earlier_handler"))
    if need.customer_level in weights.senior_levels and candidate.seniority > 0:
        reached = min(candidate.seniority, weights.senior_from)
        points = weights.senior * reached // weights.senior_from
        level = need.customer_level or ""
        preferred.append(_worth(points, "senior", level=level, seniority=candidate.seniority))
    return preferred


def _for_room(candidate: Candidate, weights: Weights) -> tuple[int, Reason]:
    points = int(weights.free * (candidate.cap - candidate.load) / candidate.cap)
    return _worth(points, "room", load=float(candidate.load), cap=float(candidate.cap))


def _for_fairness(candidate: Candidate, weights: Weights, fewest: int) -> tuple[int, Reason]:
    more = candidate.assigned_today - fewest
    points = -min(weights.most_today, weights.each_today * more)
    return _worth(points, "today", count=candidate.assigned_today, more=more)


def _worth(points: int, code: str, **params: str | int | float) -> tuple[int, Reason]:
    return points, Reason(code, {**params, "points": points})


def _order(one: Ranked) -> tuple[int, datetime, str]:
    return -one.score, one.candidate.last_assigned_at or _NEVER, one.candidate.key


def _standing(ranking: Ranking, one: Ranked, place: int) -> Reason:
    of = len(ranking.ranked)
    first = ranking.ranked[0]
    if one is first:
        return Reason("first", {"of": of})
    place_of: dict[str, str | int | float] = {"place": place, "of": of, "first": first.candidate.key}
    if behind := first.score - one.score:
        return Reason("behind", {**place_of, "points": behind})
    same_time = first.candidate.last_assigned_at == one.candidate.last_assigned_at
    return Reason("tied_by_key" if same_time else "tied_waited_less", place_of)
