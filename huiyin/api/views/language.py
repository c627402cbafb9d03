"""POST /language/check: what a reply should not say, or lacks."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from huiyin.api.auth import Bearer, viewer_of
from huiyin.cases import speech
from huiyin.cases.models import Case
from huiyin.rules import tryout

router = Router(auth=Bearer("cases:read"), tags=["language"])


@router.post("/check", response=list[dict], summary="Check a reply before it is sent")  # type: ignore[type-arg]
def check(request: HttpRequest, body: tryout.LanguageQuestion) -> list[dict[str, Any]]:
    if not body.case:
        return tryout.language_check(body)
    case = (
        Case.objects.visible_to(viewer_of(request))
        .select_related("customer")
        .filter(number=body.case)
        .first()
    )
    if case is None:
        raise Http404
    return tryout.language_check(body, context=speech.context(case, body.text))
