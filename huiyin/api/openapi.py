"""The OpenAPI document: what the operations declare, with the nouns they answer, the refusals and the key of POSTs."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from huiyin.api import nouns

REFERENCE = "#/components/schemas/{model}"
PREFIX = "/api/v1"
ANSWERS: dict[tuple[str, str], type[BaseModel]] = {
    ("get", "/cases"): nouns.CasePage,
    ("post", "/cases"): nouns.OpenedCase,
    ("post", "/cases/bulk"): nouns.BulkOutcomes,
    ("get", "/cases/{number}"): nouns.CaseWithEntries,
    ("patch", "/cases/{number}"): nouns.Case,
    ("post", "/cases/{number}/moves"): nouns.Case,
    ("post", "/cases/{number}/reopen"): nouns.Case,
    ("post", "/cases/{number}/transfer"): nouns.Case,
    ("post", "/cases/{number}/reassign"): nouns.Case,
    ("post", "/cases/{number}/give-back"): nouns.Case,
    ("post", "/cases/{number}/entries"): nouns.CaseAndEntry,
    ("post", "/cases/{number}/resolve"): nouns.Case,
    ("post", "/cases/{number}/confirm"): nouns.Case,
    ("post", "/cases/{number}/identity-checks"): nouns.CheckedCase,
    ("get", "/cases/{number}/contacts"): nouns.ContactList,
    ("post", "/contacts"): nouns.Contact,
    ("post", "/contacts/answer"): nouns.Contact,
    ("post", "/contacts/end"): nouns.Contact,
    ("get", "/search"): nouns.FoundPage,
    ("get", "/customers"): nouns.CustomerPage,
    ("post", "/customers"): nouns.Customer,
    ("post", "/customers/merge"): nouns.CustomerInFull,
    ("post", "/customers/unmerge"): nouns.CustomerInFull,
    ("get", "/customers/{customer}"): nouns.CustomerInFull,
    ("patch", "/customers/{customer}"): nouns.CustomerInFull,
    ("post", "/customers/{customer}/reveal"): nouns.Revealed,
    ("get", "/customers/{customer}/duplicates"): nouns.CustomerList,
    ("post", "/customers/{customer}/consents"): nouns.ConsentList,
    ("get", "/customers/{customer}/erasure"): nouns.ErasurePreview,
    ("post", "/customers/{customer}/erasure"): nouns.Erasure,
    ("get", "/organisations"): nouns.OrganisationList,
    ("post", "/organisations"): nouns.Organisation,
    ("get", "/webhooks"): nouns.EndpointList,
    ("post", "/webhooks"): nouns.EndpointMade,
    ("patch", "/webhooks/{endpoint}"): nouns.Endpoint,
    ("post", "/webhooks/{endpoint}/pause"): nouns.Endpoint,
    ("post", "/webhooks/{endpoint}/enable"): nouns.Endpoint,
    ("get", "/webhooks/{endpoint}/deliveries"): nouns.DeliveryList,
    ("post", "/webhooks/{endpoint}/deliveries/{delivery}/resend"): nouns.Delivery,
}
REFUSALS = {
    "401": "No good token.",
    "403": "The token may not do this.",
    "404": "There is no such thing, or the caller may not see it.",
    "409": "Not possible as things stand, or changed since it was read.",
    "422": "Some fields cannot be used; nothing was written.",
    "429": "Too many calls; `Retry-After` says how long to wait.",
    "503": "The store is busy; nothing was written. Send it again after `Retry-After`.",
}
KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "maxLength": 120},
    "description": "The same key again within a day has no second effect and gets the first answer.",
}


class Api(NinjaAPI):
    """NinjaAPI whose document says what is answered and refused."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(*args, **kwargs)
        models: list[type[BaseModel]] = [nouns.Problem, *sorted(set(ANSWERS.values()), key=str)]
        references, made = models_json_schema(
            [(model, "serialization") for model in models], ref_template=REFERENCE
        )
        schema["components"]["schemas"] |= made["$defs"]
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                _complete(operation, method, path.removeprefix(PREFIX), references)
        return schema


def _complete(operation: dict[str, Any], method: str, path: str, references: Any) -> None:
    noun = ANSWERS.get((method, path))
    for status, response in operation["responses"].items():
        if noun is not None and str(status).startswith("2"):
            response["content"] = {"application/json": {"schema": references[noun, "serialization"]}}
    refused = {"schema": references[nouns.Problem, "serialization"]}
    for status, words in REFUSALS.items():
        told = {"description": words, "content": {"application/problem+json": refused}}
        operation["responses"].setdefault(status, told)
    if method == "post" and not path.startswith("/inbound"):
        operation["parameters"] = [*operation.get("parameters", ()), KEY]
