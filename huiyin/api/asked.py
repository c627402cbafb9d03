"""What was asked for: a name that no operation knows is refused, never passed over in silence."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest
from pydantic import BaseModel

from huiyin.base.problem import Problem


def only_known(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse a query that holds other names than the operation's own: a misspelt filter would show everything."""

    @wraps(operation)
    def checked(request: HttpRequest, *args: Any, **given: Any) -> Any:
        if request.GET and (unknown := set(request.GET) - _known(request, given)):
            fields = dict.fromkeys(sorted(unknown), "unknown")
            raise Problem(422, "invalid", "Some fields are not known here; nothing was done.", fields=fields)
        return operation(request, *args, **given)

    return checked


def _known(request: HttpRequest, given: Mapping[str, Any]) -> set[str]:
    # What stands in the path is not asked for in the query, and a shape is known by its fields only.
    in_path = request.resolver_match.kwargs if request.resolver_match else {}
    asked = ((key, value) for key, value in given.items() if key not in in_path)
    return {name for key, value in asked for name in _names(key, value)}


def _names(key: str, value: Any) -> set[str]:
    if not isinstance(value, BaseModel):
        return {key}
    return {field.alias or name for name, field in value.__class__.model_fields.items()}
