"""What may not be committed, and what every lock file owes."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

# Split, so that this file does not break its own rule.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (("pypi", "org"), ("registry", "npmjs"), ("deb", "debian"), ("pythonhosted", "org"))
)
FOREIGN_FOLDERS = {"node_modules", "vendor", "vendored", "third_party", "site-packages", "dist"}
FOREIGN_ENDINGS = (
    ".min.js",
    ".min.css",
    ".whl",
    ".so",
    ".dylib",
    ".jar",
    ".exe",
    ".woff",
    ".woff2",
    ".ttf",
    ".tar.gz",
)
LICENCE_BANNER = re.compile(r"\A\s*/\*!|@license\b")
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)


def tracked(root: Path) -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, stdout=subprocess.PIPE, check=True)
    return [name for name in listed.stdout.decode().split("\0") if name and (root / name).is_file()]


def registry_names(name: str, text: str) -> Iterator[str]:
    """Find hosts of package registries: which one is used is a setting of the machine."""
    for host in REGISTRIES:
        if host in text:
            yield f"{name} names {host}"


def foreign_files(name: str, text: str) -> Iterator[str]:
    """Find other people's code: it comes from a locked package, never from the repository."""
    if FOREIGN_FOLDERS & set(name.split("/")) or name.endswith(FOREIGN_ENDINGS):
        yield f"{name} looks like somebody else's file"
    elif name.endswith((".js", ".mjs", ".css")) and LICENCE_BANNER.search(text):
        yield f"{name} carries a licence banner"


def pins(lock: str) -> dict[str, str]:
    """Return package → version of a lock file."""
    return dict(PIN.findall(lock))


def unhashed(lock: str) -> list[str]:
    """Return the packages of a lock file that have no hash."""
    blocks = re.split(r"\n(?=\S)", lock.strip())
    return [block.split("==")[0] for block in blocks if "==" in block and "--hash=sha256:" not in block]


def unnoticed(lock: str, notice: str) -> list[str]:
    """Return the packages of a lock file that NOTICE does not name at the start of a line."""
    named = {line.split()[0].lower() for line in notice.splitlines() if line.strip()}
    return sorted(set(pins(lock)) - named)
