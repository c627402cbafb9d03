"""File names as words for a reader: never a path, never able to hide what they end in."""

import re
import unicodedata

from huiyin.engines.mail.cleaning import one_line

_PATH = re.compile(r"[/\\\u2044\u2215\u29f5\uff0f\uff3c]")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)")
_LONGEST = 150
_EXTENSIONS = {
    "application/pdf": "pdf",
    "application/zip": "zip",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/ms-tnef": "dat",
    "application/pkcs7-mime": "p7m",
    "application/pkcs7-signature": "p7s",
    "application/pgp-signature": "asc",
    "application/pgp-encrypted": "asc",
    "application/json": "json",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "image/bmp": "bmp",
    "image/gif": "gif",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "message/delivery-status": "txt",
    "message/disposition-notification": "txt",
    "message/feedback-report": "txt",
    "message/rfc822": "eml",
    "message/global": "eml",
    "text/rfc822-headers": "txt",
    "text/calendar": "ics",
    "text/csv": "csv",
    "text/html": "html",
    "text/plain": "txt",
    "text/vcard": "vcf",
    "text/x-vcard": "vcf",
    "video/mp4": "mp4",
}


def clean(name: str) -> str:
    """Return the last component of `name` without hidden characters or leading dots; may be empty.

    At most 150 characters, the extension kept. Cleaning a clean name changes nothing.
    """
    visible = "".join(c for c in name if unicodedata.category(c) not in ("Cf", "Co", "Cn", "Cs"))
    last = next((piece for piece in reversed(_PATH.split(one_line(visible))) if piece.strip(" .")), "")
    safe = _shortened(_FORBIDDEN.sub("_", last).strip(" ."))
    return f"_{safe}" if _RESERVED.match(safe) else safe


def invented(number: int, content_type: str) -> str:
    """Return a name for the `number`th attachment of a message when the sender gave none."""
    return f"attachment-{number}.{_EXTENSIONS.get(content_type, 'bin')}"


def type_of(name: str) -> str:
    """Return the content type that a name's ending suggests, for files that come without one."""
    extension = name.rpartition(".")[2].lower()
    return next(
        (kind for kind, ending in _EXTENSIONS.items() if ending == extension), "application/octet-stream"
    )


def _shortened(name: str) -> str:
    if len(name) < _LONGEST:
        return name
    stem, dot, extension = name.rpartition(".")
    if dot and len(extension) <= 10:
        return stem[: _LONGEST - 2 - len(extension)].rstrip(" .") + dot + extension
    return name[: _LONGEST - 1].rstrip(" .")
