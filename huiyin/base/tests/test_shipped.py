"""Settings as shipped: the framework's own check finds nothing, and what would be dangerous does not start."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CHECK = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.settings"
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
call_command("check", deploy=True, fail_level="DEBUG")
print(settings.DEBUG, *settings.SILENCED_SYSTEM_CHECKS)
"""
# Sending people on to https is the work of the proxy in front, which alone sees plain http.
BEHIND_A_PROXY = ["security.W008"]
# Without https there is nothing to be strict about and no cookie that could be Secure: for one's own machine only.
PLAIN = ["security.W004", "security.W012", "security.W016"]

pytestmark = pytest.mark.once


def started(folder: Path, **written: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
    environ = {**inherited, "HUIYIN_DATA_DIR": str(folder), **written}
    return subprocess.run(
        [sys.executable, "-c", CHECK], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("url", "silenced"),
    [("https://service.example.com", BEHIND_A_PROXY), ("http://127.0.0.1:8000", BEHIND_A_PROXY + PLAIN)],
)
def test_the_frameworks_own_check_finds_nothing(tmp_path: Path, url: str, silenced: list[str]) -> None:
    done = started(tmp_path, HUIYIN_PUBLIC_URL=url)
    assert done.returncode == 0, done.stderr
    assert not re.search(r"\.[WEC]\d{3}\)", done.stderr), done.stderr
    assert done.stdout.splitlines()[-1].split() == ["False", *silenced]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUIYIN_DEBUG", "1"),
        ("HUIYIN_ALLOWED_HOSTS", ","),
        ("HUIYIN_SECRET_KEY", "django-insecure-7h2m)p9x4q!c8v1z5b0n3k6w2r"),
    ],
)
def test_it_does_not_start_with(tmp_path: Path, name: str, value: str) -> None:
    done = started(tmp_path, HUIYIN_PUBLIC_URL="https://service.example.com", **{name: value})
    assert done.returncode != 0
    assert done.stderr.startswith(f"huiyin: {name} "), done.stderr
