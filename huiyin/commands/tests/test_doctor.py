"""What doctor says of the account that runs the service, and the unit that the page for administrators offers."""

import configparser
import os
import re
from pathlib import Path

import pytest

import huiyin
from huiyin.commands import verify

PAGE = Path(huiyin.__file__).parents[1] / "docs" / "administrators" / "hardening.md"


def said(monkeypatch: pytest.MonkeyPatch, *, account: int, writable: bool) -> tuple[str, str]:
    monkeypatch.setattr(os, "geteuid", lambda: account)
    monkeypatch.setattr(os, "access", lambda place, how: writable)
    ((state, text, remedy),) = verify._code()
    assert bool(remedy) == (state != "ok")
    return state, text


def test_doctor_warns_of_root_and_of_an_account_that_may_change_the_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine = os.getuid()
    assert said(monkeypatch, account=0, writable=True)[0] == "warn"
    if mine:  # the name of somebody who is not there could not be told
        assert said(monkeypatch, account=mine, writable=True)[0] == "warn"
        assert said(monkeypatch, account=mine, writable=False)[0] == "ok"


def test_what_is_looked_at_is_the_product_the_framework_and_the_environment() -> None:
    looked_at = " ".join(map(str, verify.CODE))
    assert "huiyin" in looked_at and "django" in looked_at
    assert all(place.exists() for place in verify.CODE)


def test_the_unit_of_the_documentation_takes_away_what_the_service_does_not_need() -> None:
    (text,) = re.findall(r"<!-- unit -->\n```ini\n(.+?)```", PAGE.read_text("utf-8"), flags=re.DOTALL)
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment]
    unit.read_string(text)
    service = unit["Service"]
    assert service["User"] not in ("", "root")
    for name in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "RestrictSUIDSGID"):
        assert service[name] == "yes"
    assert service["ProtectSystem"] == "strict" and service["CapabilityBoundingSet"] == ""
    assert service["ReadWritePaths"] == "/var/lib/huiyin", "data only: the code stays root's"
    assert not service["ExecStart"].startswith(service["ReadWritePaths"])
