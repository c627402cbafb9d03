"""Files that come with a form of the desk."""

from collections.abc import Sequence
from datetime import datetime

from django.http import HttpRequest

from huiyin.base import files
from huiyin.base.models import Blob
from huiyin.cases.typed import Invalid

AT_ONCE = 10


def sent_with(request: HttpRequest, *, at: datetime) -> Sequence[Blob]:
    """Store the files of the form and return what has no row yet. Raises Invalid (`files`: too_many_or_large)."""
    sent = request.FILES.getlist("files")
    if len(sent) > AT_ONCE or any((one.size or 0) > files.LIMIT_BYTES for one in sent):
        raise Invalid(files="too_many_or_large")
    return [
        files.store(
            one.read(),
            name=one.name or "",
            content_type=one.content_type or "application/octet-stream",
            subject="",
            at=at,
        )
        for one in sent
    ]
