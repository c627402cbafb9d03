"""Whole installations in processes of their own: drain, restart, giving up, and the death of the parent."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from huiyin.base import hints
from huiyin.serving.supervisor import Child, Patience, supervise
from huiyin.serving.tests.conftest import PATIENCE_S, everything, get


class Installation:
    """The installation of `site.py`, running."""

    def __init__(self, run: Path) -> None:
        command = [sys.executable, "-m", "huiyin.serving.tests.site", "0", str(run)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3])
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)

    def ask(self, path: str) -> str:
        """Return the body of the answer, empty when the connection broke."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        with contextlib.closing(connection), contextlib.suppress(http.client.HTTPException, ConnectionError):
            connection.request("GET", path)
            return connection.getresponse().read().decode()
        return ""

    def pid(self) -> int:
        return int(self.ask("/pid"))

    def stream(self, person: str) -> socket.socket:
        client = self.connect()
        client.sendall(get(f"/live?person={person}"))
        _until(client, b"retry: ")
        return client


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "run")
    yield made
    if made.process.poll() is None:
        made.process.kill()
    made.process.wait()
    assert made.process.stdout is not None
    made.process.stdout.close()


def test_a_running_request_is_finished_and_a_stream_is_told_before_the_process_stops(
    installation: Installation,
) -> None:
    stream = installation.stream("alice")
    with installation.connect() as client:
        client.sendall(get("/slow"))
        _until(client, b"begun")
        installation.process.terminate()
        assert b"done" in everything(client)
    told = everything(stream)
    assert b'event: end\ndata: {"code": "stopping"}' in told
    assert b"retry: " in told
    assert installation.process.wait(PATIENCE_S) == 0
    with pytest.raises(ConnectionRefusedError):
        installation.connect()


def test_a_killed_child_is_replaced(installation: Installation) -> None:
    before = installation.pid()
    assert installation.ask("/die") == ""
    assert installation.pid() != before


def test_children_end_when_their_parent_is_killed(installation: Installation) -> None:
    child = installation.pid()
    installation.process.kill()
    assert _eventually(lambda: not _alive(child))


def test_a_hint_of_another_process_reaches_the_stream(installation: Installation, tmp_path: Path) -> None:
    stream, stranger = installation.stream("alice"), installation.stream("charlie")
    hint = hints.Hint(frozenset({"team:1"}), "case.changed", {"number": "261121-0001"})
    unknown = hints.Hint(frozenset({"team:1"}), "base", {})
    elsewhere = hints.Hint(frozenset({"team:2"}), "case.changed", {"number": "261121-0002"})
    assert hints.send(tmp_path / "run", [unknown, elsewhere, hint]) == 1
    for client in (stream, stranger):
        found = _until(client, b"261121-0001")
        assert b"261121-0002" not in found
        assert b"base" not in found
        client.close()


def test_streams_that_leave_are_forgotten(installation: Installation) -> None:
    gone = [installation.stream(f"visitor-{number}") for number in range(5)]
    stays = installation.stream("alice")
    assert installation.ask("/open") == "6"
    for client in gone:
        client.close()
    assert _eventually(lambda: installation.ask("/open") == "1")
    stays.close()


def test_a_child_that_keeps_dying_is_given_up_with_an_exit_code(tmp_path: Path) -> None:
    code = _in_a_process(
        lambda: supervise(
            [Child("web", lambda: _note(tmp_path / "web")), Child("worker", lambda: time.sleep(3600))],
            patience=Patience(deaths=3, first_delay_s=0.01),
        )
    )
    assert code == 1
    assert (tmp_path / "web").read_text() == "x" * 4


def test_what_was_warmed_once_is_there_in_every_child(tmp_path: Path) -> None:
    warmed: list[str] = []

    def look() -> None:
        (tmp_path / str(len(warmed))).touch()
        time.sleep(3600)

    def run() -> int:
        return supervise([Child("web", look)], warm=lambda: warmed.append("word"))

    pid = _fork(run)
    assert _eventually((tmp_path / "1").exists)
    os.kill(pid, signal.SIGTERM)
    assert _code(pid) == 0


def test_a_child_that_ignores_the_signal_is_killed_after_the_grace(tmp_path: Path) -> None:
    def deaf() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        (tmp_path / "deaf").write_text(str(os.getpid()))
        time.sleep(3600)

    pid = _fork(lambda: supervise([Child("web", deaf)], grace_s=0.2))
    assert _eventually(lambda: (tmp_path / "deaf").exists() and bool((tmp_path / "deaf").read_text()))
    os.kill(pid, signal.SIGTERM)
    assert _code(pid) == 0
    assert not _alive(int((tmp_path / "deaf").read_text()))


def _note(path: Path) -> None:
    with path.open("a") as file:
        file.write("x")


def _fork(run: Callable[[], int]) -> int:
    pid = os.fork()
    if pid == 0:
        os._exit(run())
    return pid


def _code(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _in_a_process(run: Callable[[], int]) -> int:
    return _code(_fork(run))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A process whose parent is gone may wait to be collected by the system.
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(state.stdout.strip()) and not state.stdout.startswith("Z")


def _eventually(happens: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while not happens():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _until(client: socket.socket, wanted: bytes) -> bytes:
    found = b""
    while wanted not in found:
        piece = client.recv(65536)
        assert piece, found
        found += piece
    return found
