"""What may come in as a file: of a kind that is listed, being what its name says, unfolding to no more than we bear.

The list is `HUIYIN_FILE_TYPES`. Nothing is unpacked and no picture is drawn here: only the first bytes and the table of
contents of an archive are read.
"""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from huiyin.base.settled import ANY_TYPE

UNPACKED_BYTES, UNPACKED_PARTS = 200 * 1024 * 1024, 2_000
_TEXTS = ("txt", "csv", "log", "md", "json", "eml")
_PACKED = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
    "odt": "content.xml",
    "ods": "content.xml",
    "odp": "content.xml",
}
_OLD_OFFICE = ("doc", "xls", "ppt", "wps", "et")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ISO = ("mp4", "m4a", "mov", "heic", "heif")
# Programs and archives, so that none passes for a text; their kinds are on no list of ours.
_NO_TEXT = (b"MZ", b"\x7fELF", _ZIP, b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"\xca\xfe\xba\xbe")
SENTENCES: Mapping[str, object] = {
    "too_large": _("%(name)s is larger than %(limit)s MB."),
    "too_many": _("More than %(limit)s files came at once."),
    "type": _("%(name)s: files of this kind are not taken in."),
    "content": _("%(name)s is not what its name says. Save it again as what it is."),
    "unpacked": _("%(name)s unfolds to more than can be taken in."),
    "infected": _("%(name)s holds something harmful: %(found)s."),
    "scanner_away": _("%(name)s could not be looked at by the virus scanner. Send it again later."),
}

WHY: Mapping[str, object] = {
    "type": _("files of this kind are not taken in"),
    "content": _("it is not what its name says"),
    "unpacked": _("it unfolds to more than can be taken in"),
    "infected": _("something harmful was found in it"),
    "scanner_away": _("the virus scanner gave no answer; send it again later"),
}


class FileRefused(Exception):
    """The file was not kept. `code` is stable, `params` fill its sentence."""

    def __init__(self, code: str, name: str = "", **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = {"name": name[:80], **params}

    def __str__(self) -> str:
        return str(SENTENCES[self.code]) % self.params


def judge(name: str, payload: bytes) -> None:
    """Raise FileRefused (`type`, `content`, `unpacked`) for what may not come in."""
    allowed = settings.HUIYIN.file_types or DEFAULT
    if ANY_TYPE in allowed:
        return
    if payload.startswith(_ZIP):
        _refuse_bomb(name, payload)
    ending = PurePosixPath(name).suffix.lower().removeprefix(".")
    # Some wires give no name: then the bytes alone say what it is.
    ending = ending or next((one for one in allowed if one in _LOOKS and _LOOKS[one](payload)), "")
    if ending not in allowed:
        raise FileRefused("type", name)
    # A kind that an operator lists and we do not know is taken by its name.
    if ending in _LOOKS and not _LOOKS[ending](payload):
        raise FileRefused("content", name)


def _refuse_bomb(name: str, payload: bytes) -> None:
    # Each line of its table of contents begins so: counted before it is read, for that alone may take seconds.
    if payload.count(b"PK\x01\x02") > UNPACKED_PARTS:
        raise FileRefused("unpacked", name)
    parts = _parts(payload)
    if parts is None:
        raise FileRefused("content", name)
    if sum(one.file_size for one in parts) > UNPACKED_BYTES:
        raise FileRefused("unpacked", name)


def _parts(payload: bytes) -> list[zipfile.ZipInfo] | None:
    """Return the table of contents of an archive; None: there is none that can be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as packed:
            return packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        return None


def _begins(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda payload: payload.startswith(marks)


def _riff(kind: bytes) -> Callable[[bytes], bool]:
    return lambda payload: payload.startswith(b"RIFF") and payload[8:12] == kind


def _iso(payload: bytes) -> bool:
    return payload[4:8] in (b"ftyp", b"moov", b"wide", b"mdat", b"free")


def _pdf(payload: bytes) -> bool:
    return payload[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"%PDF-")


def _mp3(payload: bytes) -> bool:
    return payload.startswith(b"ID3") or (payload[:1] == b"\xff" and payload[1:2] >= b"\xe0")


def _packed(part: str) -> Callable[[bytes], bool]:
    def looks(payload: bytes) -> bool:
        parts = _parts(payload) if payload.startswith(_ZIP) else None
        return any(one.filename == part for one in parts or ())

    return looks


def _text(payload: bytes) -> bool:
    if payload.startswith(_NO_TEXT):
        return False
    if payload.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _reads(payload, "utf-16")
    return b"\x00" not in payload and (_reads(payload, "utf-8") or _reads(payload, "gb18030"))


def _reads(payload: bytes, encoding: str) -> bool:
    try:
        payload.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


_LOOKS: Mapping[str, Callable[[bytes], bool]] = {
    "png": _begins(b"\x89PNG\r\n\x1a\n"),
    **dict.fromkeys(("jpg", "jpeg"), _begins(b"\xff\xd8\xff")),
    "gif": _begins(b"GIF87a", b"GIF89a"),
    "webp": _riff(b"WEBP"),
    "bmp": _begins(b"BM"),
    "pdf": _pdf,
    **{ending: _packed(part) for ending, part in _PACKED.items()},
    **dict.fromkeys(_OLD_OFFICE, _begins(_OLE)),
    **dict.fromkeys(_ISO, _iso),
    "wav": _riff(b"WAVE"),
    "mp3": _mp3,
    "amr": _begins(b"#!AMR"),
    "ogg": _begins(b"OggS"),
    "webm": _begins(b"\x1aE\xdf\xa3"),
    "zip": _begins(_ZIP),
    **dict.fromkeys(_TEXTS, _text),
}
# What customers and colleagues send each other. Archives are on no list that is shipped: they hide what they hold.
DEFAULT = tuple(ending for ending in _LOOKS if ending != "zip")
