"""The files inside winmail.dat (TNEF), the envelope Outlook sends to those it takes for its own kind."""

import struct
from dataclasses import dataclass

from huiyin.engines.mail.charsets import decode

# Layout after Microsoft's [MS-OXTNEF]: signature, key, then attributes of
# level (1 byte), id (4), length (4), content, checksum (2, the sum of the bytes).
_SIGNATURE = 0x223E9F78
_NEW_ATTACHMENT, _TITLE, _CONTENT, _PROPERTIES, _CODE_PAGE = 0x9002, 0x8010, 0x800F, 0x9005, 0x9007
_LONG_NAME = 0x3707
_UNICODE, _STRING = 0x1F, 0x1E
_ATTRIBUTES_AT_MOST = 10_000


@dataclass(slots=True)
class _File:
    name: str = ""
    content: bytes = b""


def files(raw: bytes) -> list[tuple[str, bytes]] | None:
    """Return the (name, content) pairs in a TNEF stream; None when it is damaged or holds none."""
    if len(raw) < 6 or struct.unpack_from("<I", raw)[0] != _SIGNATURE:
        return None
    found: list[_File] = []
    at, charset = 6, "gb18030"
    for _ in range(_ATTRIBUTES_AT_MOST):
        if at == len(raw):
            return [(file.name, file.content) for file in found if file.content] or None
        if at + 11 > len(raw):
            return None
        kind, size = struct.unpack_from("<II", raw, at + 1)
        end = at + 9 + size
        if end + 2 > len(raw):
            return None
        content = raw[at + 9 : end]
        if sum(content) & 0xFFFF != struct.unpack_from("<H", raw, end)[0]:
            return None
        at = end + 2
        if kind & 0xFFFF == _CODE_PAGE and size >= 4:
            charset = f"cp{struct.unpack_from('<I', content)[0]}"
        elif kind & 0xFFFF == _NEW_ATTACHMENT:
            found.append(_File())
        elif found:
            _take(found[-1], kind & 0xFFFF, content, charset)
    return None


def _take(file: _File, kind: int, content: bytes, charset: str) -> None:
    if kind == _CONTENT:
        file.content = content
    elif kind == _TITLE and not file.name:
        file.name = decode(content.rstrip(b"\0"), charset, guess=False).text
    elif kind == _PROPERTIES:
        file.name = _long_name(content, charset) or file.name


def _long_name(content: bytes, charset: str) -> str:
    """Find the long file name by its tag; the properties before it need not be understood."""
    for kind, codec in ((_UNICODE, "utf-16-le"), (_STRING, charset)):
        at = content.find(struct.pack("<HH", kind, _LONG_NAME))
        if at < 0 or at + 12 > len(content):
            continue
        count, size = struct.unpack_from("<II", content, at + 4)
        if count == 1 and 0 < size <= 1_000 and at + 12 + size <= len(content):
            return decode(content[at + 12 : at + 12 + size], codec, guess=False).text.rstrip("\0")
    return ""
