"""The verbs between cases: merging, groups, links, splitting."""

from collections.abc import Callable

from huiyin.cases import merging, relating, splitting
from huiyin.cases.models import Case
from tests.model import between
from tests.model.book import Kase
from tests.model.ground import CASE, MOST_CASES, PERSON
from tests.model.verbs import OfOneCase
from tests.model.walking import one_of, verb, whole


class BetweenCases(OfOneCase):
    @verb(
        often=2,
        no=CASE,
        other=CASE,
        by=PERSON,
        does=one_of(["merge", "merge", "unmerge", "put_under", "put_under", "take_out"]),
    )
    def two_cases_meet(self, no: int, other: int, by: str, does: str) -> None:
        one, two = self.kase(no), self.kase(other)
        actor = self.actor(by)
        case = self.case(one)
        with_other = case if one is two else self.case(two)
        acts: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
            "merge": (
                lambda: merging.merge(case, with_other, by=actor, at=self.at),
                lambda: between.merge(one, two, self.at),
            ),
            "unmerge": (
                lambda: merging.unmerge(case, by=actor, at=self.at),
                lambda: between.unmerge(one, self.cases, self.at),
            ),
            "put_under": (
                lambda: relating.put_under(case, with_other, by=actor, at=self.at),
                lambda: between.put_under(one, two, self.cases),
            ),
            "take_out": (
                lambda: relating.take_out(case, by=actor, at=self.at),
                lambda: between.take_out(one),
            ),
        }
        self.both(*acts[does])

    @verb(no=CASE, other=CASE, by=PERSON)
    def links(self, no: int, other: int, by: str) -> None:
        one, two = self.kase(no), self.kase(other)
        if one is two:
            return
        self.both(
            lambda: relating.link(self.case(one), self.case(two), by=self.actor(by), at=self.at),
            lambda: between.link(one, two, self.linked),
        )

    @verb(no=CASE, by=PERSON, nth=whole(0, 8))
    def splits(self, no: int, by: str, nth: int) -> None:
        kase = self.kase(no)
        if len(self.cases) >= MOST_CASES:
            return
        seq = [*kase.messages, 2][nth % (len(kase.messages) + 1)]
        opened: list[Case] = []

        def act() -> None:
            actor = self.actor(by)
            opened.append(splitting.split(self.case(kase), seq, title="另一件事", by=actor, at=self.at))

        made: list[Kase] = []
        self.both(act, lambda: made.append(between.split(kase, seq, "?", "normal", self.at, self.cases)))
        if opened:
            made[0].number = opened[0].number
            self.cases += made

    @verb(no=CASE, by=PERSON, resolve=one_of([False, True]))
    def answers_a_group(self, no: int, by: str, resolve: bool) -> None:
        parents = [case.parent for case in self.cases if case.parent] or self.cases
        parent = parents[no % len(parents)]
        children = [case for case in self.cases if case.parent is parent]
        resolve = resolve and not any(case.pending() for case in children)
        if children:
            self.tasks_run()  # who wakes in the same moment may wake before or after the answer
        answered = self.both(
            lambda: relating.answer_all(
                self.case(parent), "都已修好", resolve=resolve, by=self.actor(by), at=self.at
            ),
            lambda: between.answer_all(parent, resolve, by, self.at, self.cases),
        )
        if answered:
            self.tasks_run()
