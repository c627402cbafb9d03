"""What may come in: kinds that are listed, being what their names say, unfolding to no more than we bear."""

import io
import zipfile
from dataclasses import replace

import pytest
from django.conf import settings

from huiyin.base import uploads
from huiyin.base.uploads import FileRefused
from tests.given import a_picture


def packed(*parts: str, payload: bytes = b"<x/>") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            archive.writestr(part, payload)
    return made.getvalue()


def refused(name: str, payload: bytes) -> str:
    try:
        uploads.judge(name, payload)
    except FileRefused as error:
        assert str(error)
        return error.code
    return ""


WORD, TABLE = packed("[Content_Types].xml", "word/document.xml"), packed("xl/workbook.xml")
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more"
PROGRAM, PAGE = b"MZ\x90\x00\x03", b"<html><script>alert(1)</script></html>"
WELCOME = [
    ("a.png", a_picture("PNG")),
    ("A.JPG", a_picture("JPEG")),
    ("a.jpeg", a_picture("JPEG")),
    ("a.gif", a_picture("GIF")),
    ("a.webp", a_picture("WEBP")),
    ("a.bmp", a_picture("BMP")),
    ("a.heic", b"\x00\x00\x00\x18ftypheic"),
    ("a.pdf", b"%PDF-1.7\n"),
    ("a.pdf", b"\xef\xbb\xbf\n%PDF-1.4"),
    ("合同.docx", WORD),
    ("a.xlsx", TABLE),
    ("a.odt", packed("mimetype", "content.xml")),
    ("a.doc", OLD),
    ("a.et", OLD),
    ("a.mp4", b"\x00\x00\x00\x18ftypmp42"),
    ("a.mp3", b"ID3\x03"),
    ("a.mp3", b"\xff\xfb\x90\x00"),
    ("a.wav", b"RIFF\x24\x00\x00\x00WAVE"),
    ("a.amr", b"#!AMR\n"),
    ("a.txt", "您好".encode()),
    ("a.txt", "您好".encode("gb18030")),
    ("a.csv", "您好".encode("utf-16")),
    ("a.txt", b""),
    ("a.b.png", a_picture("PNG")),
    ("", a_picture("PNG")),
    ("photo", a_picture("JPEG")),
]
REFUSED = [
    ("a.exe", PROGRAM, "type"),
    ("a.svg", b"<svg/>", "type"),
    ("a.html", PAGE, "type"),
    ("a.zip", packed("a.txt"), "type"),
    ("a.docm", WORD, "type"),
    ("a.png.exe", a_picture("PNG"), "type"),
    ("a.eps", b"%!PS", "type"),
    ("a.png ", PROGRAM, "type"),
    ("program", PROGRAM, "type"),
    ("", packed("a.txt"), "type"),
    ("a.png", PROGRAM, "content"),
    ("a.png", a_picture("JPEG"), "content"),
    ("a.jpg", PAGE, "content"),
    ("a.png", b"", "content"),
    ("a.webp", b"RIFF\x24\x00\x00\x00WAVE", "content"),
    ("a.pdf", PAGE + b"%PDF-", "content"),
    ("a.txt", PROGRAM, "content"),
    ("a.csv", packed("a.txt"), "content"),
    ("a.txt", b"a\x00b", "content"),
    ("a.txt", b"\xff\x81\x20\xff", "content"),
    ("a.docx", TABLE, "content"),
    ("a.docx", OLD, "content"),
    ("a.docx", b"#!" + WORD, "content"),
    ("a.docx", WORD[:40], "content"),
    ("a.docx", b"PK\x03\x04" + bytes(40), "content"),
    ("a.xls", TABLE, "content"),
]


@pytest.mark.parametrize(("name", "payload"), WELCOME, ids=[one[0] for one in WELCOME])
def test_what_people_send_each_other_comes_in(name: str, payload: bytes) -> None:
    assert refused(name, payload) == ""


@pytest.mark.parametrize(("name", "payload", "why"), REFUSED, ids=[f"{one[0]}-{one[2]}" for one in REFUSED])
def test_what_is_not_listed_or_not_what_its_name_says_does_not(name: str, payload: bytes, why: str) -> None:
    assert refused(name, payload) == why


def test_a_document_that_unfolds_to_too_much_is_refused_and_never_unfolded() -> None:
    big = packed("word/document.xml", payload=bytes(uploads.UNPACKED_BYTES + 1))
    many = packed("word/document.xml", *map(str, range(uploads.UNPACKED_PARTS)), payload=b"")
    assert len(big) < 1_000_000
    assert refused("a.docx", big) == refused("a.docx", many) == "unpacked"
    enough = packed("word/document.xml", *map(str, range(uploads.UNPACKED_PARTS - 1)), payload=b"")
    assert refused("a.docx", enough) == ""
    endless = packed("word/document.xml") + b"PK\x01\x02" * 1_000_000
    assert refused("a.docx", endless) == refused("", endless) == "unpacked"


def test_the_list_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    def listed(*endings: str) -> None:
        monkeypatch.setattr(settings, "HUIYIN", replace(settings.HUIYIN, file_types=endings))

    listed("pdf", "zip", "dwg")
    assert refused("a.png", a_picture("PNG")) == "type"
    assert refused("a.pdf", b"%PDF-1.7") == refused("a.zip", packed("a.txt")) == ""
    assert refused("a.dwg", b"AC1032") == "", "what we know no marks of is taken by its name"
    assert refused("a.zip", packed("a", payload=bytes(uploads.UNPACKED_BYTES + 1))) == "unpacked"
    listed("*")
    assert refused("a.exe", PROGRAM) == refused("a.png", PAGE) == ""
