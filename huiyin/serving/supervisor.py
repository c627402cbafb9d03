"""One parent that forks the processes of an installation and keeps them alive."""

import contextlib
import gc
import logging
import os
import select
import signal
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
log = logging.getLogger("huiyin.serving")


@dataclass(frozen=True, slots=True)
class Child:
    """One process to keep: `run` is called in it after the fork and should return on SIGTERM."""

    name: str
    run: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a child may die before the whole is given up, and the first delay, doubled each time."""

    deaths: int = 5
    within_s: float = 60.0
    first_delay_s: float = 0.2


@dataclass(slots=True)
class Post:
    """The place of one child: who stands there now, and when it may be filled again."""

    child: Child
    pid: int = 0
    due: float = 0.0
    deaths: deque[float] = field(default_factory=deque)


def supervise(
    children: Sequence[Child],
    *,
    warm: Callable[[], None] | None = None,
    grace_s: float = 10.0,
    patience: Patience = Patience(),
) -> int:
    """Warm up, fork the children, restart those that die; return the exit code when stopped.

    SIGTERM or SIGINT passes SIGTERM on, waits `grace_s`, kills what is left and returns 0; a
    second one kills at once. Returns 1 when a child died more than `patience` allows. Children
    end by themselves when the parent is killed. Call it from the main thread of a process
    without other threads, with sockets bound and inherited before; `warm` must start no thread.
    """
    if warm is not None:
        warm()
    # Forked memory stays shared only while the collector does not touch it.
    gc.collect()
    gc.freeze()
    return _Supervisor(children, grace_s, patience).run()


class _Supervisor:
    def __init__(self, children: Sequence[Child], grace_s: float, patience: Patience) -> None:
        self._posts = [Post(child) for child in children]
        self._grace_s, self._patience = grace_s, patience
        self._life_r, self._life_w = os.pipe()  # children read it: it ends when the parent does
        self._wake_r, self._wake_w = socket.socketpair()
        self._stops = 0
        self._stopping = self._gave_up = False

    def run(self) -> int:
        self._listen()
        try:
            while not self._stops and not self._gave_up:
                self._fill()
                self._sleep(self._until_due())
                self._reap()
            self._stop()
        finally:
            signal.set_wakeup_fd(-1)
            for end in (self._life_r, self._life_w):
                os.close(end)
            self._wake_r.close()
            self._wake_w.close()
        return 1 if self._gave_up else 0

    def _listen(self) -> None:
        self._wake_r.setblocking(False)
        self._wake_w.setblocking(False)
        signal.set_wakeup_fd(self._wake_w.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in STOP_SIGNALS:
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, *_: object) -> None:
        self._stops += 1

    def _fill(self) -> None:
        for post in self._posts:
            if not post.pid and post.due <= time.monotonic():
                post.pid = self._fork(post.child)

    def _until_due(self) -> float:
        waits = [post.due - time.monotonic() for post in self._posts if not post.pid]
        return max(0.0, min(waits, default=60.0))

    def _sleep(self, timeout_s: float) -> None:
        select.select([self._wake_r], [], [], timeout_s)
        with contextlib.suppress(BlockingIOError):
            self._wake_r.recv(4096)

    def _reap(self) -> None:
        for post in self._posts:
            status = _ended(post.pid)
            if status is None:
                continue
            post.pid = 0
            if not (self._stopping or self._stops):
                self._mourn(post, os.waitstatus_to_exitcode(status))

    def _mourn(self, post: Post, code: int) -> None:
        now, patience = time.monotonic(), self._patience
        post.deaths.append(now)
        while post.deaths[0] < now - patience.within_s:
            post.deaths.popleft()
        died = len(post.deaths)
        log.error("%s ended with code %s (%s times lately)", post.child.name, code, died)
        if died > patience.deaths:
            self._gave_up = True
            log.critical("giving up: %s does not stay alive; its own log above says why", post.child.name)
        post.due = now + patience.first_delay_s * 2 ** (died - 1)

    def _stop(self) -> None:
        self._stopping = True
        ends = time.monotonic() + self._grace_s
        self._signal(signal.SIGTERM)
        while any(post.pid for post in self._posts) and time.monotonic() < ends and self._stops < 2:
            self._sleep(max(0.0, ends - time.monotonic()))
            self._reap()
        for post in self._posts:
            if post.pid:
                log.warning("%s did not stop in time and is killed", post.child.name)
                os.kill(post.pid, signal.SIGKILL)
                os.waitpid(post.pid, 0)

    def _signal(self, number: int) -> None:
        for post in self._posts:
            if post.pid:
                os.kill(post.pid, number)

    def _fork(self, child: Child) -> int:
        sys.stdout.flush()
        sys.stderr.flush()
        # A signal between fork and the child's own disposition would run the parent's handler and be lost.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        pid = os.fork()
        if pid == 0:
            self._live(child)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        log.info("%s runs as %s", child.name, pid)
        return pid

    def _live(self, child: Child) -> NoReturn:
        code = 1
        try:
            self._become_child()
            child.run()
            code = 0
        except BaseException:
            log.exception("%s failed", child.name)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)  # never back into the parent's code

    def _become_child(self) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        os.close(self._life_w)
        self._wake_r.close()
        self._wake_w.close()
        threading.Thread(target=self._follow_parent, name="parent", daemon=True).start()

    def _follow_parent(self) -> None:
        os.read(self._life_r, 1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(self._grace_s)
        os._exit(1)


def _ended(pid: int) -> int | None:
    """Return the wait status of a child that has ended, None while it runs or there is none."""
    found, status = os.waitpid(pid, os.WNOHANG) if pid else (0, 0)
    return status if found else None
