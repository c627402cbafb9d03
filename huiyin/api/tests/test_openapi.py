"""The document is true: what it says is answered is answered, and people can read it."""

import re
from typing import Any

import pytest
from django.test import Client
from pydantic import BaseModel

from huiyin.api.openapi import ANSWERS
from huiyin.api.routes import api
from huiyin.cases import indexing
from huiyin.channels import endpoints
from huiyin.customers.recognise import Sender
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SAMPLES: dict[tuple[str, str], dict[str, Any]] = {
    ("post", "/cases"): {"text": "想退款", "sender": {"name": "李雷"}},
    ("post", "/cases/bulk"): {"cases": [{"number": "260302-9999"}], "do": "accept"},
    ("patch", "/cases/{number}"): {"version": 1, "priority": "low"},
    ("post", "/cases/{number}/moves"): {"version": 1, "move": "accept"},
    ("post", "/cases/{number}/transfer"): {"version": 1, "team": "supervision", "reason": "投诉"},
    ("post", "/cases/{number}/entries"): {"kind": "note", "text": "记录"},
    ("post", "/cases/{number}/resolve"): {"version": 1, "resolution": "已更换"},
    ("post", "/cases/{number}/identity-checks"): {"last_four": "0001"},
    ("post", "/customers"): {"name": "韩梅梅"},
    ("patch", "/customers/{customer}"): {"version": 1, "tags": ["老客"]},
    ("post", "/customers/{customer}/reveal"): {"reason": "回访客户"},
    ("post", "/customers/{customer}/consents"): {"purpose": "survey", "text_version": "1"},
    ("post", "/organisations"): {"name": "示例公司"},
    ("post", "/webhooks"): {"url": "https://shop.example.com/hook", "kinds": ["case.restored"]},
    ("post", "/webhooks/{endpoint}/enable"): {},
}
# Without its question a search is refused: one that finds the case, and one that finds the customer.
ASKED = ("{number}", "13900000001")
TRIED = [key for key in ANSWERS if (key[0] == "get" and key[1] != "/search") or key in SAMPLES]


@pytest.mark.parametrize(("method", "path"), TRIED, ids=lambda part: str(part))
def test_an_answer_is_what_the_document_says(method: str, path: str) -> None:
    case = given.a_case(sender=Sender("李雷", "13900000001"))
    assert case.customer is not None
    endpoint, _ = endpoints.make(
        "https://a.example.com", ["case.restored"], by=given.OPERATOR, at=given.MONDAY_9
    )
    places = {"number": case.number, "customer": case.customer.number, "endpoint": str(endpoint.uuid)}
    client = given.with_token(given.a_token("all"))
    body = {} if method == "get" else {"content_type": "application/json"}
    sent = given.as_json(SAMPLES.get((method, path), {})) if method != "get" else None
    answer = client.generic(method.upper(), f"/api/v1{path.format(**places)}", sent or "", **body)
    endpoints.forget()
    assert answer.status_code in (200, 201), answer.content
    model: type[BaseModel] = ANSWERS[method, path]
    model.model_validate(answer.json())


def test_what_a_search_answers_is_what_the_document_says() -> None:
    case = given.a_case(sender=Sender("李雷", "13900000001"))
    client = given.with_token(given.a_token("all"))
    while indexing.index_some(at=given.MONDAY_9):
        pass
    found = set()
    for question in ASKED:
        answer = client.get("/api/v1/search", {"q": question.format(number=case.number)}).json()
        ANSWERS["get", "/search"].model_validate(answer)
        found |= {item["in"] for item in answer["items"]}
    assert found == {"cases", "customers"}


def test_every_answer_that_is_told_belongs_to_an_operation() -> None:
    paths = api.get_openapi_schema()["paths"]
    assert all(method in paths.get(f"/api/v1{path}", {}) for method, path in ANSWERS)


def test_every_operation_tells_its_refusals_and_every_post_its_key() -> None:
    for path, operations in api.get_openapi_schema()["paths"].items():
        for method, operation in operations.items():
            assert {"401", "403", "422", "429", "503"} <= {str(code) for code in operation["responses"]}
            named = [parameter["name"] for parameter in operation.get("parameters", ())]
            has_key = method == "post" and "/inbound" not in path
            assert ("Idempotency-Key" in named) == has_key, path


def test_every_reference_of_the_document_leads_somewhere() -> None:
    document = Client().get("/api/v1/openapi.json").content.decode()
    schemas = api.get_openapi_schema()["components"]["schemas"]
    wanted = set(re.findall(r"#/components/schemas/(\w+)", document))
    assert wanted and wanted <= set(schemas)


def test_everybody_can_read_every_operation_on_a_page_without_script_in_it() -> None:
    page = Client().get("/api/docs").content.decode()
    for path in api.get_openapi_schema()["paths"]:
        assert path in page
    assert not re.findall(r"<script(?![^>]*\bsrc=)", page)
