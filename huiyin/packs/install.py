"""Applying a pack: one transaction, one audit row, local edits kept."""

import hashlib
from datetime import datetime
from pathlib import Path

from django.conf import settings

from huiyin.base import audit, tx
from huiyin.base.actor import Actor
from huiyin.base.configured import Merged
from huiyin.channels import config as channels
from huiyin.packs.models import Installed
from huiyin.packs.pack import Pack, read
from huiyin.rules import config as rules
from huiyin.staff import config as staff

SHIPPED = Path(__file__).resolve().parents[2] / "packs"


def install(folder: Path, *, by: Actor, at: datetime) -> list[Merged]:
    """Read, check and apply the pack in `folder`; a second call changes nothing. Raises PackRefused.

    A folder that has not changed since it was applied is passed over without reading it.
    """
    digest = digest_of(folder)
    if Installed.objects.filter(digest=digest).exists():
        return []
    pack = read(folder)
    with tx.write():
        merged = _apply(pack, at=at)
        told = {"version": pack.version, "digest": digest, "at": at}
        Installed.objects.update_or_create(code=pack.code, defaults=told)
        if any(merged):
            fields = sorted(
                {code for part in merged for code in (*part.created, *part.changed, *part.retired)}
            )
            audit.write(
                "pack.installed", f"pack:{pack.code}:{pack.version}", by=by, at=at, fields=fields[:200]
            )
    return merged


def digest_of(folder: Path) -> str:
    """Return a digest of the pack's files, names and contents."""
    whole = hashlib.sha256()
    for path in sorted(folder.glob("*.yaml")):
        whole.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


def _apply(pack: Pack, *, at: datetime) -> list[Merged]:
    config = settings.HUIYIN
    return [
        staff.apply(pack.staff, origin=pack.code, at=at, zone=config.time_zone, language=config.language),
        channels.apply(pack.channels, origin=pack.code, at=at),
        *rules.apply(pack.rules, origin=pack.code, at=at),
    ]
