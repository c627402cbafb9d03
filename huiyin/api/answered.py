"""How answers are written down: as JSON, just as the operation says them."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Status
from ninja.renderers import BaseRenderer


class Json(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> Any:
        return json.dumps(data, ensure_ascii=False, default=str)


_json = Json()
_TYPE = f"{_json.media_type}; charset={_json.charset}"


def at_once(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Write down what comes with its status, without looking through it: what `shapes` makes needs no check."""

    @wraps(operation)
    def answered(request: HttpRequest, *args: Any, **given: Any) -> Any:
        result = operation(request, *args, **given)
        if not isinstance(result, Status) or result.value is None:
            return result
        text = _json.render(request, result.value, response_status=result.status_code)
        return HttpResponse(text, status=result.status_code, content_type=_TYPE)

    return answered
