"""GET /c/{token}/files/{id}: a file of the conversation, for its customer."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET

from huiyin.base import serve
from huiyin.base.models import Blob
from huiyin.portal import story
from huiyin.portal.views.follow import case_of


@require_GET
def download(request: HttpRequest, token: str, uuid: UUID) -> HttpResponseBase:
    return serve.as_download(_theirs(token, uuid))


@require_GET
def picture(request: HttpRequest, token: str, uuid: UUID) -> HttpResponse:
    return serve.as_picture(_theirs(token, uuid), small="small" in request.GET)


def _theirs(token: str, uuid: UUID) -> Blob:
    blob = story.file_of(case_of(token), uuid)
    if blob is None:
        raise Http404
    return blob
