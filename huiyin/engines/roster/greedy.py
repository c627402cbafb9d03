"""The shipped solver: fill the scarcest slots first, mend what stayed open by chains, trade for fairness.

It never breaks a hard rule, since every step asks the board. It finds good rosters, not proven best ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from huiyin.engines.roster.board import NEVER, Board, Slot
from huiyin.engines.roster.chance import shuffled
from huiyin.engines.roster.problem import Duty, Problem


@dataclass(frozen=True, slots=True)
class Greedy:
    """Implements Solver. `effort` bounds the steps of mending and of trading (about 20 µs each);
    `depth` is how many people one mending may move."""

    effort: int = 20_000
    depth: int = 3

    def solve(self, problem: Problem, *, seed: int) -> tuple[Duty, ...]:
        """Return duties that break no hard rule; the same seed gives the same ones."""
        run = _Run(problem, seed)
        run.fill()
        run.mend(self.depth, self.effort // 2)
        run.trade(self.effort)
        # Fairer duties may have made room that was not there before.
        run.mend(self.depth, self.effort // 2)
        return run.duties()


class _Run:
    """One search: the board, a seeded order of slots and people, and the steps that are left."""

    def __init__(self, problem: Problem, seed: int) -> None:
        self.board = Board(problem)
        self.people = shuffled(sorted(self.board.people), seed)
        slots = shuffled(sorted(self.board.needs), seed + 1)
        spares = {slot: len(self._free(slot)) - self.board.needs[slot] for slot in slots}
        self.slots = sorted(slots, key=lambda slot: (spares[slot], slot[0]))
        self.steps = 0

    def duties(self) -> tuple[Duty, ...]:
        """Return what was placed beyond the settled duties, in order."""
        placed = {Duty(*slot, person) for slot in self.slots for person in self.board.standing[slot]}
        return tuple(sorted(placed - self.board.settled))

    def fill(self) -> None:
        """Give each slot, scarcest first, the allowed people whose costs rise least."""
        for slot in self.slots:
            while self.board.missing(slot) and self._place_best(slot):
                pass

    def mend(self, depth: int, effort: int) -> None:
        """Fill open slots by moving somebody away from another slot that somebody else can take over."""
        unmet = [slot for slot in self.slots if self.board.missing(slot)]
        for slot in unmet:
            for deep in range(1, depth + 1):
                self.steps = effort // (len(unmet) * depth)
                while self.board.missing(slot) and self._chain(slot, deep, frozenset([slot])):
                    pass

    def trade(self, effort: int) -> None:
        """Hand duties over, then exchange them in pairs, as long as that lowers the cost."""
        self.steps = effort
        better = True
        while better and self.steps > 0:
            better = False
            for slot in self.slots:
                for person in self.board.movable(slot):
                    better |= self._hand_over(slot, person)
            for first, second in self._pairs():
                better |= self._exchange(first, second)

    def _free(self, slot: Slot) -> list[str]:
        return [person for person in self.people if self.board.forbidden(slot, person) is None]

    def _place_best(self, slot: Slot) -> bool:
        free = self._free(slot)
        if free:
            self.board.put(slot, min(free, key=lambda person: self._price(slot, person)))
        return bool(free)

    def _price(self, slot: Slot, person: str) -> int:
        before = self.board.cost(person)
        self.board.put(slot, person)
        after = self.board.cost(person)
        self.board.take(slot, person)
        return after - before

    def _chain(self, slot: Slot, depth: int, seen: frozenset[Slot]) -> bool:
        if self._place_best(slot):
            return True
        if depth == 0:
            return False
        for person in self.people:
            if self.board.forbidden(slot, person) in NEVER:
                continue
            for other in self._near(person, slot[0]):
                if other not in seen and self.steps > 0 and self._move(person, other, slot, depth, seen):
                    return True
        return False

    def _move(self, person: str, other: Slot, slot: Slot, depth: int, seen: frozenset[Slot]) -> bool:
        self.steps -= 1
        self.board.take(other, person)
        if self.board.forbidden(slot, person) is None:
            self.board.put(slot, person)
            if self._chain(other, depth - 1, seen | {other}):
                return True
            self.board.take(slot, person)
        self.board.put(other, person)
        return False

    def _near(self, person: str, day: date) -> list[Slot]:
        """The person's own slots close enough to stand in the way of a duty on `day`."""
        reach = max(self.board.reach, self.board.problem.rules.days_in_a_row, 6)
        return [slot for slot in self._own(person) if abs((slot[0] - day).days) <= reach]

    def _own(self, person: str) -> list[Slot]:
        slots = sorted(self.board.days[person].items())
        return [slot for slot in slots if slot in self.board.needs and person in self.board.movable(slot)]

    def _hand_over(self, slot: Slot, person: str) -> bool:
        self.steps -= 1
        held = self.board.cost(person)
        self.board.take(slot, person)
        saved = held - self.board.cost(person)
        free = self._free(slot)
        best = min(free, key=lambda one: self._price(slot, one), default=person)
        better = best != person and self._price(slot, best) < saved
        self.board.put(slot, best if better else person)
        return better

    def _pairs(self) -> Iterator[tuple[tuple[Slot, str], tuple[Slot, str]]]:
        """Pairs of duties whose exchange can change a cost: of different kinds, or with a wish about them."""
        for at, one in enumerate(self.people):
            for two in self.people[at + 1 :]:
                yield from (
                    ((slot, one), (other, two))
                    for slot in self._own(one)
                    for other in self._own(two)
                    if slot != other and self._matters(slot, one, other, two)
                )

    def _matters(self, slot: Slot, one: str, other: Slot, two: str) -> bool:
        if self._kind(slot) != self._kind(other):
            return True
        days = (slot[0], other[0])
        return any(wish.day in days for who in (one, two) for wish in self.board.wishes[who])

    def _kind(self, slot: Slot) -> tuple[bool, bool]:
        return self.board.shifts[slot[1]].night, self.board.problem.is_free_day(slot[0])

    def _exchange(self, first: tuple[Slot, str], second: tuple[Slot, str]) -> bool:
        (slot, one), (other, two) = first, second
        board = self.board
        if self.steps <= 0 or one not in board.standing[slot] or two not in board.standing[other]:
            return False
        self.steps -= 1
        before = board.cost(one) + board.cost(two)
        board.take(slot, one)
        board.take(other, two)
        if board.forbidden(other, one) is None and board.forbidden(slot, two) is None:
            board.put(other, one)
            board.put(slot, two)
            if board.cost(one) + board.cost(two) < before:
                return True
            board.take(other, one)
            board.take(slot, two)
        board.put(slot, one)
        board.put(other, two)
        return False
