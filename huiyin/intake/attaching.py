"""Files of messages: a file that may not come in is refused alone, and the words it came with are kept."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from huiyin.base import files
from huiyin.base.models import Blob
from huiyin.channels.inbound import Attachment, Inbound


def judged(item: Inbound) -> Inbound:
    """Return the message with each file looked at, by the scanner too: outside of any transaction."""
    if not item.attachments:
        return item
    return replace(item, attachments=tuple(_judged(one) for one in item.attachments))


def stored(item: Inbound, *, at: datetime) -> list[Blob]:
    """Write what may come in and return a row for each file, also for those that were refused.

    Raises FileRefused when a file is too large or there are too many: then the message is not taken in at all.
    """
    if len(item.attachments) > files.ITEMS_LIMIT:
        raise files.FileRefused("too_many", limit=files.ITEMS_LIMIT)
    for one in item.attachments:
        files.check_size(one.name, one.payload)
    return [_stored(_judged(one), at) for one in item.attachments]


def refused(blobs: Sequence[Blob]) -> tuple[tuple[str, str], ...]:
    """Return name and reason of each file that was not kept."""
    return tuple((blob.name, blob.refused) for blob in blobs if blob.refused)


def _judged(file: Attachment) -> Attachment:
    if file.refused is not None or len(file.payload) > files.LIMIT_BYTES:
        return file
    try:
        files.look_at(file.name, file.payload)
    except files.FileRefused as error:
        return replace(file, refused=error.code)
    return replace(file, refused="")


def _stored(file: Attachment, at: datetime) -> Blob:
    told = (file.payload, file.name, file.content_type)
    return files.not_kept(*told, why=file.refused, at=at) if file.refused else files.keep(*told, at=at)
