"""The verbs of one case: moves, words, people, promises, requests, time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from huiyin.cases import collaboration, escalation, lifecycle, owing, promises, silence
from huiyin.cases.collaboration import Asked
from huiyin.cases.entries import Draft
from huiyin.cases.models import Collaboration, Promise
from huiyin.cases.owing import Made
from huiyin.staff.models import Team
from tests import given
from tests.model import aside, between, book, raising
from tests.model.ground import CASE, MINUTES, MOST_CASES, PERSON, Ground
from tests.model.walking import one_of, verb, whole

PAUSES = [1, 14, 700, 1800, 3600, 5 * 3600, 86_400, 3 * 86_400, 8 * 86_400]  # seconds


AGAIN = "还没好"


class OfOneCase(Ground):
    @verb(customer=one_of("aab"))
    def opens(self, customer: str) -> None:
        if len(self.cases) < MOST_CASES:
            self.open(customer)

    @verb(
        often=6,
        no=CASE,
        by=PERSON,
        nth=whole(0, 999),
        waiting_for=one_of(["customer", "third_party", "scheduled"]),
        minutes=MINUTES,
        despite=one_of(["", "已电话确认"]),
    )
    def moves(self, no: int, by: str, nth: int, waiting_for: str, minutes: int, despite: str) -> None:
        kase = self.kase(no)
        allowed = [name for name, leaves in book.LEAVES.items() if kase.status in leaves]
        onwards = [name for name in allowed if name != "void"]
        names = [*onwards * 6, *allowed, *book.LEAVES]
        name = names[nth % len(names)]
        until = self.at + timedelta(minutes=minutes) if waiting_for == "scheduled" else None
        needed: dict[str, dict[str, Any]] = {
            "accept": {},
            "dispute": {},
            "resolve": {"text": "已更换主板", "despite": despite},
            "wait": {"waiting_for": waiting_for, "reason": "", "until": until},
            "confirm": {"how": "call"},
        }
        told = needed.get(name, {"reason": ""})
        case, version = self.case(kase), kase.version
        done = self.both(
            lambda: lifecycle.move(case, name, by=self.actor(by), at=self.at, version=version, **told),
            lambda: book.move(kase, name, by, self.at, **told),
        )
        if name == "dispute" and done:
            self.dissatisfied.append(kase)

    @verb(no=CASE, by=PERSON)
    def somebody_with_an_old_page_is_refused(self, no: int, by: str) -> None:
        case = self.case(self.kase(no))
        with pytest.raises(lifecycle.Stale):
            lifecycle.reply(case, "您好", by=self.actor(by), at=self.at, version=case.version - 1)

    @verb(often=2, no=CASE, by=PERSON, words=one_of(["reply", "note", "receive"]))
    def speaks(self, no: int, by: str, words: str) -> None:
        kase = self.kase(no)
        case = self.case(kase)
        if words == "reply":
            self.both(
                lambda: lifecycle.reply(case, "您好", by=self.actor(by), at=self.at),
                lambda: book.reply(kase, by, self.at),
            )
        elif words == "note":
            lifecycle.note(case, "已查", by=self.actor(by), at=self.at)
            kase.entries += 1
        else:
            draft = Draft("message.received", {"channel": case.channel, "files": []}, AGAIN)
            self.both(
                lambda: lifecycle.receive(case, draft, by=given.customer_of(case), at=self.at),
                lambda: book.receive(kase, AGAIN, self.at),
            )

    @verb(no=CASE, by=PERSON, to=PERSON)
    def assigns(self, no: int, by: str, to: str) -> None:
        kase = self.kase(no)
        self.both(
            lambda: lifecycle.assign(self.case(kase), self.people[to], (), by=self.actor(by), at=self.at),
            lambda: book.assign(kase, to),
        )

    @verb(no=CASE, by=PERSON)
    def escalates(self, no: int, by: str) -> None:
        kase = self.kase(no)
        self.both(
            lambda: escalation.by_hand(self.case(kase), "请协助", by=self.actor(by), at=self.at),
            lambda: raising.escalate(kase, by),
        )

    @verb(no=CASE, by=PERSON, kind=one_of(["call_back", "refund"]), minutes=MINUTES)
    def promises_by_hand(self, no: int, by: str, kind: str, minutes: int) -> None:
        kase, about, due = self.kase(no), self.name("p"), self.at + timedelta(minutes=minutes)
        self.both(
            lambda: owing.make(self.case(kase), Made(kind, due, about), by=self.actor(by), at=self.at),
            lambda: book.promise(kase, kind, about, self.at, due),
        )

    @verb(no=CASE, by=PERSON, settles=one_of(["keep", "cancel", "extend"]), minutes=MINUTES, nth=whole(0, 3))
    def settles_a_promise(self, no: int, by: str, settles: str, minutes: int, nth: int) -> None:
        kase, due = self.kase(no), self.at + timedelta(minutes=minutes)
        mine = [one for one in kase.owed if one.about.startswith("p")]
        if not mine:
            return
        one = mine[nth % len(mine)]
        row = Promise.objects.select_related("case").get(about=one.about)
        actor = self.actor(by)
        acts: dict[str, Callable[[], object]] = {
            "keep": lambda: owing.keep(row, "已回电", by=actor, at=self.at),
            "cancel": lambda: owing.cancel(row, "不再需要", by=actor, at=self.at),
            "extend": lambda: owing.extend(row, due, "等配件", by=actor, at=self.at),
        }
        self.both(acts[settles], lambda: book.settle(kase, one, settles, self.at, due))

    @verb(no=CASE, by=PERSON, minutes=MINUTES)
    def asks_a_department(self, no: int, by: str, minutes: int) -> None:
        kase, name, due = self.kase(no), self.name("r"), self.at + timedelta(minutes=minutes)
        asked = Asked(Team.objects.get(code=book.OTHER), name, "请核对库存", due)
        self.both(
            lambda: collaboration.ask(self.case(kase), asked, by=self.actor(by), at=self.at),
            lambda: between.ask(kase, name, self.at, due),
        )

    @verb(no=CASE, by=PERSON, step=one_of(list(between.STEPS)), nth=whole(0, 3))
    def a_request_goes_on(self, no: int, by: str, step: str, nth: int) -> None:
        kase = self.kase(no)
        if not kase.requests:
            return
        request = kase.requests[nth % len(kase.requests)]
        row = Collaboration.objects.select_related("case").get(subject=request.name)
        self.both(
            lambda: collaboration.act(row, step, by=self.actor(by), at=self.at, version=None, text="已核对"),
            lambda: between.answer(kase, request, step, by, self.at),
        )

    @verb(often=3, seconds=one_of(PAUSES), ticks=one_of([False, True]))
    def time_passes(self, seconds: int, ticks: bool) -> None:
        self.at += timedelta(seconds=seconds)
        if ticks:
            promises.act_on_due(at=self.at)
            raising.tick(self.cases, self.at)
            silence.confirm_due(at=self.at)
            aside.fall_silent(self.cases, self.at)

    @verb(often=2)
    def tasks_run(self) -> None:
        """What follows a verb by itself is a task; everything else is the verb's own."""
        given.work_done(at=self.at)
        aside.wake(self.cases, self.at)
        for kase in self.dissatisfied:
            raising.raise_dissatisfied(kase)
        self.dissatisfied.clear()
