"""The files of a case by API: as they were sent, or as a picture drawn anew."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router

from huiyin.api.auth import Bearer
from huiyin.api.seen import case_of
from huiyin.base import files, serve
from huiyin.base.models import Blob

router = Router(auth=Bearer("cases:read"), tags=["cases"])


@router.get("/{number}/files/{file}", summary="A file of the case, as it was sent")
def download(request: HttpRequest, number: str, file: UUID) -> Any:
    return serve.as_download(_of(request, number, file))


@router.get(
    "/{number}/files/{file}/picture", summary="A picture of the case, drawn anew as WebP; `?small` for a list"
)
def picture(request: HttpRequest, number: str, file: UUID, small: bool = False) -> Any:
    return serve.as_picture(_of(request, number, file), small=small)


def _of(request: HttpRequest, number: str, file: UUID) -> Blob:
    case, blob = case_of(request, number), files.find(file)
    if blob is None or blob.subject != f"case:{case.number}":
        raise Http404
    return blob
