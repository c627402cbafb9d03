"""The real product on a free port with a data folder of its own, and people who can sign in."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]
START_S = 300  # setting up takes four seconds alone, and minutes beside much else
JOIN = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.settings"
import django
django.setup()
from huiyin.base import clock
from huiyin.base.actor import OPERATOR
from huiyin.staff import people
own, *numbers = sys.argv[1:]
for number in numbers:
    staff, first = people.join(
        number, "Agent " + number, role="agent", team="service", by=OPERATOR, at=clock.now()
    )
    if own:
        people.set_password(staff, own, by=OPERATOR, at=clock.now())
    print(first)
"""
RUN = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.settings"
import django
django.setup()
exec(sys.stdin.read())
"""


@dataclass(frozen=True, slots=True)
class Product:
    """A running product; `url` has no slash at its end."""

    url: str
    settings: dict[str, str]

    def join(self, *numbers: str, own: str = "") -> list[str]:
        """Make agents; return their one-time passwords, which count no more when `own` is given."""
        return _python(["-c", JOIN, own, *numbers], self.settings).split()

    def run(self, code: str) -> str:
        """Run Python inside the product's settings and return what it printed."""
        return _python(["-c", RUN], self.settings, code)


@contextmanager
def running(folder: Path) -> Iterator[Product]:
    """Set up and start the product; stop it at the end."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DJANGO_"))
    }
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {
        **inherited,
        "HUIYIN_DATA_DIR": str(folder),
        "HUIYIN_LISTEN": f"127.0.0.1:{port}",
        "HUIYIN_PUBLIC_URL": url,
        "HUIYIN_WEB_PROCESSES": "1",
        # Each visitor comes from a network of their own, so that no test uses up what another may do.
        "HUIYIN_TRUSTED_PROXIES": "127.0.0.1",
    }
    log = folder / "log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "huiyin", "up", "--setup"]
        process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=out, stderr=subprocess.STDOUT)
        try:
            _wait_until_ready(url, process, log)
            yield Product(url, settings)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"{url}/readyz", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the product did not start:\n{log.read_text()[-3000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _python(arguments: list[str], settings: dict[str, str], given: str = "") -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=settings,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout
