"""The API as a whole: where each noun is, and how every refusal looks."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import AuthenticationError, HttpError, ValidationError

from huiyin.api import answered, document, people_routes
from huiyin.api.asked import only_known
from huiyin.api.openapi import Api
from huiyin.api.views import (
    around,
    blocking,
    calendars,
    case_changes,
    case_moves,
    cases,
    channels,
    collaborations,
    compensation_register,
    compensations,
    contacts,
    customers,
    dedicated,
    details,
    drafts,
    escalations,
    exports,
    files,
    finishing,
    identity_checks,
    inbound,
    inbound_batch,
    inbound_signed,
    language,
    macros,
    organisations,
    plans,
    policies,
    promises,
    records,
    relations,
    search,
    staffing,
    taken_back,
    tasks,
    understand,
    unwanted,
    views,
    webhooks,
)
from huiyin.base import rates, tx
from huiyin.base.problem import Problem, busy, unavailable
from huiyin.base.web import too_many
from huiyin.cases.lifecycle import Invalid, MoveNotAllowed, OpenRequest, Stale
from huiyin.staff.refusal import Refusal

api = Api(
    title="Huiyin",
    version="1",
    description="Cases, entries and promises of a customer service. Times are RFC 3339 with offset.",
    docs_url=None,
    openapi_url="/openapi.json",
    docs_decorator=document.guarded,
    renderer=answered.Json(),
    urls_namespace="api-v1",
)
api.add_decorator(only_known)
api.add_decorator(answered.at_once)
api.add_router("/inbound", inbound.router)
api.add_router("/inbound/batch", inbound_batch.router)
api.add_router("/inbound/signed", inbound_signed.router)
api.add_router("/understand", understand.router)
api.add_router("/cases", case_changes.router)  # before what names one case: `bulk` is no number
api.add_router("/cases/records/approvals", exports.router)
api.add_router("/cases", records.of_many)  # before what a number in its place would match
api.add_router("/cases", cases.router)
api.add_router("/cases", records.of_case)
api.add_router("/cases", case_moves.router)
api.add_router("/cases", relations.router)
api.add_router("/cases", identity_checks.router)
api.add_router("/cases", unwanted.of_cases)
api.add_router("/cases", taken_back.router)
api.add_router("/cases", details.router)
api.add_router("/cases", contacts.of_cases)
api.add_router("/contacts", contacts.router)
api.add_router("/blocked", unwanted.router)
api.add_router("/search", search.router)
api.add_router("/customers", dedicated.router)  # first: /hand-over is no customer's number
api.add_router("/customers", customers.router)
api.add_router("/customers", blocking.router)
api.add_router("/organisations", organisations.router)
api.add_router("/cases", promises.of_cases)
api.add_router("/promises", promises.router)
api.add_router("/policies", policies.router)
api.add_router("/plans", plans.router)
api.add_router("/tasks", tasks.router)
api.add_router("/cases", macros.of_cases)
api.add_router("/macros", macros.router)
api.add_router("/cases", collaborations.of_cases)
api.add_router("/collaborations", collaborations.router)
api.add_router("/cases", escalations.router)
api.add_router("/cases", compensations.router)
api.add_router("/compensations", compensation_register.router)
api.add_router("/compensation-limits", compensation_register.of_limits)
api.add_router("/cases", finishing.router)
api.add_router("/cases", files.router)
api.add_router("/cases", around.of_cases)
api.add_router("/cases", drafts.router)
api.add_router("/tags", around.router)
api.add_router("/views", views.router)
api.add_router("/webhooks", webhooks.router)
api.add_router("/channels", channels.router)
api.add_router("/calendars", calendars.router)
api.add_router("/holidays", calendars.of_holidays)
api.add_router("/staffing", staffing.router)
api.add_router("/language", language.router)
for prefix, people_router in people_routes.ROUTERS:
    api.add_router(prefix, people_router)
api.add_exception_handler(Refusal, people_routes.refused)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return error.response()


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = {_place(one): one["msg"] for one in error.errors}
    return Problem(
        422, "invalid", "Some fields cannot be used; nothing was written.", fields=fields
    ).response()


def _place(error: dict[str, Any]) -> str:
    # What is wrong with a body as a whole may name the field to look at.
    field = error.get("ctx", {}).get("field")
    return field or ".".join(str(part) for part in error["loc"][1:]) or str(error["loc"][0])


@api.exception_handler(Invalid)
def _refused(request: HttpRequest, error: Invalid) -> HttpResponse:
    return Problem(
        422, "invalid", "Some fields cannot be used; nothing was written.", fields=error.fields
    ).response()


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    detail = "The body is not JSON in UTF-8; nothing was written." if error.status_code == 400 else str(error)
    return Problem(error.status_code, "bad_request", detail).response()


@api.exception_handler(AuthenticationError)
def _stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = Problem(401, "unauthorized", "Send a bearer token. Make one: huiyin token create").response()
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return Problem(404, "not_found", "There is no such thing, or you may not see it.").response()


@api.exception_handler(Stale)
def _stale(request: HttpRequest, error: Stale) -> HttpResponse:
    detail = "Somebody changed the case since you read it; nothing was written. Read it again, then decide."
    return Problem(409, "stale", detail, version=error.version).response()


@api.exception_handler(MoveNotAllowed)
def _not_allowed(request: HttpRequest, error: MoveNotAllowed) -> HttpResponse:
    detail = f"A case that is {error.status} cannot {error.move}; nothing was written."
    return Problem(409, "move_not_allowed", detail, status_now=error.status).response()


@api.exception_handler(OpenRequest)
def _open_request(request: HttpRequest, error: OpenRequest) -> HttpResponse:
    detail = (
        "Other departments still owe something to this case. Wait for them, or give a reason in `despite`."
    )
    return Problem(409, "open_request", detail, subjects=error.subjects).response()


@api.exception_handler(rates.TooMany)
def _too_many(request: HttpRequest, error: rates.TooMany) -> HttpResponse:
    return too_many(request, error)


@api.exception_handler(tx.Busy)
def _busy(request: HttpRequest, error: tx.Busy) -> HttpResponse:
    return busy().response()


@api.exception_handler(tx.Unavailable)
def _unavailable(request: HttpRequest, error: tx.Unavailable) -> HttpResponse:
    return unavailable().response()
