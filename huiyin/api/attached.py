"""Files in the body of a call."""

import base64
from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from huiyin.base import files
from huiyin.base.models import Blob
from huiyin.base.problem import Problem


class FileIn(BaseModel):
    """`data` is base64."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field("", max_length=500)
    content_type: str = Field("application/octet-stream", max_length=200)
    data: str


def stored(given: Sequence[FileIn], *, at: datetime) -> Sequence[Blob]:
    """Store the files and return what has no row yet. Raises Problem: 422 no base64 or refused, 413 too large."""
    return [_stored(one, n, at) for n, one in enumerate(given)]


def _stored(given: FileIn, index: int, at: datetime) -> Blob:
    try:
        payload = base64.b64decode(given.data, validate=True)
    except ValueError:
        fields = {f"files.{index}.data": "not base64"}
        raise Problem(422, "invalid", "A file is not in base64; nothing was kept.", fields=fields) from None
    try:
        return files.store(payload, name=given.name, content_type=given.content_type, subject="", at=at)
    except files.FileRefused as error:
        if error.code == "too_large":
            raise Problem(413, "file_too_large", f"{error} Nothing was kept.") from None
        fields = {f"files.{index}": error.code}
        raise Problem(422, "file_refused", f"{error} Nothing was written.", fields=fields) from None
