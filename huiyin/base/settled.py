"""How the text of one setting becomes a value; what cannot be used is told with what to write instead."""

import ipaddress
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

CHECKOUT = Path(__file__).resolve().parents[2]
AUDIT_DAYS = 184
PASSWORDS_REMEMBERED = 24
PROFILES = CLASSIC, MODERN = "classic", "modern"
WHO_READS = OPEN, STAFF, OFF = "open", "staff", "off"
ANY_TYPE = "*"
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class SettingsError(Exception):
    """A setting cannot be used; the text says which, why, and what to write instead."""


def text(raw: str) -> str:
    return raw.strip()


def folder(raw: str) -> Path:
    return CHECKOUT / raw


def whole(raw: str) -> int:
    try:
        number = int(raw)
    except ValueError:
        raise SettingsError(f"is {raw!r}, not a whole number; write for example 4") from None
    if number < 1:
        raise SettingsError(f"is {number}; write 1 or more")
    return number


def whole_or_off(raw: str) -> int:
    return 0 if raw.strip() == "0" else whole(raw)


def remembered(raw: str) -> int:
    if (number := whole_or_off(raw)) > PASSWORDS_REMEMBERED:
        raise SettingsError(f"is {number}; write {PASSWORDS_REMEMBERED} or less, as each costs a hash")
    return number


def audit_days(raw: str) -> int:
    if (days := whole(raw)) < AUDIT_DAYS:
        raise SettingsError(f"is {days}; the audit trail is kept {AUDIT_DAYS} days at least")
    return days


def profile(raw: str) -> str:
    if raw not in PROFILES:
        raise SettingsError(f"is {raw!r}; write classic or modern")
    return raw


def api_docs(raw: str) -> str:
    if raw not in WHO_READS:
        raise SettingsError(f"is {raw!r}; write open, staff or off")
    return raw


def file_types(raw: str) -> tuple[str, ...]:
    endings = tuple(word.lower().removeprefix(".") for word in words(raw))
    if raw.strip() and not endings:
        raise SettingsError("holds no ending; write for example png,jpg,pdf or leave it out")
    if wrong := [one for one in endings if not (one.isalnum() or one == ANY_TYPE)]:
        raise SettingsError(f"holds {wrong[0]!r}, which is no ending; write for example png,jpg,pdf")
    return endings


def scanner(raw: str) -> SplitResult | None:
    if not raw.strip():
        return None
    parts = split(raw.strip())
    try:
        is_tcp = parts.scheme == "tcp" and bool(parts.hostname) and bool(parts.port)
    except ValueError:
        is_tcp = False
    if not is_tcp and not (parts.scheme == "unix" and parts.path.startswith("/") and not parts.netloc):
        raise SettingsError(f"is {raw!r}; write tcp://127.0.0.1:3310 or unix:///run/clamav/clamd.ctl")
    return parts


def words(raw: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in raw.split(",") if word.strip())


def hosts(raw: str) -> tuple[str, ...]:
    hosts = words(raw)
    if raw.strip() and not hosts:
        raise SettingsError("holds no name; write for example service.example.com or leave it out")
    if "*" in hosts:
        raise SettingsError("takes every name for ours; write for example service.example.com,127.0.0.1")
    return hosts


def networks(raw: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(word) for word in words(raw))
    except ValueError as error:
        raise SettingsError(f"{error}; write networks such as 10.0.0.0/8, 192.0.2.7/32") from None


def zone(raw: str) -> str:
    try:
        ZoneInfo(raw)
    except (ZoneInfoNotFoundError, ValueError):
        raise SettingsError(f"is {raw!r}, not a time zone; write for example Asia/Shanghai") from None
    return raw


def language(raw: str) -> str:
    if raw not in ("zh-hans", "en"):
        raise SettingsError(f"is {raw!r}; write zh-hans or en")
    return raw


def address(raw: str) -> tuple[str, int]:
    host, _, port = raw.rpartition(":")
    if not host or not port.isdigit() or not 0 <= int(port) < 65536:
        raise SettingsError(f"is {raw!r}; write address:port, for example 127.0.0.1:8000")
    return host.strip("[]"), int(port)


def split(raw: str) -> SplitResult:
    try:
        return urlsplit(raw)
    except ValueError:
        return SplitResult("", "", "", "", "")


def database(raw: str) -> str:
    if raw and split(raw).scheme not in ("sqlite", "postgresql", "postgres"):
        raise SettingsError(
            "is not a database address; write postgresql://user:password@host/name or leave it out"
        )
    return raw
