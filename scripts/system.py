"""Programs the tests need that Python packages cannot bring."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts import postgres
from scripts.steps import StepError, quiet, step

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MAC_BROWSERS = ("/Applications/Chromium.app", "/Applications/Google Chrome.app")


def install_missing() -> None:
    """Install what is missing through apt as root; else raise StepError with the one line to type."""
    packages = missing()
    if not packages:
        return
    line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise StepError(
            f"The tests need {', '.join(packages)}", remedy="Install them with your system's package tool."
        )
    if os.geteuid() != 0:
        raise StepError(f"The tests need {', '.join(packages)}", remedy=f"As root: apt-get update && {line}")
    settings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with step(f"Install {', '.join(packages)}"):
        retry = f"Check the network and run this by hand: apt-get update && {line}"
        quiet(
            ["apt-get", "update"], failing="The package lists could not be read", remedy=retry, env=settings
        )
        quiet(
            line.split(), failing="The system's packages could not be installed", remedy=retry, env=settings
        )


def missing() -> list[str]:
    """Return the names of the Debian packages that are not there."""
    needs = {
        "chromium": has_browser(),
        "postgresql": postgres.programs() is not None,
        "fonts-wqy-microhei": has_chinese_font(),
        "strace": shutil.which("strace") is not None or sys.platform == "darwin",
    }
    return [package for package, found in needs.items() if not found]


def has_browser() -> bool:
    return any(map(shutil.which, BROWSERS)) or any(Path(app).exists() for app in MAC_BROWSERS)


def has_chinese_font() -> bool:
    if sys.platform == "darwin":
        return True
    if not shutil.which("fc-list"):
        return Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc").exists()
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], stdout=subprocess.PIPE, check=False)
    return bool(listed.stdout.strip())
