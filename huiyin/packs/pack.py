"""A pack as a value: a folder of YAML files, read, checked and never executed."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from huiyin.base.texts import Text
from huiyin.channels import config as channel_config
from huiyin.engines.keywords import PhraseError
from huiyin.engines.language import LanguageError
from huiyin.rules import config as rule_config
from huiyin.staff import config as staff_config

HOLIDAYS, LANGUAGE, PROCEDURES = "holidays-cn.yaml", "language.yaml", "procedures.yaml"


class PackRefused(Exception):
    """The pack cannot be used; each line names the place and what is wrong with it."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


class Pack(BaseModel):
    """All sections of a pack; each package describes its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str
    version: int
    name: Text
    staff: staff_config.Section = staff_config.Section()
    channels: channel_config.Section = channel_config.Section()
    rules: rule_config.Section = rule_config.Section()


def read(folder: Path) -> Pack:
    """Read `pack.yaml` and what stands beside it in files of its own; raises PackRefused with every fault."""
    if not (folder / "pack.yaml").is_file():
        raise PackRefused([f"{folder} holds no pack.yaml"])
    whole = _yaml(folder / "pack.yaml")
    if (folder / HOLIDAYS).is_file():
        whole.setdefault("rules", {})["holidays"] = _holidays(_yaml(folder / HOLIDAYS))
    if (folder / LANGUAGE).is_file():
        whole.setdefault("rules", {})["language"] = _yaml(folder / LANGUAGE)["rules"]
    if (folder / PROCEDURES).is_file():
        for part, rows in _yaml(folder / PROCEDURES).items():
            whole.setdefault("rules", {}).setdefault(part, {}).update(rows)
    try:
        pack = Pack.model_validate(whole)
    except ValidationError as error:
        raise PackRefused([f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]) from None
    try:
        lines = rule_config.samples_that_fail(pack.rules)
    except (PhraseError, LanguageError) as error:
        raise PackRefused([str(error)]) from None
    lines += rule_config.procedures_that_fail(pack.rules, roles=pack.staff.roles.keys())
    calendars = {"", "always", *pack.rules.calendars}
    lines += [
        f"staff.teams.{code}: no calendar {team.calendar}"
        for code, team in pack.staff.teams.items()
        if team.calendar not in calendars
    ]
    if lines:
        raise PackRefused(lines)
    return pack


def _yaml(path: Path) -> dict[str, Any]:
    try:
        found = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)  # safe, and ten times as fast
    except yaml.YAMLError as error:
        raise PackRefused([f"{path.name}: {' '.join(str(error).split())}"]) from None
    if not isinstance(found, dict):
        raise PackRefused([f"{path.name} holds no sections"])
    return found


def _holidays(table: dict[str, Any]) -> dict[str, Any]:
    years = {str(year): {"status": status, "days": []} for year, status in table["years"].items()}
    for day in table["days"]:
        years[str(day["date"])[:4]]["days"].append({**day, "date": str(day["date"])})
    return years
