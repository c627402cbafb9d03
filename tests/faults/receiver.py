"""A receiver of webhooks that does what a script says: takes, refuses, hangs up, keeps silent."""

import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

SILENT_S = 12.0  # longer than the product waits for an answer
Script = Callable[[str, int], int | str]


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request that came: the delivery's key, and what was answered (a status, `drop` or `hang`)."""

    key: str
    body: bytes
    answer: int | str


class Receiver:
    """Listens on a port of its own. `script` tells the answer to the nth arrival (from 1) of a key."""

    def __init__(self, script: Script = lambda key, nth: 200) -> None:
        self.arrivals: list[Arrival] = []
        self._script = script
        self._lock = threading.Lock()
        receiver = self

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(204)
                self.end_headers()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = receiver.note(self.headers["Webhook-Id"], body)
                if answer == "hang":
                    time.sleep(SILENT_S)
                elif isinstance(answer, int):
                    self.send_response(answer)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def log_message(self, *told: object) -> None:
                """Say nothing."""

        self._server = _Server(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    def note(self, key: str, body: bytes) -> int | str:
        with self._lock:
            nth = 1 + sum(arrival.key == key for arrival in self.arrivals)
            answer = self._script(key, nth)
            self.arrivals.append(Arrival(key, body, answer))
        return answer

    def taken(self) -> Counter[str]:
        """Return how often each key was answered with 200."""
        return Counter(arrival.key for arrival in self.arrivals if arrival.answer == 200)

    def settled(self) -> Counter[str]:
        """Return what was taken, when everybody who called before this moment has been heard."""
        # Callers are let in one after another, so an answer to this call tells that the earlier ones are in.
        urllib.request.urlopen(self.url, timeout=20).close()
        self._server.wait_until_all_are_heard(20)
        return self.taken()

    def __enter__(self) -> "Receiver":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    """Counts the callers that were let in and not heard to their end."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], door: type[BaseHTTPRequestHandler]) -> None:
        self._callers = 0
        self._changed = threading.Condition()
        super().__init__(address, door)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._changed:
            self._callers += 1
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._changed:
            self._callers -= 1
            self._changed.notify_all()

    def wait_until_all_are_heard(self, within_s: float) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: not self._callers, within_s), (
                "a caller is not heard to the end"
            )
