"""Configuration rows: where they came from, what was last applied, and a merge that keeps local edits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import F

from huiyin.base import tx
from huiyin.base.models import ConfigVersion

LOCAL = "local"
_RETIRED = "retired by its pack"


class Configured(models.Model):
    """A row known by its code. `applied` is the content that a pack last gave it; a retired row is kept."""

    code = models.CharField(max_length=60, unique=True)
    origin = models.CharField(max_length=40, default=LOCAL)
    applied = models.JSONField(default=dict)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.code


@dataclass(slots=True)
class Merged:
    """What a merge did; `kept` names local edits (`code.field`) that differ from the pack and stay."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.created or self.changed or self.retired)


def merge(
    model: type[Configured], rows: Mapping[str, Mapping[str, Any]], *, origin: str, at: datetime
) -> Merged:
    """Bring the pack's rows into the table field by field: a field edited here since the last time stays.

    Rows of this origin that the pack no longer names are retired, never deleted. A second call changes nothing.
    """
    done = Merged()
    with tx.write():
        known: dict[str, Any] = {row.code: row for row in model._default_manager.all()}
        for code, content in rows.items():
            row = known.get(code)
            if row is None:
                model._default_manager.create(code=code, origin=origin, applied=dict(content), **content)
                done.created.append(code)
            elif _merge_row(row, content, done) or _RETIRED in row.applied:
                # Only what a pack retired comes back with it: what was retired here is a local edit.
                row.retired_at = None if _RETIRED in row.applied else row.retired_at
                row.applied, row.origin = dict(content), origin
                row.save()
                done.changed.append(code)
        for code, row in known.items():
            if row.origin == origin and code not in rows and row.retired_at is None:
                row.retired_at, row.applied = at, {**row.applied, _RETIRED: True}
                row.save(update_fields=["retired_at", "applied"])
                done.retired.append(code)
        if done:
            bump()
    return done


def _merge_row(row: Any, content: Mapping[str, Any], done: Merged) -> bool:
    changed = bool(row.applied != content)
    for name, written in content.items():
        field = row._meta.get_field(name)
        current, wanted = getattr(row, name), field.to_python(written)  # JSON writes a sum of money as text
        if current == wanted:
            continue
        applied = row.applied.get(name, current if row.origin != LOCAL else _RETIRED)
        if applied is _RETIRED or current != field.to_python(applied):
            done.kept.append(f"{row.code}.{name}")
            continue
        setattr(row, name, wanted)
        changed = True
    return changed


def bump() -> None:
    """Raise the configuration version: every process compiles its rules anew at the next use."""
    with tx.write():
        if not ConfigVersion.objects.filter(pk=1).update(version=F("version") + 1):
            ConfigVersion.objects.create(pk=1, version=1)


def version() -> int:
    """Return the configuration version; 0 before anything was configured."""
    with connection.cursor() as cursor:
        # Asked several times in each request: the ORM would spend ten times as long on the words of it.
        cursor.execute("SELECT version FROM base_configversion WHERE id = 1")
        found = cursor.fetchone()
    return found[0] if found else 0
