"""A roster with everything it could not do: open needs with their reasons, broken wishes with theirs."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from huiyin.engines.reason import Reason
from huiyin.engines.roster.board import Board, is_broken, violations
from huiyin.engines.roster.greedy import Greedy
from huiyin.engines.roster.problem import Duty, Need, Problem, RosterError, Wish


class Solver(Protocol):
    """Chooses duties; whatever it answers is checked before it becomes a roster."""

    def solve(self, problem: Problem, *, seed: int) -> Iterable[Duty]:
        """Return the duties beyond the settled ones; the same problem and seed give the same duties."""
        ...


@dataclass(frozen=True, slots=True)
class Unmet:
    """A need that lacks `missing` people: `because` counts the rules, `blocked` names whom they stop."""

    need: Need
    missing: int
    because: Reason
    blocked: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BrokenWish:
    """A wish that could not be granted, and why."""

    wish: Wish
    because: Reason


@dataclass(frozen=True, slots=True)
class Roster:
    """All duties in order, the settled ones included; `cost` is what the soft rules weigh."""

    duties: tuple[Duty, ...]
    unmet: tuple[Unmet, ...]
    broken: tuple[BrokenWish, ...]
    cost: int


def plan(problem: Problem, *, seed: int, solver: Solver | None = None) -> Roster:
    """Return the roster that `solver` (the shipped one unless given) finds for `problem`.

    The same seed gives the same roster. Raises RosterError `rule_broken` when a solver breaks a hard rule.
    """
    new = tuple((solver or Greedy()).solve(problem, seed=seed))
    for duty, code in violations(problem, new):
        raise RosterError("rule_broken", rule=code, day=str(duty.day), shift=duty.shift, person=duty.person)
    board = Board(problem, (duty for duty in new if duty not in problem.settled))
    return Roster(
        duties=tuple(sorted({*problem.settled, *new})),
        unmet=tuple(_unmet(board, need) for need in problem.needs if board.missing((need.day, need.shift))),
        broken=tuple(
            BrokenWish(wish, _why_broken(board, wish))
            for wish in problem.wishes
            if is_broken(wish, board.days[wish.person].get(wish.day))
        ),
        cost=sum(board.cost(person) for person in board.people),
    )


def _unmet(board: Board, need: Need) -> Unmet:
    slot = (need.day, need.shift)
    others = sorted(board.people.keys() - set(board.standing[slot]))
    blocked = tuple((person, board.forbidden(slot, person) or "overlooked") for person in others)
    counts = Counter(code for _, code in blocked)
    because = Reason("nobody_free" if others else "nobody_left", dict(sorted(counts.items())))
    return Unmet(need, board.missing(slot), because, blocked)


def _why_broken(board: Board, wish: Wish) -> Reason:
    worked = board.days[wish.person].get(wish.day)
    if not wish.on:
        return Reason("needed", {"shift": worked or ""})
    wanted = [slot for slot in board.needs if slot[0] == wish.day and wish.shift in (None, slot[1])]
    if not wanted:
        return Reason("no_need")
    if worked is not None:
        return Reason("needed_elsewhere", {"shift": worked})
    codes = [board.forbidden(slot, wish.person) for slot in wanted]
    if None in codes:
        return Reason("others_preferred")
    return Reason(codes[0] or "others_preferred")
