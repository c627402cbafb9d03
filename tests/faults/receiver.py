"""A receiver of webhooks that does what a script says: takes, refuses, hangs up, keeps silent."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

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

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self._server.daemon_threads = True
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

    def __enter__(self) -> "Receiver":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
