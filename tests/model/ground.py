"""What a walk stands on: cases in the product, and the same cases in the model."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from typing import Any, Self

from huiyin.base import configured, numbers, tx
from huiyin.base.verify import INVARIANTS
from huiyin.cases.models import AgentLoad, Case
from huiyin.customers.recognise import Sender
from huiyin.rules.models import PromisePolicy
from huiyin.staff.models import Site, Staff
from tests import given
from tests.given import MONDAY_9
from tests.model import between, book
from tests.model.book import Kase, Refused
from tests.model.stored import differences, loads
from tests.model.walking import one_of, whole

CHECKED_EVERY = 25  # and at the end of each walk; the comparison with the model comes after every step
MOST_CASES = 4
TEXT = "我的电脑无法开机"
WORKS_IN = {"alice": book.HOME, "bob": book.HOME, book.LEAD: book.HOME, "rita": book.OTHER}
PEOPLE = tuple(WORKS_IN)
CASE = whole(0, MOST_CASES - 1)
PERSON = one_of(PEOPLE)
MINUTES = one_of([10, 60, 61, 600, 5000])


class Ground:
    """Verbs try themselves on the product and on the model; both must agree on refusal or result."""

    def __init__(self) -> None:
        self.at = MONDAY_9.astimezone(UTC)
        self.cases: list[Kase] = []
        self.dissatisfied: list[Kase] = []
        self.people = {staff.number: staff for staff in Staff.objects.filter(number__in=PEOPLE)}
        self.made = 0
        self.linked: set[frozenset[str]] = set()
        self.outcome = ""
        self.open("a")

    @classmethod
    @contextmanager
    def begun(cls) -> Iterator[Self]:
        """Let somebody walk; what they leave is checked, and taken back."""
        with given.undone():
            numbers.forget()
            walker = cls()
            yield walker
            nothing_is_broken("huiyin.")

    def agrees(self, nth: int) -> str:
        """Compare, and return what tells this state from others."""
        found = differences(self.cases)
        assert not found, "\n".join(found)
        assert loads() == {name: between.load_of(self.cases, name) for name in PEOPLE}
        if nth % CHECKED_EVERY == 0:
            nothing_is_broken("huiyin.cases.checks")
        outcome, self.outcome = self.outcome, ""
        return f"{outcome} {[(case.number, case.status, case.entries) for case in self.cases]}"

    def open(self, customer: str) -> None:
        """Let a customer, `a` or `b`, write about another matter."""
        self.at += timedelta(seconds=1)
        message = given.a_message(TEXT, sender=Sender(f"客户{customer}", f"1390000000{'ab'.index(customer)}"))
        accepted = given.received(message, at=self.at)
        assert accepted.case is not None
        self.cases.append(book.opened(accepted.case.number, customer, "normal", self.at))
        self.cases[-1].messages[1] = TEXT

    def kase(self, no: int) -> Kase:
        """Return the case in the model that this number means."""
        return self.cases[no % len(self.cases)]

    def case(self, kase: Kase) -> Case:
        """Return the same case in the product."""
        return Case.objects.get(number=kase.number)

    def actor(self, by: str) -> Any:
        """Return this person as one who acts."""
        return given.actor(self.people[by])

    def name(self, letter: str) -> str:
        """Return a name that nothing else in the walk has."""
        self.made += 1
        return f"{letter}{self.made}"

    def both(self, product: Callable[[], object], model: Callable[[], object]) -> bool:
        """Let both act and tell whether they did. What the model refuses the product must refuse likewise."""
        self.at += timedelta(seconds=1)
        try:
            model()
        except Refused as refused:
            expected = str(refused)
        else:
            self.outcome += "+"
            product()
            return True
        self.outcome += expected
        try:
            product()
        except Exception as error:  # noqa: BLE001 whatever it raises must be the refusal that the model names
            assert type(error).__name__ == expected, repr(error)
        else:
            raise AssertionError(f"the product did what the model refuses with {expected}")
        return False


def world() -> None:
    """Have people of two teams, and promises and silence that count around the clock."""
    given.a_team(book.OTHER)
    given.a_lead(book.LEAD)
    for number in ("alice", "bob", "rita"):
        given.an_agent(number, team=WORKS_IN[number])
    given.a_person(book.MANAGER, role="manager", team=None)
    with tx.write():
        for number in PEOPLE:
            AgentLoad.objects.get_or_create(staff=Staff.objects.get(number=number))
        Site.objects.update(calendar="always")
        PromisePolicy.objects.exclude(seconds=None).update(calendar="always")
        configured.bump()


def nothing_is_broken(modules: str) -> None:
    """Run the invariants of these modules of the product."""
    for one in INVARIANTS:
        if one.check.__module__.startswith(modules):
            assert not list(one.check()), one.rule
