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
        if request.GET and (unknown := set(request.GET) - _known(given)):
            fields = dict.fromkeys(sorted(unknown), "unknown")
            raise Problem(422, "invalid", "Some fields are not known here; nothing was done.", fields=fields)
        return operation(request, *args, **given)

    return checked


def _known(given: Mapping[str, Any]) -> set[str]:
    return {name for key, value in given.items() for name in (key, *_names(value))}


def _names(value: Any) -> set[str]:
    fields = value.__class__.model_fields if isinstance(value, BaseModel) else {}
    return {*fields, *(field.alias for field in fields.values() if field.alias)}
