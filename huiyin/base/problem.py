"""How the API refuses: problem+json (RFC 9457) with a stable code, what was wrong, and what was kept."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse


class Problem(Exception):
    """A refusal on its way to the caller. `fields` names each wrong field with what is wrong with it."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        fields: Mapping[str, str] | None = None,
        retry_after_s: int | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.body = {"type": "about:blank", "title": code.replace("_", " "), "status": status, "code": code}
        self.body |= {"detail": detail, **({"fields": dict(fields)} if fields else {}), **more}
        self.retry_after_s = retry_after_s

    def response(self) -> HttpResponse:
        response = HttpResponse(
            json.dumps(self.body, ensure_ascii=False, default=str),
            status=self.status,
            content_type="application/problem+json",
        )
        if self.retry_after_s is not None:
            response["Retry-After"] = str(self.retry_after_s)
        return response


def busy() -> Problem:
    """The store is busy: nothing was written, the same request may be sent again."""
    return Problem(
        503, "busy", "The store is busy; nothing was written. Send the same request again.", retry_after_s=2
    )


def unavailable() -> Problem:
    """The store fails: nothing was written."""
    detail = (
        "The store cannot be written; nothing was written. The operator finds the cause with: huiyin doctor"
    )
    return Problem(503, "unavailable", detail, retry_after_s=10)
