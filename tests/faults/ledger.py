"""A client that believes only its own book: every attempt is synced before it is made, every answer when it came."""

import http.client
import json
import os
import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.faults.product import ANSWER_S, Answer, Product, call

WORDS = (
    "电脑突然无法开机，里面有急用资料",
    "订单还没有收到，请帮我查一下物流",
    "你们的客服态度太差了，我要投诉",
    "What are your opening hours on Saturday?",
    "发票抬头写错了，想要重开",
)


class Ledger:
    """What was tried and what was acknowledged (id → case number, or None when it was only taken in)."""

    def __init__(self, path: Path) -> None:
        self.tried: dict[str, str] = {}
        self.acknowledged: dict[str, str | None] = {}
        self._lock = threading.Lock()
        self._file = path.open("a", encoding="utf-8")

    def note_attempt(self, name: str, text: str) -> None:
        with self._lock:
            self.tried[name] = text
            self._sync({"tried": name, "text": text})

    def note_answer(self, name: str, case: str | None) -> None:
        with self._lock:
            self.acknowledged[name] = case
            self._sync({"acknowledged": name, "case": case})

    def _sync(self, line: dict[str, str | None]) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


@dataclass
class Load:
    """Clients that together send about `per_second` messages until the block is left.

    A message without an answer is sent again under its id, but one in ten is given up. `seed` decides all of it.
    Refusals are gathered in `refused`, anything that is neither an answer nor an honest refusal in `wrong`.
    """

    product: Product
    ledger: Ledger
    seed: int
    per_second: float = 50.0
    clients: int = 8
    refused: list[Answer] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    broken_calls: int = 0
    slowest_s: float = 0.0

    def __enter__(self) -> "Load":
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._send, args=(n,)) for n in range(self.clients)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _send(self, client: int) -> None:
        chance = random.Random(f"{self.seed}-{client}")
        pause_s = self.clients / self.per_second
        connection = http.client.HTTPConnection("127.0.0.1", self.product.port, timeout=ANSWER_S)
        due = time.monotonic() + chance.random() * pause_s
        for number in range(1_000_000):
            if self._stopping.wait(max(0.0, due - time.monotonic())):
                break
            due = max(due + pause_s, time.monotonic())
            body = a_message(f"{self.seed}-{client}-{number}", chance)
            gives_up = chance.random() < 0.1
            while not self._attempt(connection, body) and not gives_up and not self._stopping.wait(0.1):
                pass
        connection.close()

    def _attempt(self, connection: http.client.HTTPConnection, body: dict[str, Any]) -> bool:
        self.ledger.note_attempt(body["external_id"], body["text"])
        try:
            answer = call(connection, "POST", "/api/v1/inbound", self.product.token, body)
        except (OSError, http.client.HTTPException):
            self.broken_calls += 1
            connection.close()
            return False
        self.slowest_s = max(self.slowest_s, answer.took_s)
        if answer.status in (200, 201, 202):
            self.ledger.note_answer(body["external_id"], (answer.body.get("case") or {}).get("number"))
            return True
        self.refused.append(answer)
        if answer.status != 503 or "Retry-After" not in answer.headers:
            self.wrong.append(f"{answer.status} {answer.body}")
        return False


def a_message(name: str, chance: random.Random) -> dict[str, Any]:
    """Return the body of a message from one of forty invented people; its text is unique."""
    person = chance.randrange(40)
    return {
        "channel": "form",
        "external_id": name,
        "sender": {"name": f"客户{person}", "phone": f"139000000{person:02}"},
        "text": f"{chance.choice(WORDS)} ({name})",
    }
