"""The real product in a process group of its own: started, asked, killed, checked."""

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.postgres import spare_port

ROOT = Path(__file__).parents[2]
CLI = [sys.executable, "-m", "huiyin"]
ANSWER_S = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; header names are Written-So, `body` is the JSON it held, `took_s` from the first byte sent."""

    status: int
    headers: Mapping[str, str]
    body: dict[str, Any]
    took_s: float


class Product:
    """One installation. `stop()` or `kill_all()` ends it; starting again goes on with the same data."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.port, self.cli = folder, spare_port(), CLI
        self.token = (folder / "token").read_text() if (folder / "token").is_file() else ""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
        self.settings = {
            **inherited,
            "HUIYIN_DATA_DIR": str(folder),
            "HUIYIN_LISTEN": f"127.0.0.1:{self.port}",
            "HUIYIN_OUTBOUND_ALLOW": "127.0.0.1/32",
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._log, self._log_from = folder / "log", 0

    @property
    def database(self) -> Path | str:
        """Give where its rows are: the file, or the server's address."""
        return self.settings.get("HUIYIN_DATABASE_URL") or self.folder / "huiyin.sqlite3"

    def set_up(self) -> None:
        """Prepare the data folder and make a token; needed once."""
        self.run("setup")
        self.token = self.run("token", "create", "--name", "faults", "--scope", "all").strip()
        (self.folder / "token").write_text(self.token)

    def run(self, *command: str) -> str:
        """Run one command of the command line and return what it printed; raises when it failed."""
        return subprocess.run(
            [*CLI, *command], cwd=ROOT, env=self.settings, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def python(self, code: str) -> str:
        """Run a few lines of Python inside the product's settings and return what they printed."""
        begin = "import django\ndjango.setup()\n"
        environment = {**self.settings, "DJANGO_SETTINGS_MODULE": "huiyin.settings"}
        command = [sys.executable, "-c", begin + code]
        return subprocess.run(
            command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def start(self, command: str = "up", *, under: Sequence[str] = (), failpoint: str = "") -> None:
        """Start it, behind the program `under` (strace) if given, and with one fail point armed."""
        # Beside the data, because the data may lie on a disk that is full.
        self._log = self.folder.with_name(f"{self.folder.name}-{command}.log")
        self._log_from = self._log.stat().st_size if self._log.is_file() else 0
        with self._log.open("ab") as out:
            self._process = subprocess.Popen(
                [*under, *self.cli, command],
                cwd=ROOT,
                env={**self.settings, "HUIYIN_FAILPOINT": failpoint},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def log(self) -> str:
        """Return what it wrote since it was last started."""
        return self._log.read_bytes()[self._log_from :].decode()

    def pid_of(self, name: str) -> int:
        """Return the process that now does the work of `web-1` or `worker`."""
        found = re.findall(rf'"{name} runs as (\d+)', self.log())
        return int(found[-1]) if found else 0

    def has_died(self) -> bool:
        """Tell whether the supervisor or one of its children was lost since the start."""
        ended = self._process is None or self._process.poll() is not None
        return ended or " ended with code " in self.log()

    def wait_until_ready(self, within_s: float = 120.0) -> float:
        """Return the seconds until /readyz said yes; raises TimeoutError with the log."""
        began = time.monotonic()
        while time.monotonic() - began < within_s:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.ask("GET", "/readyz").status == 200:
                    return time.monotonic() - began
            time.sleep(0.02)
        raise TimeoutError(f"not ready within {within_s} s:\n{self.log()[-4000:]}")

    def ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, key: str = "", token: str = ""
    ) -> Answer:
        """Make one call with the token, over a connection of its own; `key` is its Idempotency-Key."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_S)
        with contextlib.closing(connection):
            return call(connection, method, path, token or self.token, body, key=key)

    def insist(self, method: str, path: str, body: Mapping[str, Any], *, key: str = "") -> Answer:
        """Call as `ask` does, and again after each honest refusal (503 with Retry-After), as a client should."""
        while True:
            answer = self.ask(method, path, body, key=key)
            if answer.status != 503 or "Retry-After" not in answer.headers:
                return answer
            time.sleep(0.1)

    def kill(self, name: str) -> None:
        """Kill one child as a power cut would; one that is dead already stays so."""
        self.signal(name, signal.SIGKILL)

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to one child, and to nobody else who may have got its number since."""
        pid = self.pid_of(name)
        with contextlib.suppress(ProcessLookupError):
            if self._process is not None and pid and os.getsid(pid) == self._process.pid:
                os.kill(pid, number)

    def kill_all(self) -> None:
        """Kill the supervisor and its children at once; nothing happens when it does not run."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def stop(self, within_s: float = 20.0) -> int:
        """Stop it as an operator does (SIGTERM) and return its exit code."""
        assert self._process is not None
        self._process.terminate()
        code = self._process.wait(within_s)
        self._process = None
        return code

    def broken_invariants(self) -> list[str]:
        """Return what `huiyin verify` finds wrong."""
        done = subprocess.run(
            [*CLI, "verify"], cwd=ROOT, env=self.settings, stdout=subprocess.PIPE, text=True, check=False
        )
        broken = [line for line in done.stdout.splitlines() if line.startswith(("BROKEN", " " * 9))]
        return broken or ([] if done.returncode == 0 else [f"verify ended with {done.returncode}"])


def call(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    token: str,
    body: Mapping[str, Any] | None = None,
    *,
    key: str = "",
) -> Answer:
    """Make one call on a connection that may stay open; raises OSError or HTTPException when it breaks."""
    began = time.monotonic()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    if key:
        headers["Idempotency-Key"] = key
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    raw = answer.read()
    told = json.loads(raw) if "json" in (answer.getheader("Content-Type") or "") else {}
    named = {name.title(): value for name, value in answer.getheaders()}
    return Answer(answer.status, named, told, time.monotonic() - began)
