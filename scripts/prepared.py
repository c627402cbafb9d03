"""What is made from the sources before a start: translations, bytecode; made again only when the sources change."""

from __future__ import annotations

import hashlib
import subprocess

from scripts.environment import PYTHON, STAMPS
from scripts.steps import ROOT, quiet, step

LOCALE = ROOT / "huiyin" / "locale"


def translations() -> None:
    """Compile every .po file; nothing happens while the compiled files fit their sources."""
    sources = sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))
    content = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    stamp = STAMPS / "translations"
    compiled = all(source.with_suffix(".mo").is_file() for source in sources)
    if compiled and stamp.is_file() and stamp.read_text() == content:
        return
    with step("Compile the translations"):
        quiet(
            [PYTHON, "-m", "scripts.messages", "compile"],
            failing="The translations could not be compiled",
            remedy="Correct the .po file named above.",
        )
    stamp.write_text(content)


def bytecode() -> None:
    """Compile the product's modules, so that a start after a crash is quick; those that fit are left alone."""
    quiet(
        [PYTHON, "-m", "compileall", "-q", ROOT / "huiyin"],
        failing="The product's modules could not be compiled",
        remedy="Correct the file named above; check that the checkout may be written to.",
    )


def extract_translations() -> int:
    return subprocess.run([PYTHON, "-m", "scripts.messages", "extract"], cwd=ROOT, check=False).returncode
