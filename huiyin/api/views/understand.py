"""POST /understand: what a message would be understood as; writes nothing."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from huiyin.api.auth import Bearer
from huiyin.base import clock
from huiyin.rules import tryout

router = Router(auth=Bearer("cases:read"), tags=["rules"])


@router.post("", response=dict, summary="Understand a message without keeping it")
def understand(request: HttpRequest, body: tryout.UnderstandQuestion) -> dict[str, Any]:
    return tryout.understood(body, at=clock.now())
