"""Cookies as a browser gets them: of this host only, not for scripts, and never over plain http when there is https."""

import os
import runpy
from http.cookies import Morsel
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from huiyin import settings as shipped
from tests import given
from tests.given import PASSWORD

pytestmark = pytest.mark.django_db


def cookies(url: str, settings: Settings, tmp_path: Path) -> dict[str, "Morsel[str]"]:
    """Return every cookie that a browser gets from the settings of this public address, by what it is for."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("HUIYIN_")]:
            patch.delenv(name)
        patch.setenv("HUIYIN_DATA_DIR", str(tmp_path))
        patch.setenv("HUIYIN_PUBLIC_URL", url)
        of_this_address = runpy.run_path(str(shipped.__file__))
    for name, value in of_this_address.items():
        if "COOKIE" in name:
            setattr(settings, name, value)
    given.an_agent("alice", password=PASSWORD)
    client, secure = Client(), url.startswith("https")
    client.get("/sign-in", secure=secure)
    client.post("/sign-in", {"number": "alice", "password": PASSWORD}, secure=secure)
    by_signing_in = client.cookies[settings.LANGUAGE_COOKIE_NAME]
    client.cookies.pop(settings.LANGUAGE_COOKIE_NAME)
    client.post("/language", {"language": "en"}, secure=secure)
    by_choice = client.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert len(client.cookies) == 4
    return {
        "session": client.cookies[settings.SESSION_COOKIE_NAME],
        "device": client.cookies[settings.DEVICE_COOKIE_NAME],
        "csrf": client.cookies[settings.CSRF_COOKIE_NAME],
        "language at sign-in": by_signing_in,
        "language by choice": by_choice,
    }


def test_under_https_each_is_secure_and_of_this_host_only(settings: Settings, tmp_path: Path) -> None:
    for use, cookie in cookies("https://service.example.com", settings, tmp_path).items():
        assert cookie.key.startswith("__Host-"), use
        # What a browser asks of that name: without it the cookie would be thrown away.
        assert (bool(cookie["secure"]), cookie["path"], cookie["domain"]) == (True, "/", ""), use
        assert (bool(cookie["httponly"]), cookie["samesite"]) == (True, "Lax"), use


def test_under_plain_http_they_work_and_are_still_kept_from_scripts_and_other_sites(
    settings: Settings, tmp_path: Path
) -> None:
    for use, cookie in cookies("http://127.0.0.1:8000", settings, tmp_path).items():
        # A browser keeps neither a Secure cookie nor one of that name when the page came over plain http.
        assert not cookie.key.startswith("__Host-") and not cookie["secure"], use
        assert (cookie["path"], cookie["domain"]) == ("/", ""), use
        assert (bool(cookie["httponly"]), cookie["samesite"]) == (True, "Lax"), use
