"""One person's screen: the live stream of the desk, opened again whenever it breaks, as a browser does."""

import contextlib
import http.client
import json
import socket
import threading
from types import TracebackType

from tests.faults.product import Product

SIGN_IN = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from huiyin.base import clock
from huiyin.base.actor import OPERATOR
from huiyin.base.actor import Actor
from huiyin.staff import confidentiality, people
from huiyin.staff.sessions import SessionStore
staff, _ = people.join("CS001", "Screen", role="agent", team="service", by=OPERATOR, at=clock.now())
agreement = confidentiality.current()
by = Actor("staff", staff.number, staff.pk)
confidentiality.sign(staff, agreement.version, by=by, at=clock.now())
session = SessionStore()
session.update({
    SESSION_KEY: str(staff.pk), BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
    HASH_SESSION_KEY: staff.get_session_auth_hash(), "scope_confirmed": True,
})
session.create()
print(session.session_key)
"""
AGAIN_S = 0.5
SILENT_S = 20.0  # a heartbeat comes every 15


class Screen:
    """Listens while the block runs; `cases` are the numbers that it was told of, in order."""

    def __init__(self, product: Product) -> None:
        self.cases: list[str] = []
        self.answers: list[int] = []
        self._socket: socket.socket | None = None
        self._product = product
        self._session = product.python(SIGN_IN).strip()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._listen)

    def __enter__(self) -> "Screen":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    def _listen(self) -> None:
        while not self._stopping.wait(AGAIN_S):
            with contextlib.suppress(OSError, http.client.HTTPException):
                self._read()

    def _read(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._product.port, timeout=SILENT_S)
        with contextlib.closing(connection):
            connection.request("GET", "/live/desk", headers={"Cookie": f"huiyin={self._session}"})
            self._socket = connection.sock
            answer = connection.getresponse()
            self.answers.append(answer.status)
            while answer.status == 200 and (line := answer.readline()):
                if line.startswith(b"data:"):
                    self.cases.append(str(json.loads(line[5:]).get("case", "")))
