"""Settings: each one read, and each wrong one named with its cause and its remedy."""

import threading
from pathlib import Path

import pytest

from huiyin.base import config

KEY = "k3y-of-a-test-" * 3


def read(tmp_path: Path, toml: str = "", **environ: str) -> config.Config:
    if toml:
        (tmp_path / "huiyin.toml").write_text(toml, "utf-8")
    return config.read({"HUIYIN_DATA_DIR": str(tmp_path / "data"), **environ}, folder=tmp_path)


def test_an_empty_environment_serves_loopback_in_chinese(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert (found.public_url, found.listen) == ("http://127.0.0.1:8000", ("127.0.0.1", 8000))
    assert (found.time_zone, found.language) == ("Asia/Shanghai", "zh-hans")
    assert found.allowed_hosts == ("127.0.0.1", "127.0.0.1", "localhost", "[::1]")


def test_the_environment_stands_above_the_file_and_the_file_above_the_default(tmp_path: Path) -> None:
    toml = 'HUIYIN_LANGUAGE = "en"\nHUIYIN_THREADS = 3\nHUIYIN_TRUSTED_PROXIES = ["10.0.0.0/8", "192.0.2.7"]'
    found = read(tmp_path, toml, HUIYIN_THREADS="5")
    assert (found.language, found.threads, len(found.trusted_proxies)) == ("en", 5, 2)


WRONG = [
    ("HUIYIN_LISTEN", "8000"),
    ("HUIYIN_LISTEN", "127.0.0.1:99999"),
    ("HUIYIN_LISTEN", "127.0.0.1:x"),
    ("HUIYIN_PUBLIC_URL", "service.example.com"),
    ("HUIYIN_PUBLIC_URL", "ftp://service.example.com"),
    ("HUIYIN_PUBLIC_URL", "https://"),
    ("HUIYIN_PUBLIC_URL", "https://[::1"),
    ("HUIYIN_TIME_ZONE", "Mars/Olympus"),
    ("HUIYIN_TIME_ZONE", "../../etc/passwd"),
    ("HUIYIN_LANGUAGE", "fr"),
    ("HUIYIN_THREADS", "many"),
    ("HUIYIN_THREADS", "0"),
    ("HUIYIN_WEB_PROCESSES", "-1"),
    ("HUIYIN_TRUSTED_PROXIES", "10.0.0.0/99"),
    ("HUIYIN_OUTBOUND_ALLOW", "everywhere"),
    ("HUIYIN_DATABASE_URL", "mysql://db/huiyin"),
    ("HUIYIN_DATABASE_URL", "postgresql://[::1"),
    ("HUIYIN_SECRET_KEY", "short"),
    ("HUIYIN_SECRET_KEY", "changeme"),
    ("HUIYIN_SECRET_KEY", "k" * 64),
    ("HUIYIN_SECRET_KEY", "django-insecure-7h2m)p9x4q!c8v1z5b0n3k6w2r"),
    ("HUIYIN_SECRET_KEY", "Change-Me-to-fifty-random-characters-of-your-own"),
    ("HUIYIN_ALLOWED_HOSTS", ","),
    ("HUIYIN_ALLOWED_HOSTS", "service.example.com,*"),
    ("HUIYIN_DEBUG", "1"),
    ("HUIYIN_PASSWORD_DAYS", "-1"),
    ("HUIYIN_PASSWORD_HISTORY", "25"),
    ("HUIYIN_FIRST_PASSWORD_HOURS", "0"),
    ("HUIYIN_API_DOCS", "closed"),
    ("HUIYIN_FILE_TYPES", ","),
    ("HUIYIN_FILE_TYPES", "pdf,../x"),
    ("HUIYIN_SCANNER", "127.0.0.1:3310"),
    ("HUIYIN_SCANNER", "tcp://127.0.0.1"),
    ("HUIYIN_SCANNER", "tcp://127.0.0.1:x"),
    ("HUIYIN_SCANNER", "unix://clamd.ctl"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_is_named_with_what_to_write_instead(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(config.SettingsError) as refused:
        read(tmp_path, **{name: value})
    said = str(refused.value)
    assert said.startswith(name) and any(word in said for word in ("write", "leave it out")), said


def test_a_name_that_is_no_setting_is_refused(tmp_path: Path) -> None:
    with pytest.raises(config.SettingsError, match="HUIYIN_PROT"):
        read(tmp_path, "HUIYIN_PROT = 1")
    with pytest.raises(config.SettingsError, match="cannot be read"):
        read(tmp_path, "= nonsense")


def test_the_key_is_made_once_kept_private_and_read_again(tmp_path: Path) -> None:
    first = read(tmp_path).secret_key
    path = tmp_path / "data" / "secret.key"
    assert len(first) >= 48 and path.stat().st_mode & 0o777 == 0o600
    assert read(tmp_path).secret_key == first


def test_a_key_that_was_only_begun_is_never_used(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret.key").write_text("")
    with pytest.raises(config.SettingsError, match="no whole key"):
        read(tmp_path)


def test_of_processes_that_start_at_once_all_have_the_same_key(tmp_path: Path) -> None:
    keys: list[str] = []
    threads = [threading.Thread(target=lambda: keys.append(read(tmp_path).secret_key)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8 and len(set(keys)) == 1 and len(keys[0]) >= 48


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(config.SettingsError, match="HUIYIN_DATA_DIR"):
        read(tmp_path)


def test_the_table_for_the_documentation_names_every_setting() -> None:
    assert all(f"`{setting.name}`" in config.table() for setting in config.SETTINGS)
