"""Walks of random verbs, held against the model after every step. HUIYIN_WALK_SEED plays a run again."""

import os
import random
import time
from collections.abc import Callable
from datetime import UTC, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from huiyin.base import configured, numbers, tx
from huiyin.base.verify import INVARIANTS
from huiyin.cases import collaboration, escalation, lifecycle, merging, owing, promises, relating, splitting
from huiyin.cases.collaboration import Asked
from huiyin.cases.entries import Draft
from huiyin.cases.models import AgentLoad, Case, Collaboration, Promise
from huiyin.cases.owing import Made
from huiyin.customers.recognise import Sender
from huiyin.rules.models import PromisePolicy
from huiyin.staff.models import Staff, Team
from tests import given
from tests.given import MONDAY_9
from tests.model import between, book
from tests.model.book import Kase, Refused
from tests.model.stored import differences

STEPS = 5000 if connection.vendor == "sqlite" else 500
A_WALK = 50
CHECKED_EVERY = 10  # and at the end of each walk; the comparison with the model comes after every step
MOST_CASES = 4
TEXT = "我的电脑无法开机"
PEOPLE = ("alice", "bob", "lena")
SETTLING = ("keep", "cancel", "extend")
MEETING = ("merge", "merge", "merge", "unmerge", "unmerge", "put_under", "take_out")
# What follows a verb by itself is a task; everything else is the verb's own.
PAUSES = [timedelta(seconds=s) for s in (1, 14, 700, 1800, 3600, 5 * 3600, 86_400, 3 * 86_400, 8 * 86_400)]
case_no = st.integers(0, MOST_CASES - 1)
person = st.sampled_from(PEOPLE)
lengths = st.sampled_from([timedelta(minutes=m) for m in (10, 60, 61, 600, 5000)])
pytestmark = pytest.mark.django_db


class Walk(RuleBasedStateMachine):
    """Each rule tries a verb on the product and on the model; both must agree on refusal or result."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self._block = transaction.atomic()
        self._block.__enter__()
        numbers.forget()
        self.at = MONDAY_9.astimezone(UTC)
        self.cases: list[Kase] = []
        self.dissatisfied: list[Kase] = []
        self.people = {staff.number: staff for staff in Staff.objects.filter(number__in=PEOPLE)}
        self.made = 0
        self.linked: set[frozenset[str]] = set()

    def teardown(self) -> None:
        try:
            _nothing_is_broken("huiyin.")
        finally:
            transaction.set_rollback(True)
            self._block.__exit__(None, None, None)

    @initialize(customer=st.sampled_from("aab"))
    def first(self, customer: str) -> None:
        self._open(customer)

    @rule(customer=st.sampled_from("aab"))
    def opens(self, customer: str) -> None:
        if len(self.cases) < MOST_CASES:
            self._open(customer)

    @rule(no=case_no, by=person, data=st.data())
    def moves(self, no: int, by: str, data: st.DataObject) -> None:
        kase = self._kase(no)
        allowed = [name for name, leaves in book.LEAVES.items() if kase.status in leaves]
        name = data.draw(st.sampled_from([*allowed * 3, *book.LEAVES]))
        waiting_for = (
            data.draw(st.sampled_from(["customer", "third_party", "scheduled"])) if name == "wait" else ""
        )
        despite = data.draw(st.sampled_from(["", "已电话确认"])) if name == "resolve" else ""
        told: dict[str, Any] = {"text": "已更换主板", "despite": despite} if name == "resolve" else {}
        until = self.at + timedelta(days=20) if waiting_for == "scheduled" else None
        told |= {"waiting_for": waiting_for, "reason": "", "until": until} if name == "wait" else {}
        told |= {"reason": ""} if name in ("resume", "reopen", "restore", "void") else {}
        told |= {"how": "call"} if name == "confirm" else {}
        actor = given.actor(self.people[by])
        case, version = self._case(kase), kase.version
        done = self._both(
            lambda: lifecycle.move(case, name, by=actor, at=self.at, version=version, **told),
            lambda: book.move(kase, name, by, self.at, waiting_for, despite),
        )
        if name == "dispute" and done:
            self.dissatisfied.append(kase)

    @rule(no=case_no, by=person)
    def somebody_with_an_old_page_is_refused(self, no: int, by: str) -> None:
        case, actor = self._case(self._kase(no)), given.actor(self.people[by])
        with pytest.raises(lifecycle.Stale):
            lifecycle.reply(case, "您好", by=actor, at=self.at, version=case.version - 1)

    @rule(no=case_no, by=person, words=st.sampled_from(["reply", "note", "receive"]))
    def speaks(self, no: int, by: str, words: str) -> None:
        kase = self._kase(no)
        case, actor = self._case(kase), given.actor(self.people[by])
        if words == "reply":
            self._both(
                lambda: lifecycle.reply(case, "您好", by=actor, at=self.at),
                lambda: book.reply(kase, by, self.at),
            )
        elif words == "note":
            lifecycle.note(case, "已查", by=actor, at=self.at)
            kase.entries += 1
        else:
            draft = Draft("message.received", {"channel": case.channel, "files": []}, "还没好")
            self._both(
                lambda: lifecycle.receive(case, draft, by=given.customer_of(case), at=self.at),
                lambda: book.receive(kase, self.at),
            )

    @rule(no=case_no, by=person, to=person)
    def assigns(self, no: int, by: str, to: str) -> None:
        kase = self._kase(no)
        self._both(
            lambda: lifecycle.assign(
                self._case(kase), self.people[to], (), by=given.actor(self.people[by]), at=self.at
            ),
            lambda: book.assign(kase, to),
        )

    @rule(no=case_no, by=person)
    def escalates(self, no: int, by: str) -> None:
        kase = self._kase(no)
        actor = given.actor(self.people[by])
        self._both(
            lambda: escalation.by_hand(self._case(kase), "请协助", by=actor, at=self.at),
            lambda: book.escalate(kase, by),
        )

    @rule(no=case_no, by=person, kind=st.sampled_from(["call_back", "refund"]), length=lengths)
    def promises_by_hand(self, no: int, by: str, kind: str, length: timedelta) -> None:
        kase, about, due = self._kase(no), self._name("p"), self.at + length
        self._both(
            lambda: owing.make(
                self._case(kase), Made(kind, due, about), by=given.actor(self.people[by]), at=self.at
            ),
            lambda: book.promise(kase, kind, about, self.at, due),
        )

    @rule(
        no=case_no,
        by=person,
        verb=st.sampled_from(["keep", "cancel", "extend"]),
        length=lengths,
        nth=st.integers(0, 3),
    )
    def settles_a_promise(self, no: int, by: str, verb: str, length: timedelta, nth: int) -> None:
        kase, due = self._kase(no), self.at + length
        mine = [one for one in kase.owed if one.about.startswith("p")]
        if not mine:
            return
        one = mine[nth % len(mine)]
        row = Promise.objects.select_related("case").get(about=one.about)
        actor = given.actor(self.people[by])
        acts: dict[str, Callable[[], object]] = {
            "keep": lambda: owing.keep(row, "已回电", by=actor, at=self.at),
            "cancel": lambda: owing.cancel(row, "不再需要", by=actor, at=self.at),
            "extend": lambda: owing.extend(row, due, "等配件", by=actor, at=self.at),
        }
        self._both(acts[verb], lambda: book.settle(kase, one, verb, self.at, due))

    @rule(no=case_no, by=person, length=lengths)
    def asks_a_department(self, no: int, by: str, length: timedelta) -> None:
        kase, name, due = self._kase(no), self._name("r"), self.at + length
        asked = Asked(Team.objects.get(code="returns"), name, "请核对库存", due)
        self._both(
            lambda: collaboration.ask(self._case(kase), asked, by=given.actor(self.people[by]), at=self.at),
            lambda: between.ask(kase, name, self.at, due),
        )

    @rule(no=case_no, by=person, verb=st.sampled_from(list(between.STEPS)), nth=st.integers(0, 3))
    def a_request_goes_on(self, no: int, by: str, verb: str, nth: int) -> None:
        kase = self._kase(no)
        if not kase.requests:
            return
        request = kase.requests[nth % len(kase.requests)]
        row = Collaboration.objects.select_related("case").get(subject=request.name)
        actor = given.actor(self.people[by])
        self._both(
            lambda: collaboration.act(row, verb, by=actor, at=self.at, version=None, text="已核对"),
            lambda: between.answer(kase, request, verb, by, self.at),
        )

    @rule(
        no=case_no,
        other=case_no,
        by=person,
        verb=st.sampled_from(["merge", "merge", "unmerge", "put_under", "take_out"]),
    )
    def two_cases_meet(self, no: int, other: int, by: str, verb: str) -> None:
        one, two = self._kase(no), self._kase(other)
        actor, at = given.actor(self.people[by]), self.at
        case = self._case(one)
        with_other = case if one is two else self._case(two)
        acts: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
            "merge": (
                lambda: merging.merge(case, with_other, by=actor, at=at),
                lambda: between.merge(one, two, at),
            ),
            "unmerge": (
                lambda: merging.unmerge(case, by=actor, at=at),
                lambda: between.unmerge(one, self.cases, at),
            ),
            "put_under": (
                lambda: relating.put_under(case, with_other, by=actor, at=at),
                lambda: between.put_under(one, two, self.cases),
            ),
            "take_out": (
                lambda: relating.take_out(case, by=actor, at=at),
                lambda: between.take_out(one),
            ),
        }
        self._both(*acts[verb])

    @rule(no=case_no, other=case_no, by=person)
    def links(self, no: int, other: int, by: str) -> None:
        one, two = self._kase(no), self._kase(other)
        actor = given.actor(self.people[by])
        if one is two:
            return
        self._both(
            lambda: relating.link(self._case(one), self._case(two), by=actor, at=self.at),
            lambda: between.link(one, two, self.linked),
        )

    @rule(no=case_no, by=person, nth=st.integers(0, 8))
    def splits(self, no: int, by: str, nth: int) -> None:
        kase = self._kase(no)
        if len(self.cases) >= MOST_CASES:
            return
        seq = [*kase.messages, 2][nth % (len(kase.messages) + 1)]
        opened: list[Case] = []

        def act() -> None:
            actor = given.actor(self.people[by])
            opened.append(splitting.split(self._case(kase), seq, title="另一件事", by=actor, at=self.at))

        made: list[Kase] = []
        self._both(act, lambda: made.append(between.split(kase, seq, "?", "normal", self.at, self.cases)))
        if opened:
            made[0].number = opened[0].number
            self.cases += made

    @rule(no=case_no, by=person, resolve=st.booleans())
    def answers_a_group(self, no: int, by: str, resolve: bool) -> None:
        parent = self._kase(no)
        if any(case.pending() for case in self.cases if case.parent is parent):
            resolve = False
        actor = given.actor(self.people[by])
        self._both(
            lambda: relating.answer_all(
                self._case(parent), "都已修好", resolve=resolve, by=actor, at=self.at
            ),
            lambda: between.answer_all(parent, resolve, by, self.at, self.cases),
        )
        self.tasks_run()

    @rule(pause=st.sampled_from(PAUSES), ticks=st.booleans())
    def time_passes(self, pause: timedelta, ticks: bool) -> None:
        self.at += pause
        if ticks:
            promises.act_on_due(at=self.at)
            book.tick(self.cases, self.at)

    @rule()
    def tasks_run(self) -> None:
        given.work_done(at=self.at)
        for kase in self.dissatisfied:
            book.raise_dissatisfied(kase)
        self.dissatisfied.clear()

    @invariant()
    def product_and_model_agree(self) -> None:
        Walk.steps += 1
        assert not differences(self.cases)
        loads = {row.staff.number: row.load for row in AgentLoad.objects.select_related("staff")}
        assert loads == {name: between.load_of(self.cases, name) for name in loads}
        if Walk.steps % CHECKED_EVERY == 0:
            _nothing_is_broken("huiyin.cases.checks")

    def _open(self, customer: str) -> None:
        self.at += timedelta(seconds=1)
        message = given.a_message(TEXT, sender=Sender(f"客户{customer}", f"1390000000{'ab'.index(customer)}"))
        accepted = given.received(message, at=self.at)
        assert accepted.case is not None
        self.cases.append(book.opened(accepted.case.number, customer, "normal", self.at))

    def _kase(self, no: int) -> Kase:
        return self.cases[no % len(self.cases)]

    def _case(self, kase: Kase) -> Case:
        return Case.objects.with_people().get(number=kase.number)

    def _name(self, letter: str) -> str:
        self.made += 1
        return f"{letter}{self.made}"

    def _both(self, product: Callable[[], object], model: Callable[[], object]) -> bool:
        """Let both act and tell whether they did. What the model refuses the product must refuse likewise."""
        self.at += timedelta(seconds=1)
        try:
            model()
        except Refused as refused:
            expected = str(refused)
        else:
            product()
            return True
        try:
            product()
        except Exception as error:  # noqa: BLE001 whatever it raises must be the refusal that the model names
            assert type(error).__name__ == expected, repr(error)
        else:
            raise AssertionError(f"the product did what the model refuses with {expected}")
        return False


@pytest.mark.timeout(900)
def test_random_walks_through_the_verbs_agree_with_the_model_at_every_step() -> None:
    _world()
    began = time.process_time()
    chosen = int(os.environ.get("HUIYIN_WALK_SEED", 0)) or random.randrange(1, 1_000_000)
    print(f"HUIYIN_WALK_SEED={chosen}")
    walks = settings(
        max_examples=20,
        stateful_step_count=A_WALK,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    while Walk.steps < STEPS:
        run_state_machine_as_test(seed(chosen + Walk.steps)(Walk), settings=walks)
    print(f"{Walk.steps} steps, {time.process_time() - began:.0f} s of processor time")


def _nothing_is_broken(modules: str) -> None:
    for one in INVARIANTS:
        if one.check.__module__.startswith(modules):
            assert not list(one.check()), one.rule


def _world() -> None:
    """People, and promises that count around the clock."""
    given.a_team("returns")
    given.an_agent("alice"), given.an_agent("bob"), given.a_lead(book.LEAD)
    given.a_person(book.MANAGER, role="manager", team=None)
    with tx.write():
        for number in PEOPLE:
            AgentLoad.objects.get_or_create(staff=Staff.objects.get(number=number))
        PromisePolicy.objects.exclude(seconds=None).update(calendar="always")
        configured.bump()
