"""People from a CSV file: every line tried first, then all of them or none."""

import csv
import io
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password

from huiyin.base import audit, tx
from huiyin.base.actor import Actor
from huiyin.staff import one_time, passwords, people
from huiyin.staff.models import Role, Staff, Team
from huiyin.staff.refusal import Refusal

COLUMNS = ("number", "name", "role", "team", "language", "seniority")
NEEDED = COLUMNS[:3]
LANGUAGES = {"": "zh-hans", "zh": "zh-hans", "zh-hans": "zh-hans", "en": "en"}
LIMIT = 200  # each person costs a hash of a fifth of a second
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file as it was understood, and what is wrong with it; `line` counts as an editor does."""

    line: int
    number: str
    name: str
    role: str
    team: str
    language: str
    seniority: str
    faults: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody who was imported, with the one-time password that is shown this once, and until when it is good."""

    number: str
    name: str
    password: str
    until: datetime


def preview(raw: bytes) -> list[Line]:
    """Return every line with all its faults; writes nothing. Raises Refusal when the file as a whole cannot be read."""
    lines = _lines(text_of(raw))
    roles = set(Role.objects.filter(retired_at=None).values_list("code", flat=True))
    teams = set(Team.objects.filter(retired_at=None).values_list("code", flat=True))
    taken = {number.lower() for number in Staff.objects.values_list("number", flat=True)}
    tried = []
    for line in lines:
        faults = (*_faults(line, roles, teams), *_taken(line, taken))
        taken.add(line["number"].lower())
        words = {column: line[column] for column in COLUMNS}
        tried.append(Line(line=int(line["line"]), faults=faults, **words))
    return tried


def join_all(raw: bytes, *, by: Actor, at: datetime) -> list[Joined]:
    """Import everybody in the file, or nobody: raises Refusal when any line has a fault.

    A second call with the same file is refused, because the numbers are taken then.
    """
    lines = preview(raw)
    wrong = [line for line in lines if line.faults]
    if wrong:
        raise Refusal("import_faults", count=len(wrong))
    until = one_time.until_first(at)
    joined = [Joined(line.number, line.name, passwords.first(), until) for line in lines]
    with ThreadPoolExecutor(2) as pool:  # the hasher lets two run at a time
        encoded = list(pool.map(make_password, [one.password for one in joined]))
    with tx.write():
        for line, password in zip(lines, encoded, strict=True):
            staff = people.enrol(
                line.number,
                line.name,
                encoded=password,
                seniority=int(line.seniority or 1),
                language=LANGUAGES[line.language.lower()],
                at=at,
            )
            audit.write("staff.joined", f"staff:{line.number}", by=by, at=at, fields=["import"])
            people.grant(staff, role=line.role, team=line.team or None, by=by, at=at)
    return joined


def as_csv(rows: Iterable[Iterable[str]], head: Iterable[str]) -> bytes:
    """Return a CSV that a spreadsheet opens as text: UTF-8 with its mark, cells that look like formulas disarmed."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([disarmed(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def disarmed(cell: str) -> str:
    """Return the cell so that no spreadsheet reckons with it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def text_of(raw: bytes) -> str:
    """Return the file's text: UTF-8 with or without its mark, else GB18030. Raises Refusal."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal("file_unreadable")


def _lines(text: str) -> list[dict[str, str]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        head = [column.strip().lower() for column in next(reader, [])]
        if not set(NEEDED) <= set(head) or not set(head) <= set(COLUMNS) or len(set(head)) != len(head):
            raise Refusal("columns", columns=", ".join(COLUMNS))
        found = []
        for row in reader:
            if any(cell.strip() for cell in row):
                told = dict.fromkeys(COLUMNS, "") | dict(zip(head, map(str.strip, row), strict=False))
                found.append({**told, "line": str(reader.line_num)})
    except csv.Error:
        raise Refusal("file_unreadable") from None
    if not found:
        raise Refusal("file_empty")
    if len(found) > LIMIT:
        raise Refusal("file_too_long", limit=LIMIT)
    return found


def _faults(line: dict[str, str], roles: set[str], teams: set[str]) -> Iterable[Refusal]:
    if not people.NUMBER.fullmatch(line["number"]):
        yield Refusal("number_bad")
    if not line["name"] or len(line["name"]) > people.NAME_CHARS or not line["name"].isprintable():
        yield Refusal("name_missing")
    if line["role"] not in roles:
        yield Refusal("unknown", kind="role", what=line["role"])
    if line["team"] and line["team"] not in teams:
        yield Refusal("unknown", kind="team", what=line["team"])
    if line["language"].lower() not in LANGUAGES:
        yield Refusal("unknown", kind="language", what=line["language"])
    if line["seniority"] not in {"", *map(str, range(101))}:
        yield Refusal("seniority_bad")


def _taken(line: dict[str, str], taken: set[str]) -> Iterable[Refusal]:
    if line["number"] and line["number"].lower() in taken:
        yield Refusal("number_taken", number=line["number"])
