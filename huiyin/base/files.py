"""Stored files: written whole or not at all, named by chance, given back only through a check of rights."""

import contextlib
import hashlib
import os
import unicodedata
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from huiyin.base import ids, metrics, scanner, uploads
from huiyin.base.models import Blob
from huiyin.base.uploads import FileRefused

__all__ = ["FileRefused"]
LIMIT_BYTES = 20 * 1024 * 1024
ITEMS_LIMIT = 20


def store(payload: bytes, *, name: str, content_type: str, subject: str, at: datetime) -> Blob:
    """Look at the file, then `keep` it. Raises FileRefused; then nothing was kept."""
    check_size(name, payload)
    look_at(name, payload)
    return keep(payload, name, content_type, subject=subject, at=at)


def look_at(name: str, payload: bytes) -> None:
    """Raise FileRefused for what may not come in: kind, content, what the scanner says. It may take seconds."""
    try:
        uploads.judge(name, payload)
        if found := scanner.found_in(payload):
            raise FileRefused("infected", name, found=found)
    except FileRefused as error:
        metrics.files_refused_total.labels(error.code).inc()
        raise
    except scanner.Away:
        metrics.files_refused_total.labels("scanner_away").inc()
        raise FileRefused("scanner_away", name) from None


def keep(payload: bytes, name: str, content_type: str, *, subject: str = "", at: datetime) -> Blob:
    """Write the bytes durably, then return the unsaved row: a row never points to a file that is not there.

    A crash in between leaves a file without a row, which `sweep` removes after a day.
    """
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
    return _row(uuid, payload, name, content_type, subject=subject, at=at)


def not_kept(payload: bytes, name: str, content_type: str, *, why: str, at: datetime) -> Blob:
    """Return the unsaved row that tells of a file which was refused; its bytes are written nowhere."""
    row = _row(ids.uuid7(), payload, name, content_type, subject="", at=at)
    row.refused = why
    return row


def check_size(name: str, payload: bytes) -> None:
    """Raise FileRefused when the file is too large to keep."""
    if len(payload) > LIMIT_BYTES:
        raise FileRefused("too_large", name, limit=LIMIT_BYTES // 1024 // 1024)


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


def _row(uuid: UUID, payload: bytes, name: str, content_type: str, *, subject: str, at: datetime) -> Blob:
    return Blob(
        uuid=uuid,
        name=clean_name(name),
        content_type=content_type[:120],
        size_bytes=len(payload),
        sha256=hashlib.sha256(payload).hexdigest(),
        subject=subject,
        stored_at=at,
    )
