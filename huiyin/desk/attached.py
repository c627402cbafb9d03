"""Files that come with a form of the desk."""

from collections.abc import Sequence
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from huiyin.base import files
from huiyin.base.models import Blob
from huiyin.cases.typed import Invalid

AT_ONCE = 10


class NotTaken(Invalid):
    """A file may not come in, so nothing was sent; `words` tell which, why, and what was kept."""

    def __init__(self, refused: files.FileRefused) -> None:
        super().__init__(files=refused.code)
        self.words = f"{refused} {_('Nothing was sent; what you wrote is still here.')}"


def sent_with(request: HttpRequest, *, at: datetime) -> Sequence[Blob]:
    """Store the files of the form and return what has no row yet.

    Raises Invalid (`files`: too_many_or_large) and NotTaken; then none of them was kept.
    """
    sent = request.FILES.getlist("files")
    if len(sent) > AT_ONCE or any((one.size or 0) > files.LIMIT_BYTES for one in sent):
        raise Invalid(files="too_many_or_large")
    try:
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
    except files.FileRefused as refused:
        raise NotTaken(refused) from None
