"""Content-Transfer-Encoding undone, as far as the bytes allow."""

import base64
import binascii
import re

from huiyin.engines.mail.values import Defects

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_ALPHABET = bytes(set(range(256)) - set(_ALPHABET))
_NOT_SPACE = re.compile(rb"\s+")
_LINE = re.compile(rb"[^\r\n]+")
_PADDED = re.compile(rb"=[=\s]*")
_SAMPLE_BYTES = 4096
_CHUNKS_AT_MOST = 1_000
_LINES_AT_MOST = 1_000_000
_AS_IT_IS = ("", "7bit", "8bit", "binary", "7-bit", "8-bit", "none", "identity")


def decode(raw: bytes, encoding: str, defects: Defects) -> bytes:
    """Return the content of a part; a broken or unknown encoding is noted and read as far as it goes."""
    name = encoding.split(";")[0].strip().strip("\"'").lower()
    if name in _AS_IT_IS:
        return raw
    if name.startswith("base64"):
        return _base64(raw, defects)
    if name.startswith("quoted"):
        return binascii.a2b_qp(raw)
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uuencoded(raw, defects)
    defects.add("encoding_unknown", {"encoding": name[:40]})
    return raw


def _base64(raw: bytes, defects: Defects) -> bytes:
    padding = _PADDED.search(raw)
    sample = _NOT_SPACE.sub(b"", raw[: min(padding.start() if padding else len(raw), _SAMPLE_BYTES)])
    foreign = sample.translate(None, _ALPHABET + b"=")
    if len(foreign) * 10 > len(sample):
        defects.add("encoding_wrong", {"encoding": "base64"})
        return raw
    if foreign:
        defects.add("encoding_damaged", {"encoding": "base64"})
    out, at = bytearray(), 0
    for _ in range(_CHUNKS_AT_MOST):
        padding = _PADDED.search(raw, at)
        out += _group(raw[at : padding.start() if padding else len(raw)], defects)
        if not padding:
            break
        at = padding.end()
        # A list server's plain footer below the last group is no part of the file.
        if _NOT_SPACE.sub(b"", raw[at : at + _SAMPLE_BYTES]).translate(None, _ALPHABET + b"=") or at >= len(
            raw
        ):
            break
    return bytes(out)


def _group(raw: bytes, defects: Defects) -> bytes:
    letters = raw.translate(None, _NOT_ALPHABET)
    if len(letters) % 4 == 1:
        defects.add("encoding_damaged", {"encoding": "base64"})
        letters = letters[:-1]
    return base64.b64decode(letters + b"=" * (-len(letters) % 4))


def _uuencoded(raw: bytes, defects: Defects) -> bytes:
    out = bytearray()
    for count, match in enumerate(_LINE.finditer(raw)):
        if count >= _LINES_AT_MOST:
            defects.add("encoding_damaged", {"encoding": "uuencode"})
            break
        line = match[0]
        if line.startswith(b"begin ") or line in (b"end", b"`"):
            continue
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            defects.add("encoding_damaged", {"encoding": "uuencode"})
    return bytes(out)
