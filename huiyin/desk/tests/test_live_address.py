"""The address of the event stream under fire: whatever is asked, the answer is one of three fixed ones."""

import random
import string
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from huiyin.base.live import Hub
from huiyin.base.streams import StreamLimits
from huiyin.cases.models import Case
from huiyin.desk import live
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
TRIES, SIGNED_IN_EACH = 10_000, 50  # who is signed in costs a dozen questions to the database each time
FIXED = {(401, b"sign in"), (403, b"origin")}
ODD = (
    "base",
    "__class__",
    "{0.__init__}",
    "../../etc/passwd",
    "%s%n",
    "\0",
    "case:1",
    "team:1",
    "'--",
    "é",
    "☃",
)
NAMES = ("case", "topic", "topics", "event", "person", "__proto__", "case[]", "id")


def word(dice: random.Random) -> str:
    if dice.random() < 0.3:
        return dice.choice(ODD)
    return "".join(dice.choices(f"{string.printable}工单", k=dice.randrange(60)))


def a_request(dice: random.Random, session: str) -> Request:
    """Return a request of chance; `session` is the cookie of who is signed in, or empty."""
    query = "&".join(f"{quote(dice.choice(NAMES))}={quote(word(dice))}" for _ in range(dice.randrange(4)))
    raw = query.encode() if dice.random() < 0.9 else dice.randbytes(dice.randrange(40))
    headers = [(b"host", b"testserver")]
    if session or dice.random() < 0.5:
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={session or word(dice)}".encode()))
    for name in (b"origin", b"last-event-id", b"accept", b"authorization", b"x-forwarded-for"):
        if dice.random() < 0.15:
            headers.append((name, word(dice).encode()))
    return Request(
        {"type": "http", "method": "GET", "path": "/live/desk", "query_string": raw, "headers": headers}
    )


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Callable[[Request], Response]:
    """Ask the stream without a loop: what it does in a thread is done here, in the transaction of the test."""

    def at_once(act: Callable[..., Any], **_: Any) -> Callable[..., Awaitable[Any]]:
        async def done(*given_to_it: Any) -> Any:
            return act(*given_to_it)

        return done

    monkeypatch.setattr(live, "sync_to_async", at_once)
    monkeypatch.setattr(live, "close_old_connections", lambda: None)
    hub = Hub(live.EVENTS, recheck=live.recheck, limits=StreamLimits())
    stream = live.DeskStream(hub)

    def asked(request: Request) -> Response:
        try:
            stream(request).send(None)
        except StopIteration as told:
            if isinstance(told.value, StreamingResponse):
                told.value.topics = hub.open()[-1].topics  # type: ignore[attr-defined]
                told.value.kept = repr([(one.person, one.subject, one.topics) for one in hub.open()])  # type: ignore[attr-defined]
            return told.value
        raise AssertionError("the stream waited for something else")

    return asked


def test_ten_thousand_requests_of_chance_get_one_of_the_fixed_answers(ask: Any) -> None:
    agent, other = given.an_agent(), given.an_agent("charlie", team=given.a_team().code)
    given.a_case(handler=other, team="returns")
    session = given.at_desk(agent).cookies[settings.SESSION_COOKIE_NAME].value
    own = live._topics(agent.pk, "")
    dice, told, opened = random.Random(20260302), Counter[tuple[int, bytes]](), 0
    for number in range(TRIES):
        answer = ask(a_request(dice, "" if number % SIGNED_IN_EACH else session))
        if isinstance(answer, StreamingResponse):
            assert number % SIGNED_IN_EACH == 0 and answer.topics == own  # type: ignore[attr-defined]
            assert session not in answer.kept  # type: ignore[attr-defined]
            opened += 1
        else:
            told[answer.status_code, bytes(answer.body)] += 1
    assert set(told) == FIXED
    assert all(len(body) <= 200 for _, body in told)
    assert opened > 100 and told[401, b"sign in"] > TRIES / 2


def test_a_case_is_heard_of_by_its_number_only_by_who_may_see_it(ask: Any) -> None:
    agent, other = given.an_agent(), given.an_agent("charlie", team=given.a_team().code)
    own, foreign = given.a_case(handler=agent), given.a_case(handler=other, team="returns")
    session = given.at_desk(agent).cookies[settings.SESSION_COOKIE_NAME].value
    cookie = (b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode())

    def topics(case: Case) -> frozenset[str]:
        scope = {"type": "http", "method": "GET", "path": "/live/desk", "headers": [cookie]}
        return frozenset(ask(Request({**scope, "query_string": f"case={case.number}".encode()})).topics)

    assert f"case:{own.number}" in topics(own)
    assert topics(foreign) == live._topics(agent.pk, "")
