"""The board a solver works on: who stands where, what forbids a duty, what a person's duties cost."""

from collections.abc import Iterable
from datetime import date, timedelta

from huiyin.engines.roster.problem import Duty, Person, Problem, Shift, Wish

ONE_DAY = timedelta(days=1)
Slot = tuple[date, str]
NEVER = frozenset({"unqualified", "on_leave"})


class Board:
    """Duties by person and by slot under one problem's rules. Mutable: private to one run of a solver."""

    def __init__(self, problem: Problem, duties: Iterable[Duty] = ()) -> None:
        self.problem = problem
        self.people = {one.code: one for one in problem.people}
        self.shifts = {one.code: one for one in problem.shifts}
        self.lengths = {one.code: one.length for one in problem.shifts}
        self.needs: dict[Slot, int] = {(one.day, one.shift): one.people for one in problem.needs}
        self.standing: dict[Slot, list[str]] = {slot: [] for slot in self.needs}
        self.days: dict[str, dict[date, str]] = {one.code: {} for one in problem.people}
        self.wishes: dict[str, list[Wish]] = {one.code: [] for one in problem.people}
        self.settled = frozenset(problem.settled)
        # A shift lasts a day at most, so rest reaches no further than this many days.
        self.reach = 2 + problem.rules.rest // ONE_DAY
        for wish in problem.wishes:
            self.wishes[wish.person].append(wish)
        for duty in (*problem.settled, *duties):
            self.put((duty.day, duty.shift), duty.person)

    def put(self, slot: Slot, person: str) -> None:
        """Place a person; whether that is allowed is asked beforehand."""
        self.days[person][slot[0]] = slot[1]
        self.standing.setdefault(slot, []).append(person)

    def take(self, slot: Slot, person: str) -> None:
        """Take a person off a slot again."""
        del self.days[person][slot[0]]
        self.standing[slot].remove(person)

    def missing(self, slot: Slot) -> int:
        """Return how many people a slot still needs."""
        return max(0, self.needs[slot] - len(self.standing[slot]))

    def movable(self, slot: Slot) -> list[str]:
        """Return the people of a slot whose duty is not settled."""
        return [one for one in self.standing[slot] if Duty(*slot, one) not in self.settled]

    def forbidden(self, slot: Slot, person: str) -> str | None:
        """Return the code of the first hard rule that forbids the duty, None when it is allowed."""
        day, shift = slot[0], self.shifts[slot[1]]
        who = self.people[person]
        if not shift.needs <= who.qualifications:
            return "unqualified"
        if _touches_leave(who, day, shift):
            return "on_leave"
        if day in self.days[person]:
            return "already_on_duty"
        if self._too_little_rest(person, day, shift):
            return "rest"
        if self._week(person, day) + self.lengths[shift.code] > (
            self.problem.rules.week if who.week is None else who.week
        ):
            return "week_hours"
        if self._row(person, day) > self.problem.rules.days_in_a_row:
            return "days_in_a_row"
        return None

    def cost(self, person: str) -> int:
        """Return what this person's duties cost: broken wishes, squares of nights, free days and shifts."""
        days = self.days[person]
        who = self.people[person]
        nights, free_days = who.nights, who.free_days
        for day, shift in days.items():
            nights += self.shifts[shift].night
            free_days += self.problem.is_free_day(day)
        weights = self.problem.weights
        broken = sum(wish.weight for wish in self.wishes[person] if is_broken(wish, days.get(wish.day)))
        fair = weights.nights * nights**2 + weights.free_days * free_days**2 + weights.shifts * len(days) ** 2
        return broken + fair

    def _too_little_rest(self, person: str, day: date, shift: Shift) -> bool:
        rest, days = self.problem.rules.rest, self.days[person]
        for away in range(1, self.reach + 1):
            earlier, later = day - away * ONE_DAY, day + away * ONE_DAY
            if earlier in days and shift.begins(day) - self.shifts[days[earlier]].ends(earlier) < rest:
                return True
            if later in days and self.shifts[days[later]].begins(later) - shift.ends(day) < rest:
                return True
        return False

    def _week(self, person: str, day: date) -> timedelta:
        monday = day - day.weekday() * ONE_DAY
        days = self.days[person]
        week = (monday + ahead * ONE_DAY for ahead in range(7))
        return sum((self.lengths[days[one]] for one in week if one in days), timedelta(0))

    def _row(self, person: str, day: date) -> int:
        days, length = self.days[person], 1
        for step in (-ONE_DAY, ONE_DAY):
            near = day + step
            while near in days:
                length += 1
                near += step
        return length


def is_broken(wish: Wish, worked: str | None) -> bool:
    """Say whether a wish is broken by the shift worked that day, None for a day off."""
    fits = worked is not None and wish.shift in (None, worked)
    return fits != wish.on


def violations(problem: Problem, duties: Iterable[Duty]) -> tuple[tuple[Duty, str], ...]:
    """Return every duty beyond the settled ones that a hard rule forbids, with the code of the rule.

    Codes: those of the rules, `not_needed` (no such need, or more people than it takes), `unknown`.
    """
    new = [duty for duty in duties if duty not in problem.settled]
    board = Board(problem)
    known = [duty for duty in new if duty.person in board.people and duty.shift in board.shifts]
    found = [(duty, "unknown") for duty in new if duty not in known]
    for duty in known:
        slot = (duty.day, duty.shift)
        if duty.day in board.days[duty.person]:
            found.append((duty, "already_on_duty"))
        elif slot not in board.needs or not board.missing(slot):
            found.append((duty, "not_needed"))
        else:
            board.put(slot, duty.person)
    for duty in known:
        slot = (duty.day, duty.shift)
        if duty.person in board.standing.get(slot, ()) and (duty, "already_on_duty") not in found:
            board.take(slot, duty.person)
            code = board.forbidden(slot, duty.person)
            board.put(slot, duty.person)
            if code:
                found.append((duty, code))
    return tuple(found)


def _touches_leave(who: Person, day: date, shift: Shift) -> bool:
    if day in who.leave:
        return True
    last = shift.ends(day) - timedelta(microseconds=1)
    return last.date() in who.leave
