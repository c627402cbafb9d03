"""The typed reader of settings: environment first, then `huiyin.toml`, then the default; it fails loudly."""

import contextlib
import os
import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult

from huiyin.base import settled
from huiyin.base.settled import CHECKOUT, CLASSIC, MODERN, OFF, OPEN, STAFF, Network, SettingsError

__all__ = ["MODERN", "OFF", "OPEN", "SETTINGS", "STAFF", "Config", "SettingsError", "read", "table"]
AGEING_PROFILES = (CLASSIC,)


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the settings table: how it is read, and what an operator should know."""

    name: str
    read: Callable[[str], Any]
    default: str
    about: str


SETTINGS = (
    Setting(
        "HUIYIN_DATA_DIR", settled.folder, "var", "Folder for all that is stored; relative to the checkout."
    ),
    Setting(
        "HUIYIN_DATABASE_URL", settled.database, "", "Unset: SQLite in the data folder. Else postgresql://…"
    ),
    Setting(
        "HUIYIN_PUBLIC_URL",
        settled.text,
        "",
        "Address that customers see; unset: http:// and the listen address.",
    ),
    Setting("HUIYIN_SECRET_KEY", settled.text, "", "Unset: made once and kept in the data folder."),
    Setting(
        "HUIYIN_ALLOWED_HOSTS",
        settled.hosts,
        "",
        "Host names served; unset: that of the public address and loopback.",
    ),
    Setting(
        "HUIYIN_TIME_ZONE",
        settled.zone,
        "Asia/Shanghai",
        "Zone of the first site; later it is set in the pages.",
    ),
    Setting("HUIYIN_LANGUAGE", settled.language, "zh-hans", "Language of the first site: zh-hans or en."),
    Setting("HUIYIN_LISTEN", settled.address, "127.0.0.1:8000", "Address and port of the web processes."),
    Setting(
        "HUIYIN_TRUSTED_PROXIES", settled.networks, "", "Networks whose forwarding headers are believed."
    ),
    Setting("HUIYIN_OUTBOUND_ALLOW", settled.networks, "", "Private networks that outgoing calls may reach."),
    Setting(
        "HUIYIN_AUDIT_DAYS", settled.audit_days, "184", "Days for which the audit trail is kept; 184 or more."
    ),
    Setting(
        "HUIYIN_PASSWORD_PROFILE",
        settled.profile,
        "classic",
        "classic: 8 characters of three kinds. modern: 12 characters, no common or near words, no age.",
    ),
    Setting(
        "HUIYIN_PASSWORD_DAYS",
        settled.whole_or_off,
        "0",
        "Days for which a password is good; 0: without end.",
    ),
    Setting(
        "HUIYIN_PASSWORD_HISTORY",
        settled.remembered,
        "0",
        "How many of one's last passwords may not come back, 24 at most; 0: none.",
    ),
    Setting(
        "HUIYIN_FIRST_PASSWORD_HOURS",
        settled.whole,
        "72",
        "Hours for which the one-time password of somebody new is good; one given anew is for 30 minutes.",
    ),
    Setting("HUIYIN_IDLE_MINUTES", settled.whole, "30", "Minutes without work after which a session ends."),
    Setting("HUIYIN_SESSION_HOURS", settled.whole, "12", "Hours after which a session ends however busy."),
    Setting(
        "HUIYIN_API_DOCS",
        settled.api_docs,
        "open",
        "Who reads the API's document and its page. open: everybody. staff: who is known. off: nobody.",
    ),
    Setting(
        "HUIYIN_FILE_TYPES",
        settled.file_types,
        "",
        "Endings of files that may come in, such as png,pdf,docx; unset: a usual list; *: any.",
    ),
    Setting(
        "HUIYIN_SCANNER",
        settled.scanner,
        "",
        "A clamd that looks at each file: tcp://127.0.0.1:3310 or unix:///run/clamav/clamd.ctl; unset: none.",
    ),
    Setting("HUIYIN_WEB_PROCESSES", settled.whole, "1", "Web processes under one supervisor."),
    Setting("HUIYIN_THREADS", settled.whole, "8", "Threads of each web process."),
)
# Samples of this and other products, whatever is put before or after them; a drawn key holds none of these.
_SAMPLE_KEYS = ("change-me", "changeme", "change_me", "insecure", "your-secret", "example")
_DIFFERENT_SIGNS = 5


@dataclass(frozen=True, slots=True)
class Config:
    """All settings, typed; `raw` keeps what was written, for `doctor`."""

    data_dir: Path
    database_url: str
    public_url: str
    secret_key: str
    allowed_hosts: tuple[str, ...]
    time_zone: str
    language: str
    listen: tuple[str, int]
    trusted_proxies: tuple[Network, ...]
    outbound_allow: tuple[Network, ...]
    audit_days: int
    password_profile: str
    password_days: int
    password_history: int
    first_password_hours: int
    idle_minutes: int
    session_hours: int
    api_docs: str
    file_types: tuple[str, ...]
    scanner: SplitResult | None
    web_processes: int
    threads: int


def read(environ: Mapping[str, str], *, folder: Path | None = None) -> Config:
    """Read every setting; raise SettingsError with the name, the cause and the remedy.

    Creates the data folder and, when no key is set, the secret key in it: a second call reads the same key.
    """
    written = _from_file((folder or CHECKOUT) / "huiyin.toml")
    if environ.get("HUIYIN_DEBUG"):
        raise SettingsError("HUIYIN_DEBUG is no setting: there is no mode for debugging; leave it out")
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        raw = environ.get(setting.name, written.get(setting.name, setting.default))
        try:
            values[setting.name.removeprefix("HUIYIN_").lower()] = setting.read(raw)
        except SettingsError as error:
            raise SettingsError(f"{setting.name} {error}") from None
    if values["password_days"] and values["password_profile"] not in AGEING_PROFILES:
        raise SettingsError("HUIYIN_PASSWORD_DAYS belongs to the profile classic; leave it out with modern")
    values["secret_key"] = _secret_key(values["secret_key"], values["data_dir"])
    host, port = values["listen"]
    values["public_url"] = (values["public_url"] or f"http://{host}:{port}").rstrip("/")
    public_host = settled.split(values["public_url"]).hostname
    if settled.split(values["public_url"]).scheme not in ("http", "https") or not public_host:
        raise SettingsError(
            "HUIYIN_PUBLIC_URL is not an address; write for example https://service.example.com"
        )
    values["allowed_hosts"] = values["allowed_hosts"] or (public_host, "127.0.0.1", "localhost", "[::1]")
    return Config(**values)


def _from_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        rows = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path.name} cannot be read: {error}") from None
    known = {setting.name for setting in SETTINGS}
    for name in rows:
        if name not in known:
            raise SettingsError(
                f"{path.name} names {name}, which is no setting; see docs/administrators/settings.md"
            )
    return {
        name: ",".join(map(str, row)) if isinstance(row, list) else str(row) for name, row in rows.items()
    }


def _secret_key(given: str, data_dir: Path) -> str:
    if given:
        if len(given) < 32 or _is_sample(given):
            raise SettingsError(
                "HUIYIN_SECRET_KEY is too short or a sample; leave it out and one is made for you"
            )
        return given
    path = data_dir / "secret.key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _write_key(path)
        key = path.read_text().strip()
    except OSError as error:
        raise SettingsError(
            f"HUIYIN_DATA_DIR {data_dir} cannot be used: {error.strerror}; choose a folder you own"
        ) from None
    if len(key) < 32:
        raise SettingsError(
            f"{path} holds no whole key; put it back from a backup, or remove it and one is made"
        )
    return key


def _is_sample(key: str) -> bool:
    return len(set(key)) < _DIFFERENT_SIGNS or any(sample in key.lower() for sample in _SAMPLE_KEYS)


def _write_key(path: Path) -> None:
    """Write a key whole, then give it its name: of processes that start at once one wins and all read the same."""
    draft = path.with_name(f"secret.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def table() -> str:
    """Return the settings as a Markdown table, for the documentation."""
    rows = [f"| `{s.name}` | {f'`{s.default}`' if s.default else 'unset'} | {s.about} |" for s in SETTINGS]
    return "\n".join(["| setting | default | what it does |", "|---|---|---|", *rows])
