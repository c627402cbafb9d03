"""Bad input: always problem+json with a stable code, and nothing written."""

import base64
import json
from typing import Any

import pytest
from django.test import Client

from huiyin.api.routes import api
from huiyin.base import files
from huiyin.cases.models import Case, Entry
from huiyin.intake.models import InboxItem
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
GOOD: dict[str, Any] = {"channel": "api", "external_id": "x1", "text": "我的电脑无法开机"}


@pytest.fixture
def client() -> Client:
    return given.with_token(given.a_token("all"))


def post(client: Client, body: Any, path: str = "/inbound") -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.generic("POST", f"/api/v1{path}", raw, content_type="application/json")


BAD_BODIES: dict[str, tuple[Any, int, str]] = {
    "no JSON": (b"{", 400, "bad_request"),
    "nothing": (b"", 422, "invalid"),
    "no UTF-8": (b'{"channel": "\xff\xfe"}', 400, "bad_request"),
    "too deep": (b"[" * 100_000, 400, "bad_request"),
    "a list": ([1], 422, "invalid"),
    "null": (None, 422, "invalid"),
    "empty": ({}, 422, "invalid"),
    "a field too many": ({**GOOD, "auto_bcc": "x"}, 422, "invalid"),
    "a nested field too many": ({**GOOD, "sender": {"is_staff": True}}, 422, "invalid"),
    "a number for a text": ({**GOOD, "text": 5}, 422, "invalid"),
    "no id": ({"channel": "api", "text": "x"}, 422, "invalid"),
    "an empty id": ({**GOOD, "external_id": ""}, 422, "invalid"),
    "a long id": ({**GOOD, "external_id": "x" * 201}, 422, "invalid"),
    "a long text": ({**GOOD, "text": "x" * 100_001}, 422, "invalid"),
    "no text": ({**GOOD, "text": " \n"}, 422, "invalid"),
    "a time without offset": ({**GOOD, "received_at": "2026-03-02T09:00:00"}, 422, "invalid"),
    "half a character": (b'{"channel":"api","external_id":"x","text":"\\ud800"}', 422, "invalid"),
    "an unknown channel": ({**GOOD, "channel": "fax"}, 422, "unknown_channel"),
    "bad base64": ({**GOOD, "attachments": [{"name": "a", "data": "%%%"}]}, 422, "invalid"),
    "base64 beyond ASCII": ({**GOOD, "attachments": [{"name": "a", "data": "图片"}]}, 422, "invalid"),
    "too many files": ({**GOOD, "attachments": [{"data": ""}] * 21}, 422, "invalid"),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_bad_message_is_refused_with_a_stable_code_and_nothing_is_kept(client: Client, name: str) -> None:
    body, status, code = BAD_BODIES[name]
    answer = post(client, body)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    said = answer.json()
    assert (said["code"], said["status"]) == (code, status) and said["detail"] and said["title"]
    assert not InboxItem.objects.exists()


def test_a_file_over_twenty_megabytes_is_refused_as_too_large(client: Client) -> None:
    data = base64.b64encode(b"x" * (files.LIMIT_BYTES + 1)).decode()
    answer = post(client, {**GOOD, "attachments": [{"name": "a", "data": data}]})
    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")
    assert not InboxItem.objects.exists()


def test_a_body_over_the_limit_is_refused_as_too_large(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = post(client, {**GOOD, "text": "x" * 2000})
    assert (answer.status_code, answer.headers["Content-Type"]) == (413, "application/problem+json")


@pytest.mark.parametrize("field", ["external_id", "subject", "text"])
@pytest.mark.parametrize("place", ["{}\x00", "a{}\x00b"])
def test_a_nul_in_a_text_never_breaks_the_store(client: Client, field: str, place: str) -> None:
    answer = post(client, {**GOOD, "external_id": "n1", field: place.format("x")})
    assert answer.status_code in (201, 422), answer.content


def test_a_nul_anywhere_else_never_breaks_the_store(client: Client) -> None:
    for n, extra in enumerate(
        ({"sender": {"name": "a\x00b"}}, {"sender": {"phone": "1\x003"}}, {"meta": {"page": "\x00"}})
    ):
        answer = post(client, {**GOOD, "external_id": f"m{n}", **extra})
        assert answer.status_code in (201, 422), answer.content
    for path in (
        "/api/v1/cases/%00",
        "/api/v1/cases?team=%00",
        "/api/v1/cases?handler=a%00b",
        "/desk/cases/%00",
    ):
        assert client.get(path).status_code in (200, 302, 400, 404, 422), path


BAD_QUERIES = ["limit=0", "limit=201", "limit=x", "cursor=abc", "cursor=%F0%9F%98%80", "status=sold", "priority=1",
               "due_before=monday", "due_before=2026-03-02T09:00:00"]  # fmt: skip


@pytest.mark.parametrize("query", BAD_QUERIES)
def test_a_bad_question_is_refused_by_name(client: Client, query: str) -> None:
    answer = client.get(f"/api/v1/cases?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert query.partition("=")[0] in answer.json()["fields"]


@pytest.mark.parametrize(
    "query", ["_connector=OR", "team__lead__password__startswith=a", "handler__number=alice", "nonsense=1"]
)
def test_an_unknown_filter_is_refused_and_reaches_no_column(client: Client, query: str) -> None:
    assert client.get(f"/api/v1/cases?{query}").status_code == 422


BAD_FIGURES = ["calls_per_interval=nan&interval_s=1800&aht_s=180", "calls_per_interval=1e308&interval_s=1&aht_s=1e308",
               "calls_per_interval=-1&interval_s=1800&aht_s=180", "calls_per_interval=10&interval_s=0&aht_s=180",
               "calls_per_interval=inf&interval_s=1800&aht_s=180", "interval_s=1800"]  # fmt: skip


@pytest.mark.parametrize("query", BAD_FIGURES)
def test_figures_that_mean_nothing_are_refused(client: Client, query: str) -> None:
    answer = client.get(f"/api/v1/staffing?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


BAD_TIMES: list[tuple[str, dict[str, Any], int]] = [
    ("/calendars/nowhere/due", {"start": "2026-03-02T09:00:00+08:00", "seconds": 1}, 404),
    ("/calendars/office/due", {"start": "2026-03-02T09:00:00+08:00"}, 422),
    ("/calendars/office/due", {"start": "2026-03-02T09:00:00+08:00", "seconds": 1, "working_days": 1}, 422),
    ("/calendars/office/due", {"start": "2026-03-02T09:00:00+08:00", "seconds": -1}, 422),
    ("/calendars/office/due", {"start": "2026-03-02T09:00:00+08:00", "seconds": 1e12}, 422),
    ("/calendars/office/due", {"start": "2026-03-02T09:00:00+08:00", "cut_off": "25:00"}, 422),
    ("/calendars/office/due", {"start": "9999-12-31T23:59:59+00:00", "seconds": 60}, 422),
    ("/calendars/office/due", {"start": "0001-01-01T00:00:00+14:00", "seconds": 60}, 422),
    ("/calendars/office/elapsed", {"start": "0001-01-01T00:00:00Z", "end": "9999-12-31T23:59:59Z"}, 422),
    ("/calendars/office/day", {"date": "2026-02-30"}, 422),
]


@pytest.mark.parametrize(("path", "body", "status"), BAD_TIMES)
def test_a_time_that_cannot_be_reckoned_is_refused(client: Client, path: str, body: Any, status: int) -> None:
    answer = post(client, body, path)
    assert answer.status_code == status and answer.json()["code"], answer.content


def test_each_write_changes_only_what_it_names(client: Client) -> None:
    case = given.a_case(handler=given.an_agent(), status="open")
    names = {field.name: "x" for field in Case._meta.fields} | {
        field.name: "x" for field in Entry._meta.fields
    }
    for path, own in (
        ("entries", {"kind": "note", "text": "x"}),
        ("resolve", {"version": 1, "resolution": "x"}),
    ):
        for name in names.keys() - own.keys() - {"version", "client_id"}:
            answer = post(client, {**own, name: "x"}, f"/cases/{case.number}/{path}")
            assert answer.status_code == 422, (path, name)
    assert given.fresh(case).version == case.version


def test_the_document_lists_every_operation_once_and_names_its_refusals() -> None:
    schema = json.loads(Client().get("/api/v1/openapi.json").content)
    assert schema["openapi"].startswith("3.1")
    listed = {(method.upper(), path) for path, methods in schema["paths"].items() for method in methods}
    served = {
        (method, f"/api/v1{prefix}{path}".rstrip("/"))
        for prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }
    assert listed == served
    names = [
        operation["operationId"] for methods in schema["paths"].values() for operation in methods.values()
    ]
    assert len(set(names)) == len(names)
