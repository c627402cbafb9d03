"""GET /api/docs: the OpenAPI document as a page that people read; closed with it by a setting (see `api.document`)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from huiyin.api import answered, document, routes

BODIES = ("application/json", "application/problem+json")


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    if document.is_off():
        raise Http404
    if not document.is_open() and request.viewer is None:  # type: ignore[attr-defined]
        return redirect(f"/sign-in?{urlencode({'next': request.path})}")
    schema = routes.api.get_openapi_schema()
    if "json" in request.GET:  # where the document asks for a token, people get it here
        return HttpResponse(answered.Json().render(request, schema, response_status=200), "application/json")
    return render(request, "api/docs.html", {"groups": _groups(schema), "info": schema["info"]})


def _groups(schema: Any) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    shapes = schema["components"]["schemas"]
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            tag = (operation.get("tags") or ["other"])[0]
            groups.setdefault(tag, []).append(_operation(path, method, operation, shapes))
    return [{"name": name, "operations": found} for name, found in groups.items()]


def _operation(path: str, method: str, operation: Any, shapes: Any) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answers = [
        (status, _fields(_schema_of(response), shapes))
        for status, response in operation["responses"].items()
        if str(status).startswith("2")
    ]
    return {
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "parameters": [
            {"name": p["name"], "where": p["in"], "type": _type(p["schema"]), "required": p.get("required")}
            for p in operation.get("parameters", ())
        ],
        "body": _fields(body, shapes),
        "answers": answers,
    }


def _schema_of(response: Any) -> Any:
    return response.get("content", {}).get("application/json", {}).get("schema")


def _fields(schema: Any, shapes: Any) -> list[dict[str, Any]]:
    """Return the fields of an object, one level deep; a field that is an object itself names its type."""
    if schema and "$ref" in schema:
        schema = shapes[schema["$ref"].rpartition("/")[2]]
    required = set((schema or {}).get("required", ()))
    return [
        {"name": name, "type": _type(field), "required": name in required}
        for name, field in (schema or {}).get("properties", {}).items()
    ]


def _type(field: Any) -> str:
    """Return a type in words: `string`, `Case`, `[Promise]`, `string or null`, one of several values."""
    if "$ref" in field:
        return str(field["$ref"].rpartition("/")[2])
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(_type(one) for one in field["anyOf"]))
    if "enum" in field or "const" in field:
        return ", ".join(str(value) or "“”" for value in field.get("enum", [field.get("const")]))
    if field.get("type") == "array":
        return f"[{_type(field.get('items', {}))}]"
    return str({"date-time": "time", "uuid": "uuid"}.get(field.get("format", ""), field.get("type", "any")))
