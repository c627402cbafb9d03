"""A real PostgreSQL for the tests: own folder, own port, own password, gone afterwards."""

from __future__ import annotations

import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from scripts.steps import StepError, step

PLACES = (
    "usr/lib/postgresql/*/bin/initdb",
    "opt/homebrew/opt/postgresql@*/bin/initdb",
    "usr/local/opt/postgresql@*/bin/initdb",
)
PREFIX = "huiyin-postgresql-"
OWNER = "huiyin"
READY_WITHIN_S = 60
# Durability is not what these tests are about; those that are about it start a server of their own.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
}
# As in production, for what is about durability or measures it.
DURABLE = {**SETTINGS, "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


def programs() -> Path | None:
    """Return the folder of the newest installed PostgreSQL, or None."""
    found = [initdb.parent for place in PLACES for initdb in Path("/").glob(place)]
    if found:
        return max(found, key=release)
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def running(settings: Mapping[str, str] = SETTINGS) -> Iterator[str]:
    """Start a server with these settings and give its URL; stop it and remove its folder when the block is left.

    As root the server runs as the user `postgres`, because PostgreSQL refuses root. Raises StepError.
    """
    with serving(settings) as server:
        yield server.url


@contextmanager
def serving(settings: Mapping[str, str] = SETTINGS) -> Iterator[Server]:
    """Do the same, but give the server itself, which can be stopped and started again."""
    binaries = programs()
    if binaries is None:
        raise StepError("PostgreSQL is not installed", remedy="Install the package postgresql.")
    remove_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    (folder / "owner").write_text(str(os.getpid()))
    server = Server(binaries, folder, spare_port(), secrets.token_urlsafe(16), settings)
    try:
        with step("Start a PostgreSQL for the tests"):
            initialise(binaries, folder, server.password)
            server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Server:
    """One server on a port of its own; what it stores outlives `stop` and `start`."""

    binaries: Path
    folder: Path
    port: int
    password: str
    settings: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://{OWNER}:{self.password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it and return when it accepts connections; raises StepError."""
        self.process = start(self.binaries, self.folder, self.port, self.settings)
        wait_until_ready(self.binaries, self.process, self.folder, self.port)

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Stop it at once, without a checkpoint, or with SIGINT in order; harmless when it does not run."""
        if self.process:
            self.process.send_signal(how)
            self.process.wait()
            self.process = None


def remove_abandoned() -> None:
    """Remove the folders of runs that were killed; a server without its folder stops within a minute."""
    for owner in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/owner"):
        try:
            os.kill(int(owner.read_text()), 0)
        except ProcessLookupError:
            shutil.rmtree(owner.parent, ignore_errors=True)
        except (OSError, ValueError):
            continue  # somebody else's, or just being made


def initialise(binaries: Path, folder: Path, password: str) -> None:
    secret = folder / "password"
    secret.write_text(password)
    secret.chmod(0o600)
    if user := server_user():
        for path in (folder, secret):
            shutil.chown(path, user)
    command: list[str | Path] = [binaries / "initdb", "--pgdata", folder / "data", "--no-sync"]
    command += ["--username", OWNER, "--pwfile", secret, "--auth", "scram-sha-256"]
    command += ["--no-locale", "--encoding", "UTF8"]
    done = as_server_user(command, folder=folder, stdout=subprocess.PIPE)
    output, _ = done.communicate()
    if done.returncode:
        raise StepError(
            f"PostgreSQL could not create its files: {last_line(output.decode())}",
            remedy=f"Check that {tempfile.gettempdir()} is writable and not full.",
        )


def start(
    binaries: Path, folder: Path, port: int, settings: Mapping[str, str] = SETTINGS
) -> subprocess.Popen[bytes]:
    options = [f"-c{name}={value}" for name, value in settings.items()]
    with (folder / "log").open("ab") as log:
        command = [
            str(binaries / "postgres"),
            "-D",
            str(folder / "data"),
            f"-p{port}",
            f"-k{folder}",
            *options,
        ]
        return as_server_user(command, folder=folder, stdout=log)


def wait_until_ready(binaries: Path, server: subprocess.Popen[bytes], folder: Path, port: int) -> None:
    give_up_at = time.monotonic() + READY_WITHIN_S
    asking = [
        str(binaries / "pg_isready"),
        "--quiet",
        "--host=127.0.0.1",
        f"--port={port}",
        "--dbname=postgres",
    ]
    while subprocess.run(asking, check=False).returncode:
        if server.poll() is not None or time.monotonic() > give_up_at:
            raise StepError(
                f"PostgreSQL did not start: {last_line((folder / 'log').read_text())}",
                remedy="Run the command again; another program may have taken its port.",
            )
        time.sleep(0.1)


def spare_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def server_user() -> str | None:
    """Return the user that the server must run as: None means our own."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def as_server_user(
    command: Sequence[str | Path], *, folder: Path, stdout: int | IO[bytes]
) -> subprocess.Popen[bytes]:
    user = server_user()
    return subprocess.Popen(
        command,
        cwd=folder,
        stdout=stdout,
        stderr=subprocess.STDOUT,
        # Its own session: Ctrl-C reaches us only, and the server is stopped after the tests have ended.
        start_new_session=True,
        user=user,
        group=pwd.getpwnam(user).pw_gid if user else None,
        extra_groups=[] if user else None,
    )


def release(binaries: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", str(binaries)))


def last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no message"])[-1]
