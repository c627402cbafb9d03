"""The live hub and the hints between processes."""

import asyncio
import json
import os
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from huiyin.base import clock, hints, live, streams
from huiyin.base.hints import Hint
from huiyin.base.live import Hub, StreamLimits, Subscription
from huiyin.desk import live as desk_live
from huiyin.staff.sessions import SessionStore
from tests import given

EVENTS = {"case.changed": 3, "message.posted": 1}
CASE = frozenset({"case:1"})
OTHER = frozenset({"case:2"})
pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def keep_all(asked: Sequence[Subscription]) -> Mapping[Subscription, frozenset[str]]:
    return {one: one.topics for one in asked}


def a_hub(**figures: float) -> Hub:
    return Hub(EVENTS, recheck=keep_all, limits=StreamLimits(**figures))  # type: ignore[arg-type]


async def test_only_those_who_subscribed_to_a_topic_hear_of_it() -> None:
    hub = a_hub()
    alice, charlie = hub.subscribe(CASE, person="alice"), hub.subscribe(OTHER, person="charlie")
    assert hub.publish(CASE, "case.changed", {"n": 1}) == 1
    hub.publish(OTHER, "case.changed", {"n": 2})
    assert json.loads(_data(await anext(alice))) == {"n": 1, "v": 3}
    assert json.loads(_data(await anext(charlie))) == {"n": 2, "v": 3}


async def test_two_topics_of_one_event_are_heard_once() -> None:
    hub = a_hub()
    alice = hub.subscribe(CASE | OTHER, person="alice")
    hub.publish(CASE | OTHER, "case.changed", {})
    assert (await anext(alice)).count(b"event:") == 1


async def test_a_name_outside_the_list_is_refused() -> None:
    with pytest.raises(live.UnknownEventError):
        a_hub().publish(CASE, "base", {})


async def test_a_stream_that_is_not_read_is_dropped_and_others_hear_everything() -> None:
    hub = a_hub(frames=10)
    stalled, alice = hub.subscribe(CASE, person="stalled"), hub.subscribe(CASE, person="alice")
    heard = b""
    for number in range(20):
        hub.publish(CASE, "case.changed", {"n": number})
        heard += await anext(alice)
    assert stalled.ended == "slow"
    assert heard.count(b"event:") == 20
    assert hub.open() == [alice]


async def test_a_stream_is_dropped_when_its_unread_bytes_are_too_many() -> None:
    hub = a_hub(frames_bytes=1000)
    stalled = hub.subscribe(CASE, person="stalled")
    hub.publish(CASE, "message.posted", b"x" * 2000)
    assert stalled.ended == "slow"


async def test_a_stream_abandoned_before_its_first_byte_is_forgotten_after_two_heartbeats() -> None:
    hub = a_hub(beat_s=0.02)
    hub.start()
    abandoned, alice = hub.subscribe(CASE, person="x"), hub.subscribe(CASE, person="alice")
    reading = asyncio.ensure_future(_read_all(alice))
    while not abandoned.ended:
        await asyncio.sleep(0.01)
    assert alice.ended == ""
    hub.close()
    assert b": \n\n" in await reading


async def test_a_right_withdrawn_ends_the_stream_and_what_waits_in_it() -> None:
    def only_bob(asked: Sequence[Subscription]) -> Mapping[Subscription, frozenset[str]]:
        return {one: OTHER for one in asked if one.subject == "bob"}

    assert StreamLimits().recheck_s <= 5
    hub = Hub(EVENTS, recheck=only_bob, limits=StreamLimits(recheck_s=0.02))
    alice = hub.subscribe(CASE, person="alice", subject="alice")
    bob = hub.subscribe(CASE, person="bob", subject="bob")
    hub.start()
    hub.publish(CASE, "case.changed", {"secret": 1})
    while not alice.ended:
        await asyncio.sleep(0.01)
    assert (alice.ended, bob.topics) == ("withdrawn", OTHER)
    assert b"secret" not in await _read_all(alice)
    assert hub.publish(CASE, "case.changed", {}) == 0
    hub.close()


async def test_streams_end_when_their_rights_cannot_be_checked() -> None:
    def broken(asked: Sequence[Subscription]) -> Mapping[Subscription, frozenset[str]]:
        raise OSError

    hub = Hub(EVENTS, recheck=broken, limits=StreamLimits(recheck_s=0.01))
    alice = hub.subscribe(CASE, person="alice")
    hub.start()
    while not alice.ended:
        await asyncio.sleep(0.01)
    assert alice.ended == "unchecked"
    hub.close()


@pytest.fixture
def browsers() -> tuple[str, str]:
    """The keys of two sessions of Alice, both at work."""
    alice, at = given.an_agent("alice"), clock.now().timestamp()
    clients = [given.at_desk(alice) for _ in range(2)]
    for client in clients:
        _seen(client.session.session_key, at)
    return clients[0].session.session_key or "", clients[1].session.session_key or ""


@pytest.mark.django_db(transaction=True)
async def test_an_idle_session_loses_its_streams_and_gets_no_new_one_and_the_other_browser_keeps_its(
    browsers: tuple[str, str],
) -> None:
    home, work = browsers
    looks = 0

    def looked(asked: Sequence[Subscription]) -> Mapping[Subscription, frozenset[str]]:
        nonlocal looks
        looks += 1
        return _elsewhere(desk_live.recheck, asked)

    hub = Hub(desk_live.EVENTS, recheck=looked, limits=StreamLimits(recheck_s=0.02))
    at_home, also_at_home, at_work = [await _opened(hub, key) for key in (home, home, work)]
    hub.start()
    while looks < 2:
        await asyncio.sleep(0.01)
    assert [one.ended for one in (at_home, also_at_home, at_work)] == ["", "", ""]
    idle_s = settings.HUIYIN.idle_minutes * 60 + 1
    await asyncio.to_thread(_elsewhere, _seen, home, clock.now().timestamp() - idle_s)
    while not (at_home.ended and also_at_home.ended):
        await asyncio.sleep(0.01)
    assert (at_home.ended, also_at_home.ended, at_work.ended) == ("withdrawn", "withdrawn", "")
    assert hub.publish(at_work.topics, "notice.made", {}) == 1
    assert await asyncio.to_thread(_elsewhere, desk_live._admit, home, "") is None
    hub.close()


async def test_the_fifth_stream_of_a_person_ends_the_oldest() -> None:
    hub = a_hub()
    mine = [hub.subscribe(CASE, person="alice") for _ in range(5)]
    assert [one.ended for one in mine] == ["replaced", "", "", "", ""]


async def test_what_is_published_in_a_thread_arrives_in_the_loop() -> None:
    hub = a_hub()
    hub.start()
    alice = hub.subscribe(CASE, person="alice")
    await asyncio.to_thread(hub.publish_threadsafe, CASE, "case.changed", {"n": 1}, event_id="7")
    assert b"id: 7\n" in await anext(alice)
    hub.close()


async def test_a_stopping_hub_tells_clients_when_to_come_back() -> None:
    hub = a_hub()
    alice = hub.subscribe(CASE, person="alice")
    hub.publish(CASE, "case.changed", {"n": 1})
    hub.close()
    told = b"".join([piece async for piece in live.stream(alice)])
    assert told.index(b'"n": 1') < told.rindex(b"retry: ") < told.index(b"stopping")


def test_an_event_with_several_lines_stays_one_event() -> None:
    assert streams.encode("message.posted", b"a\r\nb\nc", "9") == (
        b"event: message.posted\nid: 9\ndata: a\ndata: b\ndata: c\n\n"
    )


@pytest.mark.parametrize("forged", ["1\nevent: x", "1\r", "1\u2028"])
def test_an_id_cannot_begin_another_line(forged: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        streams.encode("case.changed", b"{}", forged)


def test_hints_reach_every_process_of_the_prefix_and_no_other(tmp_path: Path) -> None:
    web, worker = hints.Inbox(tmp_path / "run"), hints.Inbox(tmp_path / "run", "work")
    sent = [Hint(CASE, "case.changed", {"n": number}, str(number)) for number in range(500)]
    assert hints.send(tmp_path / "run", sent) == 1
    assert web.wait(1) == sent
    assert worker.wait(0) == []
    web.close()
    worker.close()


def test_sending_neither_waits_nor_fails_when_nobody_reads(tmp_path: Path) -> None:
    run = tmp_path / "run"
    hints.send(run, [Hint(CASE, "case.changed")])
    inbox = hints.Inbox(run)
    for _ in range(2000):
        hints.send(run, [Hint(CASE, "case.changed", {"x": "y" * 1000})])
    assert inbox.read()
    hints.send(run, [Hint(CASE, "case.changed", {"x": "y" * 5_000_000})])
    inbox.close()


def test_the_socket_of_a_dead_process_is_cleared_away(tmp_path: Path) -> None:
    run = tmp_path / "run"
    inbox = hints.Inbox(run)
    dead = inbox.path.with_name("live-999999.sock")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as left:
        left.bind(str(dead))
    assert hints.send(run, [Hint(CASE, "case.changed")]) == 1
    assert not dead.exists()
    inbox.close()


def test_a_datagram_that_is_no_hint_is_skipped(tmp_path: Path) -> None:
    inbox = hints.Inbox(tmp_path / "run")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as stranger:
        for junk in (b"", b"{", b"[]", b"null", b'{"topics": 1}', b"\xff" * 100):
            stranger.sendto(junk, str(inbox.path))
    assert inbox.read() == []
    inbox.close()


def test_a_long_data_folder_is_stood_for_by_a_short_one(tmp_path: Path) -> None:
    run = tmp_path / ("long" * 40) / "run"
    inbox = hints.Inbox(run)
    assert hints.send(run, [Hint(CASE, "case.changed")]) == 1
    assert inbox.path.parent.stat().st_mode & 0o777 == 0o700
    inbox.close()
    inbox.path.parent.rmdir()


def test_a_folder_that_others_may_write_is_refused(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    run.chmod(0o777)
    with pytest.raises(PermissionError):
        hints.Inbox(run)


def test_a_socket_belongs_to_one_user_only(tmp_path: Path) -> None:
    inbox = hints.Inbox(tmp_path / "run")
    assert inbox.path.name == f"live-{os.getpid()}.sock"
    assert inbox.path.stat().st_mode & 0o777 == 0o600
    inbox.close()


def test_a_waiting_worker_wakes_when_a_hint_comes_and_not_much_later(tmp_path: Path) -> None:
    inbox = hints.Inbox(tmp_path / "run", "work")
    hints.send(tmp_path / "run", [Hint(frozenset({"work"}), "tasks.put")], prefix="work")
    began = time.monotonic()
    assert len(inbox.wait(30)) == 1
    assert time.monotonic() - began < 15
    inbox.close()


def _seen(session_key: str | None, at_s: float) -> None:
    store = SessionStore(session_key)
    store["seen"] = at_s
    store.save()


def _elsewhere(act: Callable[..., Any], *args: Any) -> Any:
    """Ask the database in another thread, and leave no connection behind there."""
    try:
        return act(*args)
    finally:
        connection.close()


async def _opened(hub: Hub, session_key: str) -> Subscription:
    """Open a stream as the endpoint does."""
    admitted = await asyncio.to_thread(_elsewhere, desk_live._admit, session_key, "")
    assert admitted is not None
    staff_id, topics, subject = admitted
    return hub.subscribe(topics, person=f"staff:{staff_id}", subject=subject)


async def _read_all(subscription: Subscription) -> bytes:
    return b"".join([piece async for piece in subscription])


def _data(frame: bytes) -> bytes:
    return frame.split(b"data: ")[1]
