"""Bytes to text when the label is right, wrong, unknown or missing."""

import codecs
import re
from dataclasses import dataclass

import charset_normalizer

from huiyin.engines.mail.charset_names import codec_for

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Stateful and wide codecs write plain ASCII bytes, so "all ASCII" proves nothing for them.
_ESCAPING = ("utf-7", "hz", "iso2022_jp_ext", "iso2022_kr", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
_ANYTHING_FITS = ("cp1252", "koi8-r", "koi8-u", "cp437", "cp850", "cp852", "cp866", "mac-roman")
_CANDIDATES = ["gb18030", "big5", "cp932", "euc_jp", "cp949", "cp1252", "cp1251", "koi8_r"]
_SAMPLE_BYTES = 4096
_PROVING_BYTES = 16
_NO_CHANCE = 4
_TOLERATED = 0.02

_UTF8_CJK = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}|\xef[\xbc-\xbd][\x80-\xbf]|\xf0[\x9f-\xaf]")
_HIGH_RUN = re.compile(rb"(?:[\x81-\xfe][\x40-\x7e\x80-\xfe])+")
_EVERYDAY_GB = re.compile(rb"[\xb0-\xd7\xa1\xa3][\xa1-\xfe]")
_EVERYDAY_BIG5 = re.compile(rb"[\xa1\xa4-\xc6][\x40-\x7e\xa1-\xfe]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and the codec that read it; `wrong` is label_wrong, label_unknown, unlabelled, damaged or None."""

    text: str
    codec: str
    wrong: str | None = None


def decode(
    raw: bytes, declared: str | None = None, *, hint: str | None = None, guess: bool = True
) -> Decoded:
    """Return the text that a person meant by `raw`; never raises.

    The label is believed unless the bytes contradict it: a byte order mark or a strict UTF-8
    reading with Chinese in it wins over any label, and a GB label means gb18030. `hint` is the
    label of a neighbour, used where none is declared. `guess=False` leaves out the statistical
    guess (about 1 ms, on the first 4 KB only).
    """
    codec = codec_for(declared)
    marked = next((name for mark, name in _BOMS if raw.startswith(mark)), None)
    if marked:
        return _read(raw, marked, None)
    if codec in _ESCAPING:
        return _read(raw, codec, None)
    if b"\0" in raw and _looks_wide(raw):
        return _read(raw, "utf-16-le" if raw[1:2] == b"\0" else "utf-16-be", "label_wrong")
    if raw.isascii():
        return Decoded(raw.decode("ascii"), "ascii")
    utf8 = _strictly(raw, "utf-8")
    if utf8 is not None and _utf8_is_meant(raw, codec, utf8):
        return Decoded(utf8, "utf-8", _complaint(declared, codec, "utf-8"))
    return _by_label(raw, declared, codec) or _unlabelled(
        raw, declared, codec or codec_for(hint), guess=guess
    )


def decode_strictly(raw: bytes, declared: str) -> str | None:
    """Return the text under exactly this label, None when the label or a byte is not valid."""
    codec = codec_for(declared)
    return None if codec is None else _strictly(raw, codec)


def _by_label(raw: bytes, declared: str | None, codec: str | None) -> Decoded | None:
    if codec is None:
        return None
    rival = _rival(raw, codec)
    if rival:
        return _read(raw, rival, "label_wrong")
    text = _strictly(raw, codec)
    if text is not None:
        return Decoded(text, codec)
    text = raw.decode(codec, "replace")
    if text.count("\ufffd") <= max(1, int(len(text) * _TOLERATED)) or codec == _by_sight(raw):
        return Decoded(text, codec, "damaged")
    return None


def _unlabelled(raw: bytes, declared: str | None, likely: str | None, *, guess: bool) -> Decoded:
    by_sight = _by_sight(raw)
    for codec in (by_sight, likely):
        text = _strictly(raw, codec) if codec and codec not in _ANYTHING_FITS else None
        if codec and text is not None:
            return Decoded(text, codec, _complaint(declared, codec_for(declared), codec))
    found = _guessed(raw) if guess and not by_sight else None
    if found:
        return _read(raw, found, _complaint(declared, codec_for(declared), found))
    fallback = by_sight or likely or "cp1252"
    return Decoded(raw.decode(fallback, "replace"), fallback, "damaged")


def _guessed(raw: bytes) -> str | None:
    best = charset_normalizer.from_bytes(
        raw[:_SAMPLE_BYTES], steps=4, chunk_size=512, cp_isolation=_CANDIDATES
    ).best()
    return codec_for(best.encoding) if best else None


def _utf8_is_meant(raw: bytes, codec: str | None, utf8: str) -> bool:
    """Tell whether bytes that are valid UTF-8 are so on purpose, against the label `codec`."""
    if codec in (None, "utf-8", *_ANYTHING_FITS) or _strictly(raw, codec) is None:
        return True
    # A few GBK characters can be valid UTF-8 by chance; then the more everyday reading is meant.
    ideographs = len(_UTF8_CJK.findall(raw[:_SAMPLE_BYTES]))
    if ideographs >= _NO_CHANCE:
        return True
    return ideographs > 0 and _everyday(utf8.encode("gb18030"), _EVERYDAY_GB) > _everyday(raw, _EVERYDAY_GB)


def _rival(raw: bytes, codec: str) -> str | None:
    """Return the Chinese codec that fits far better than the one declared."""
    if codec in _ANYTHING_FITS:
        return "gb18030" if _plausible_gb(raw) else None
    # A rare character alone proves nothing against the label of the other Chinese family.
    if codec in ("gb18030", "big5hkscs") and len(raw.translate(None, bytes(range(128)))) >= _PROVING_BYTES:
        if codec == "gb18030":
            return "big5hkscs" if _plausible_big5(raw) else None
        return "gb18030" if _plausible_gb(raw) else None
    return None


def _by_sight(raw: bytes) -> str | None:
    """Return the codec whose patterns the bytes show, even if some of them are damaged."""
    if _mostly_utf8(raw):
        return "utf-8"
    return "gb18030" if _plausible_gb(raw) else "big5hkscs" if _plausible_big5(raw) else None


def _plausible_gb(raw: bytes) -> bool:
    """Tell whether the high bytes come in pairs that are mostly everyday Chinese."""
    return _everyday(raw, _EVERYDAY_GB) >= 0.6


def _plausible_big5(raw: bytes) -> bool:
    return _everyday(raw, _EVERYDAY_GB) < 0.5 and _everyday(raw, _EVERYDAY_BIG5) > 0.9


def _everyday(raw: bytes, pair: re.Pattern[bytes]) -> float:
    """Return the share of high bytes that form everyday pairs, from 0 to 1."""
    sample = raw[:_SAMPLE_BYTES]
    runs = _HIGH_RUN.findall(sample)
    strays = len(_HIGH_RUN.sub(b"", sample).translate(None, bytes(range(128))))
    pairs = sum(len(run) // 2 for run in runs) + strays
    hits = sum(1 for run in runs for i in range(0, len(run), 2) if pair.match(run, i))
    return hits / pairs if pairs else 0.0


def _mostly_utf8(raw: bytes) -> bool:
    text = raw[:_SAMPLE_BYTES].decode("utf-8", "replace")
    high = len(text.encode("ascii", "ignore"))
    return text.count("\ufffd") * 3 < len(text) - high


def _looks_wide(raw: bytes) -> bool:
    sample = raw[:200]
    return len(sample) >= 8 and max(sample[::2].count(0), sample[1::2].count(0)) * 5 >= len(sample) * 2


def _strictly(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _read(raw: bytes, codec: str, wrong: str | None) -> Decoded:
    text = raw.decode(codec, "replace")
    return Decoded(text, codec, wrong or ("damaged" if "\ufffd" in text else None))


def _complaint(declared: str | None, codec: str | None, used: str) -> str | None:
    if codec == used:
        return None
    if codec:
        return None if codec == "cp1252" and used == "utf-8" and not declared else "label_wrong"
    return "label_unknown" if declared and declared.strip() else "unlabelled"
