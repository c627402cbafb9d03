"""Files as they leave: for who may see the case, each time; as a download; never opened here."""

import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from huiyin.base.models import Blob
from huiyin.cases import lifecycle
from huiyin.cases.models import Case
from huiyin.channels.inbound import Attachment
from tests import given
from tests.given import MONDAY_9

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday", "any_kind")]
PNG = b"\x89PNG\r\n\x1a\n rest"
ACTIVE = [
    ("a.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>"),
    ("a.png", "image/png", b"<html><script>x</script></html>"),
    ("a.html", "text/html", PNG),
    ("a.pdf", "application/pdf", b"%PDF-1.4"),
    ("a.xml", "text/xml", b"<?xml version='1.0'?><x/>"),
    ("a.mht", "multipart/related", b"MIME-Version: 1.0"),
]
NAMES = [
    "a\r\nSet-Cookie: x=1",
    'a"; filename="b.html',
    "../../etc/passwd",
    "订单.png",
    "a\x00.png",
    "\u202egnp.exe",
    "",
]


def a_case_with(*files: Attachment, handler: Any) -> list[str]:
    case = given.a_case(handler=handler, attachments=files)
    blobs = Blob.objects.filter(subject=f"case:{case.number}").order_by("stored_at", "uuid")
    return [f"/desk/files/{blob.uuid}" for blob in blobs]


def test_every_file_leaves_as_a_download_that_nothing_runs() -> None:
    alice = given.an_agent()
    client = given.at_desk(alice)
    for name, told, payload in [*ACTIVE, ("a.png", "image/png", PNG)]:
        (path,) = a_case_with(Attachment(name, told, payload), handler=alice)
        answer = client.get(path)
        assert b"".join(answer) == payload
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment")
        assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("name", NAMES)
def test_a_name_from_outside_is_one_value_of_one_header(name: str) -> None:
    alice = given.an_agent()
    (path,) = a_case_with(Attachment(name, "application/zip", b"PK"), handler=alice)
    answer = given.at_desk(alice).get(path)
    told = answer["Content-Disposition"]
    assert not set(told) & set("\r\n\x00/") and "Set-Cookie" not in answer
    assert re.fullmatch(r"""attachment; filename(="(\\.|[^"\\])*"|\*=utf-8''[^ ;"]+)""", told), told


def test_the_right_is_asked_for_at_each_download_and_no_path_is_taken() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    (path,) = a_case_with(given.a_file(), handler=alice)
    client = given.at_desk(alice)
    assert client.get(path).status_code == 200
    case = given.fresh(Case.objects.get())
    lifecycle.assign(case, bob, (), by=given.actor(bob), at=MONDAY_9)
    Case.objects.update(owner=bob)
    assert client.get(path).status_code == 404
    assert Client().get(path).status_code == 302
    for other in ("..%2f..%2fetc%2fpasswd", "/etc/passwd", path.rpartition("/")[2] + "/../x"):
        assert given.at_desk(bob).get(f"/desk/files/{other}").status_code == 404


class _Watch:
    """What Python itself opens and connects to. A hook cannot be taken away again, so it is told when to look."""

    looks = False
    seen: list[str] = []


def _note(event: str, details: tuple[Any, ...]) -> None:
    if _Watch.looks and event in ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen"):
        _Watch.seen.append(f"{event} {details}")


@pytest.fixture
def watched() -> Iterator[list[str]]:
    if not hasattr(_Watch, "hooked"):
        sys.addaudithook(_note)
        _Watch.hooked = True  # type: ignore[attr-defined]
    _Watch.seen, _Watch.looks = [], True
    yield _Watch.seen
    _Watch.looks = False


def test_no_document_from_outside_makes_us_read_a_file_call_anybody_or_start_a_program(
    watched: list[str], tmp_path: Path
) -> None:
    canary = tmp_path / "canary"
    canary.write_text("secret")
    watched.clear()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        here = f"http://127.0.0.1:{port}/x.png"
        html = f'<img src="{here}"><link href="{here}"><iframe src="file://{canary}"></iframe>'
        svg = (
            f'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY e SYSTEM "file://{canary}">]>'
            f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{here}"/><text>&e;</text></svg>'
        )
        lena = given.a_lead()
        files = [Attachment(f"a.{kind}", told, svg.encode()) for kind, told in KINDS]
        case = given.a_case(f"{html} {here} {canary}", handler=lena, status="open", attachments=files)
        written = {"channel": "api", "external_id": "html", "text": svg, "html": html}
        program = given.with_token(given.a_token("inbound:write"))
        taken = program.post("/api/v1/inbound", given.as_json(written), content_type="application/json")
        assert taken.status_code == 201
        lifecycle.reply(case, svg, by=given.actor(lena), at=MONDAY_9)
        given.work_done(at=MONDAY_9)
        desk = given.at_desk(lena)
        shown = ["", "/timeline", "/record", "/promises", "/together"]
        paths = [f"/desk/cases/{case.number}{page}" for page in shown]
        paths += [f"/desk/files/{blob.uuid}" for blob in Blob.objects.filter(subject=f"case:{case.number}")]
        answers = [desk.get(path) for path in paths]
        drawn = [desk.get(f"{path}/picture") for path in paths[len(shown) :]]
        answers.append(desk.post("/desk/records", {"reason": "月度质检", "act": "csv"}))
        told = [b"".join(answer) for answer in answers]
    assert all(answer.status_code == 200 for answer in answers) and len(told) == len(shown) + len(KINDS) + 1
    assert {answer.status_code for answer in drawn} == {404}
    assert not [one for one in watched if str(canary) in one or str(port) in one or "Popen" in one]
    assert not [text for text in told if b"secret" in text]
    canary.read_text()
    assert any(str(canary) in one for one in watched), "the watch sees what is opened"


KINDS = (("svg", "image/svg+xml"), ("png", "image/png"), ("html", "text/html"), ("pdf", "application/pdf"))
