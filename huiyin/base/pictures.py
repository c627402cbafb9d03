"""Pictures drawn anew: nothing shown inline holds a byte that somebody sent, or tells where it was taken."""

import io
from pathlib import Path

from PIL import Image, ImageOps

SMALL, LARGE = 320, 1600
CONTENT_TYPE = "image/webp"
PIXELS_LIMIT = 40_000_000
NAMES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
# What the decoders raise for files that are cut, wrong or made to be expensive.
_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, OverflowError, Image.DecompressionBombError)


def is_named_so(name: str) -> bool:
    """Tell whether a file calls itself a picture; only `drawn` knows."""
    return name.lower().endswith(NAMES)


def drawn(path: Path, *, side: int) -> bytes | None:
    """Return the first picture of the file as WebP, upright, at most `side` pixels each way.

    None means: no picture, a broken one, or one of more than `PIXELS_LIMIT` pixels.
    """
    try:
        with Image.open(path, formats=_FORMATS) as picture:
            if picture.width * picture.height > PIXELS_LIMIT:
                return None
            picture.draft("RGB", (side, side))
            upright = ImageOps.exif_transpose(picture)
            flat = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
            flat.thumbnail((side, side))
            made = io.BytesIO()
            flat.save(made, "WEBP", quality=80, method=2)
    except _UNREADABLE:
        return None
    return made.getvalue()
