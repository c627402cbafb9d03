"""GET /desk/files/{id}: a file of a case, for who may see the case; never run by the browser."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from huiyin.base import files, serve
from huiyin.base.models import Blob
from huiyin.desk.access import case_of, signed_in


@require_GET
@signed_in("case.read")
def download(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return serve.as_download(_seen(request, uuid))  # type: ignore[return-value]


@require_GET
@signed_in("case.read")
def picture(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return serve.as_picture(_seen(request, uuid), small="small" in request.GET)


def _seen(request: HttpRequest, uuid: UUID) -> Blob:
    blob = files.find(uuid)
    if blob is None or not blob.subject.startswith("case:"):
        raise Http404
    case_of(request, blob.subject.removeprefix("case:"))
    return blob
