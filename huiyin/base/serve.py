"""Answers that hold a stored file. Whoever asks has been checked against the file's subject before."""

from typing import TypeVar

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase

from huiyin.base import files, pictures
from huiyin.base.models import Blob

_HELD_S = 600
_Answer = TypeVar("_Answer", bound=HttpResponseBase)


def as_download(blob: Blob) -> HttpResponseBase:
    """Answer with the file as it was sent, to be saved and never run by the browser. Raises Http404."""
    path = files.path_of(blob.uuid)
    if not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), as_attachment=True, filename=blob.name)
    response["Content-Type"] = "application/octet-stream"
    return _closed(response)


def as_picture(blob: Blob, *, small: bool) -> HttpResponse:
    """Answer with the picture drawn anew. Raises Http404 for what is no picture."""
    side = pictures.SMALL if small else pictures.LARGE
    drawn = pictures.drawn(files.path_of(blob.uuid), side=side)
    if drawn is None:
        raise Http404
    response = _closed(HttpResponse(drawn, content_type=pictures.CONTENT_TYPE))
    # A page that refreshes itself shows it again and again; what is erased is gone soon.
    response["Cache-Control"] = f"private, max-age={_HELD_S}"
    return response


def _closed(response: _Answer) -> _Answer:
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
