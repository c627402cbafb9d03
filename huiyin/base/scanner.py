"""A virus scanner of the house looks at each file, where there is one: clamd's INSTREAM, as its manual gives it.

`zINSTREAM\\0`, then pieces of four bytes of length and so many of the file, a length of nothing; the answer is
`stream: OK` or `stream: NAME FOUND`, closed by a NUL.
"""

import socket
import struct
import time

import structlog
from django.conf import settings

TIMEOUT_S = 10.0
HELD_S = 5.0
_PIECE_BYTES = 64 * 1024
_ANSWER_BYTES = 1024
log = structlog.get_logger("scanner")


class Away(Exception):
    """The scanner gave no answer that can be read: nothing is known about the file."""


class _Held:
    """Until when this process asks no more, so that a scanner that hangs costs one wait and not one a file."""

    until = 0.0


def is_there() -> bool:
    """Tell whether a scanner is set up."""
    return settings.HUIYIN.scanner is not None


def found_in(payload: bytes) -> str:
    """Return the name of what the scanner found, or nothing. Raises Away; for some seconds then it is not asked."""
    if not is_there():
        return ""
    if time.monotonic() < _Held.until:
        raise Away("it gave no answer a moment ago")
    pieces = [payload[at : at + _PIECE_BYTES] for at in range(0, len(payload), _PIECE_BYTES)]
    framed = [struct.pack(">I", len(piece)) + piece for piece in pieces]
    try:
        answer = _asked([b"zINSTREAM\0", *framed, struct.pack(">I", 0)])
        return _read(answer)
    except Away as error:
        _Held.until = time.monotonic() + HELD_S
        log.warning("the scanner gives no answer; files are refused", error=str(error))
        raise


def greet() -> None:
    """Ask the scanner whether it is well; raises Away."""
    if _asked([b"zPING\0"]) != "PONG":
        raise Away("it answered something else than PONG")


def forget() -> None:
    """Ask again at once."""
    _Held.until = 0.0


def _read(answer: str) -> str:
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")[:100]
    raise Away(f"it answered {answer[:100]!r}")


def _asked(said: list[bytes]) -> str:
    """Say all of it within the time and return the answer without its NUL. Raises Away."""
    until = time.monotonic() + TIMEOUT_S
    try:
        with _connected() as wire:
            for piece in said:
                wire.settimeout(_left(until))
                wire.sendall(piece)
            answer = b""
            while not answer.endswith(b"\0"):
                wire.settimeout(_left(until))
                more = wire.recv(_ANSWER_BYTES)
                if not more or len(answer) > _ANSWER_BYTES:
                    raise Away("it hung up" if not more else "its answer has no end")
                answer += more
    except OSError as error:
        raise Away(f"{type(error).__name__}: {error}") from error
    return answer[:-1].decode("utf-8", "replace").strip()


def _connected() -> socket.socket:
    where = settings.HUIYIN.scanner
    assert where is not None
    if where.scheme == "tcp":
        return socket.create_connection((where.hostname, where.port), timeout=TIMEOUT_S)
    wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    wire.settimeout(TIMEOUT_S)
    try:
        wire.connect(where.path)
    except OSError:
        wire.close()
        raise
    return wire


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise Away("it took too long")
    return left
