"""Wakes the other processes of this installation: small datagrams over Unix sockets, which may be lost.

A hint only shortens a wait. Whoever receives hints also looks by itself (web every 2 s, worker at
its own interval), so sending never blocks, never raises and never retries.
"""

import contextlib
import hashlib
import json
import os
import select
import socket
import stat
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LONGEST_DATAGRAM = 128 * 1024
LONGEST_PATH = 100  # bytes; macOS allows 104, Linux 108


@dataclass(frozen=True, slots=True)
class Hint:
    """What happened, to whom it is addressed, and what a screen needs to know; `event_id` resumes a chat."""

    topics: frozenset[str]
    event: str
    payload: dict[str, Any] = field(default_factory=dict)
    event_id: str = ""


def send(run: Path, hints: Iterable[Hint], *, prefix: str = "live") -> int:
    """Send the hints of one transaction to every process that listens under `prefix`, one's own too.

    `run` is the installation's folder of sockets. Returns how many processes were reached; never
    blocks or raises. The kernel queues few datagrams, so hand over all hints of one step at once.
    """
    datagrams = list(_packed(hints))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * LONGEST_DATAGRAM)
        return sum(_deliver(sender, path, datagrams) for path in _paths(run, prefix))


class Inbox:
    """The socket of this process, `<prefix>-<pid>.sock`: open it after the fork, close it at the end."""

    def __init__(self, run: Path, prefix: str = "live") -> None:
        folder = _folder(run)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_private(folder)
        self.path = folder / f"{prefix}-{os.getpid()}.sock"
        self.path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * LONGEST_DATAGRAM)
        self._socket.bind(str(self.path))
        self.path.chmod(0o600)

    def fileno(self) -> int:
        """Return the descriptor to wait on."""
        return self._socket.fileno()

    def read(self) -> list[Hint]:
        """Return the hints that have come, without waiting; what is not a hint is skipped."""
        found: list[Hint] = []
        with contextlib.suppress(BlockingIOError):
            while True:
                found += _unpacked(self._socket.recv(2 * LONGEST_DATAGRAM))
        return found

    def wait(self, timeout_s: float) -> list[Hint]:
        """Return the hints that come within `timeout_s`; an empty list when none did."""
        select.select([self._socket], [], [], timeout_s)
        return self.read()

    def close(self) -> None:
        """Close and remove the socket. A second call is harmless."""
        self._socket.close()
        self.path.unlink(missing_ok=True)


def _packed(hints: Iterable[Hint]) -> Iterable[bytes]:
    batch: list[bytes] = []
    size = 0
    for hint in hints:
        told = {
            "topics": sorted(hint.topics),
            "event": hint.event,
            "payload": hint.payload,
            "event_id": hint.event_id,
        }
        one = json.dumps(told, ensure_ascii=False).encode()
        if batch and size + len(one) > LONGEST_DATAGRAM:
            yield b"\n".join(batch)
            batch, size = [], 0
        batch.append(one)
        size += len(one) + 1
    if batch:
        yield b"\n".join(batch)


def _unpacked(datagram: bytes) -> Iterable[Hint]:
    for line in datagram.split(b"\n"):
        with contextlib.suppress(ValueError, TypeError, KeyError):
            said = json.loads(line)
            yield Hint(
                frozenset(said["topics"]), str(said["event"]), dict(said["payload"]), str(said["event_id"])
            )


def _deliver(sender: socket.socket, path: Path, datagrams: list[bytes]) -> bool:
    try:
        for datagram in datagrams:
            sender.sendto(datagram, str(path))
    except ConnectionRefusedError:
        # Nobody is bound any more. The number in the name is no proof: another container has other pids.
        path.unlink(missing_ok=True)
        return False
    except OSError:  # its queue is full, or the hint is too long for this system: it will look by itself
        return False
    return True


def _paths(run: Path, prefix: str) -> list[Path]:
    return list(_folder(run).glob(f"{prefix}-*.sock"))


def _folder(run: Path) -> Path:
    """Return `run`, or a private folder that stands for it when its path is too long for a socket."""
    run = run.absolute()
    if len(os.fsencode(run)) + len("/live-4194304.sock") <= LONGEST_PATH:
        return run
    digest = hashlib.sha256(os.fsencode(run)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"huiyin-{os.getuid()}-{digest}"


def _check_private(folder: Path) -> None:
    """Raise PermissionError when others could put their sockets there."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise PermissionError(f"{folder} must be a folder of this user that nobody else may write")
