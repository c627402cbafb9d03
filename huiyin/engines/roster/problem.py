"""What a roster is made from: people, shifts, needs, rules, wishes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta


class RosterError(ValueError):
    """A problem that contradicts itself, or a solver that broke a rule: a stable `code` with `params`."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(f"{code}: {params}")
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift in local wall time; an end not after its start is on the next day. `needs`: qualifications."""

    code: str
    start: time
    end: time
    needs: frozenset[str] = frozenset()
    night: bool = False

    def begins(self, day: date) -> datetime:
        """Return the local moment at which the shift of `day` begins."""
        return datetime.combine(day, self.start)

    def ends(self, day: date) -> datetime:
        """Return the local moment at which the shift of `day` ends."""
        end = datetime.combine(day, self.end)
        return end if self.end > self.start else end + timedelta(days=1)

    @property
    def length(self) -> timedelta:
        """The time from begin to end."""
        return self.ends(date(2000, 1, 3)) - self.begins(date(2000, 1, 3))


@dataclass(frozen=True, slots=True)
class Person:
    """Who can work. `leave` are days without any work; `week` replaces the rules' weekly limit.

    `nights` and `free_days` are what this person has worked before, so that fairness reaches back.
    """

    code: str
    qualifications: frozenset[str] = frozenset()
    leave: frozenset[date] = frozenset()
    week: timedelta | None = None
    nights: int = 0
    free_days: int = 0


@dataclass(frozen=True, slots=True)
class Need:
    """How many people a shift of a day takes."""

    day: date
    shift: str
    people: int


@dataclass(frozen=True, slots=True, order=True)
class Duty:
    """One person on one shift of one day; the day is the one the shift begins on."""

    day: date
    shift: str
    person: str


@dataclass(frozen=True, slots=True)
class Rules:
    """Hard rules, never broken: rest between two shifts, hours a week, days in a row.

    A week is Monday to Sunday; a shift counts on the day it begins. One shift a day, leave and qualifications
    hold always.
    """

    rest: timedelta = timedelta(hours=11)
    week: timedelta = timedelta(hours=40)
    days_in_a_row: int = 6


@dataclass(frozen=True, slots=True)
class Wish:
    """`on`: to work that day (that shift, if named); not `on`: not to. A broken wish is reported."""

    person: str
    day: date
    on: bool
    shift: str | None = None
    weight: int = 10


@dataclass(frozen=True, slots=True)
class Weights:
    """What unevenness costs: the squares of each person's nights, free days worked, and shifts."""

    nights: int = 4
    free_days: int = 4
    shifts: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """All that a solver may look at. Raises RosterError when it contradicts itself.

    `settled` duties stay as they are, before, within or after the period; they count for rest, hours, rows
    and needs. Weekends and `holidays` are the free days whose work is shared fairly.
    """

    people: tuple[Person, ...]
    shifts: tuple[Shift, ...]
    needs: tuple[Need, ...]
    rules: Rules = field(default_factory=Rules)
    wishes: tuple[Wish, ...] = ()
    settled: tuple[Duty, ...] = ()
    holidays: frozenset[date] = frozenset()
    weights: Weights = field(default_factory=Weights)

    def __post_init__(self) -> None:
        people = _once("person_twice", (one.code for one in self.people))
        shifts = _once("shift_twice", (one.code for one in self.shifts))
        _once("need_twice", (f"{one.day} {one.shift}" for one in self.needs))
        _once("two_shifts_settled", (f"{one.day} {one.person}" for one in self.settled))
        for need in self.needs:
            _known("shift_unknown", need.shift, shifts)
            if need.people < 0:
                raise RosterError("need_negative", day=str(need.day), shift=need.shift)
        for duty in self.settled:
            _known("shift_unknown", duty.shift, shifts)
            _known("person_unknown", duty.person, people)
        for wish in self.wishes:
            _known("person_unknown", wish.person, people)
            if wish.shift is not None:
                _known("shift_unknown", wish.shift, shifts)
            if wish.weight < 0:
                raise RosterError("weight_negative", person=wish.person, day=str(wish.day))
        if self.rules.rest < timedelta(0) or self.rules.days_in_a_row < 1:
            raise RosterError("rules_impossible")

    def is_free_day(self, day: date) -> bool:
        """Say whether most people are free on `day`."""
        return day.weekday() >= 5 or day in self.holidays


def _once(code: str, names: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise RosterError(code, name=name)
        seen.add(name)
    return seen


def _known(code: str, name: str, names: set[str]) -> None:
    if name not in names:
        raise RosterError(code, name=name)
