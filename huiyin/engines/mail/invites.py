"""A calendar part in a few lines, for mail that holds nothing else to read."""

import re

_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r"(?im)^(SUMMARY|DTSTART|DTEND|LOCATION|DESCRIPTION)(?:;[^:\r\n]{0,200})?:([^\r\n]*)")
_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})\d{0,2}(Z?))?")
_ESCAPED = re.compile(r"\\([nN,;\\])")
_READ = 100_000


def summary(calendar: str) -> str:
    """Return what, when and where of the first event, one a line; empty when nothing is stated."""
    text = _FOLD.sub("", calendar[:_READ])
    event = text[max(0, text.upper().find("BEGIN:VEVENT")) :]
    found: dict[str, str] = {}
    for key, value in _LINE.findall(event):
        found.setdefault(key.upper(), _ESCAPED.sub(lambda m: "\n" if m[1] in "nN" else m[1], value).strip())
    times = " – ".join(_when(found[key]) for key in ("DTSTART", "DTEND") if found.get(key))
    lines = (found.get("SUMMARY"), times, found.get("LOCATION"), found.get("DESCRIPTION"))
    return "\n".join(line for line in lines if line)


def _when(stamp: str) -> str:
    match = _STAMP.match(stamp)
    if not match:
        return stamp
    day = f"{match[1]}-{match[2]}-{match[3]}"
    return f"{day} {match[4]}:{match[5]}{' UTC' if match[6] else ''}" if match[4] else day
