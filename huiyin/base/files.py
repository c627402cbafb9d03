"""Stored files: written whole or not at all, named by chance, given back only through a check of rights."""

import contextlib
import hashlib
import os
import unicodedata
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from huiyin.base import ids
from huiyin.base.models import Blob

LIMIT_BYTES = 20 * 1024 * 1024
ITEMS_LIMIT = 20


class FileRefused(Exception):
    """The file is too large; nothing was kept."""


def store(payload: bytes, *, name: str, content_type: str, subject: str, at: datetime) -> Blob:
    """Write the bytes durably, then return the unsaved row: a row never points to a file that is not there.

    A crash in between leaves a file without a row, which `sweep` removes after a day.
    """
    check_size(name, payload)
    uuid = ids.uuid7()
    path = path_of(uuid)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    with draft.open("wb") as file:
        file.write(payload)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    sha256 = hashlib.sha256(payload).hexdigest()
    return Blob(
        uuid=uuid,
        name=clean_name(name),
        content_type=content_type[:120],
        size_bytes=len(payload),
        sha256=sha256,
        subject=subject,
        stored_at=at,
    )


def check_size(name: str, payload: bytes) -> None:
    """Raise FileRefused when the file is too large to keep."""
    if len(payload) > LIMIT_BYTES:
        raise FileRefused(f"{name[:80]} is larger than {LIMIT_BYTES // 1024 // 1024} MB")


def find(uuid: UUID) -> Blob | None:
    """Return the row of a stored file; whoever asks still has to check the right to its `subject`."""
    return Blob.objects.filter(uuid=uuid).first()


def path_of(uuid: UUID) -> Path:
    """Return where the bytes lie: outside every folder that is served."""
    return Path(settings.HUIYIN.data_dir) / "files" / uuid.hex[-2:] / uuid.hex


def clean_name(name: str) -> str:
    """Return the name as data for showing: no path, no control or invisible characters, at most 200 long."""
    kept = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] != "C")
    return kept.replace("/", "_").replace("\\", "_").strip(" .")[:200] or "file"


def sweep(at: datetime) -> int:
    """Remove files older than a day that no row names; return how many."""
    gone = 0
    root = Path(settings.HUIYIN.data_dir) / "files"
    before = (at - timedelta(days=1)).timestamp()
    for path in root.glob("*/*"):
        if path.stat().st_mtime < before and (path.suffix == ".part" or is_orphan(path)):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
            gone += 1
    return gone


def is_orphan(path: Path) -> bool:
    """Say whether this is a stored file that no row names; what somebody else put there is not ours to judge."""
    try:
        uuid = UUID(path.name)
    except ValueError:
        return False
    return not Blob.objects.filter(uuid=uuid).exists()
