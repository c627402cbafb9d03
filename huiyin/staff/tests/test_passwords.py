"""The profile “modern”: long, not known, not near; no kinds of signs are asked for, and no age."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client

from huiyin.base import config
from huiyin.staff import passwords
from tests import given

WORDS = ("Li Meng", "李梦", "Anjia Service")


@pytest.fixture(autouse=True)
def modern(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HUIYIN", replace(settings.HUIYIN, password_profile="modern"))


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "lamplightriverstone",
        "x" * 60 + "abcdefgh" + "y" * 60,
        "窗外的雨下了整整一个晚上呢",
        "9f3k2v8q1z7w",
    ],
)
def test_what_is_long_and_unknown_will_do_whatever_signs_it_has(password: str) -> None:
    assert passwords.faults(password, number="CS2024001", near=WORDS) == []


@pytest.mark.parametrize(
    "password",
    [
        "elevensigns",
        "z1" * 3 + "q" * 123,
        "",
        "passwordpassword",
        "password12345",
        "!!!sunshine2024",
        "123456789012",
        "zyxwvutsrqponm",
        "qwertyuiopasdf",
        "aaaaaaaaaaaabb",
        "11111111111111",
        "river cs2024001 stone",
        "river-ANJIA-stone-9",
        "我叫李梦今年二十岁了你好呀",
        "huiyin river stone",
    ],
)
def test_what_is_short_known_or_near_is_refused(password: str) -> None:
    assert passwords.faults(password, number="CS2024001", near=WORDS)


def test_each_of_the_three_thousand_best_known_that_is_long_enough_is_refused() -> None:
    known = [word for word in passwords._common() if len(word) >= passwords.MODERN_AT_LEAST]
    assert len(passwords._common()) > 3000 and known
    assert all(passwords.faults(word, number="CS1") for word in known)


def test_a_first_password_fits_this_profile_too() -> None:
    assert not any(passwords.faults(passwords.first(), number="CS1") for _ in range(50))


@pytest.mark.django_db
@pytest.mark.usefixtures("monday")
def test_the_page_says_what_is_asked_and_knows_the_persons_name() -> None:
    client = Client()
    given.an_agent("alice", password=given.PASSWORD)
    client.post("/sign-in", {"number": "alice", "password": given.PASSWORD})
    client.post("/language", {"language": "en"})
    assert "At least 12 characters" in client.get("/password").content.decode()
    for new, expected in (("alice 同事 in the rain", 422), ("lamplightriverstone", 302)):
        typed = {"current": given.PASSWORD, "new": new, "again": new}
        assert client.post("/password", typed).status_code == expected


def test_an_age_and_an_unknown_profile_are_refused_at_start(tmp_path: object) -> None:
    place = {"HUIYIN_DATA_DIR": str(tmp_path), "HUIYIN_PASSWORD_PROFILE": "modern"}
    assert config.read(place).password_profile == "modern"
    for wrong in ({"HUIYIN_PASSWORD_DAYS": "90"}, {"HUIYIN_PASSWORD_PROFILE": "strong"}):
        with pytest.raises(config.SettingsError, match=next(iter(wrong))):
            config.read({**place, **wrong})
