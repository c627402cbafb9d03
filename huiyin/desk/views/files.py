"""GET /desk/files/{id}: a file of a case, for who may see the case; never run by the browser."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET

from huiyin.base import files
from huiyin.base.models import Blob
from huiyin.desk.access import case_of, signed_in


@require_GET
@signed_in("case.read")
def download(request: HttpRequest, uuid: UUID) -> HttpResponse:
    blob = files.find(uuid)
    if blob is None or not blob.subject.startswith("case:"):
        raise Http404
    case_of(request, blob.subject.removeprefix("case:"))
    return _answer(blob)  # type: ignore[return-value]


def _answer(blob: Blob) -> HttpResponseBase:
    path = files.path_of(blob.uuid)
    if not path.is_file():
        raise Http404
    with path.open("rb") as file:
        picture = files.shown_as(file.read(16), blob.content_type)
    response = FileResponse(path.open("rb"), as_attachment=picture is None, filename=blob.name)
    response["Content-Type"] = picture or "application/octet-stream"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
