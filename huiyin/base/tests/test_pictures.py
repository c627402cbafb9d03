"""Pictures are drawn anew: nothing of what was sent is shown, and what is no picture is not shown at all."""

import io
from pathlib import Path

import pytest
from PIL import Image

from huiyin.base import pictures
from tests.given import a_picture

ROTATED = 6  # the camera was held upright: a quarter turn to the right


def drawn(folder: Path, payload: bytes, side: int = pictures.SMALL) -> bytes | None:
    path = folder / "file"
    path.write_bytes(payload)
    return pictures.drawn(path, side=side)


def opened(payload: bytes | None) -> Image.Image:
    assert payload is not None
    return Image.open(io.BytesIO(payload))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_is_shown_as_another_one_of_at_most_the_size_asked_for(tmp_path: Path, kind: str) -> None:
    sent = a_picture(kind)
    shown = opened(drawn(tmp_path, sent))
    assert (shown.format, shown.size) == ("WEBP", (320, 160))
    assert opened(drawn(tmp_path, sent, pictures.LARGE)).size == (600, 300)


def test_where_and_with_what_it_was_taken_is_not_shown_but_upright_it_is(tmp_path: Path) -> None:
    about = Image.Exif()
    about[0x0112], about[0x010F] = ROTATED, "Camera-of-Zhang"
    shown = drawn(tmp_path, a_picture("JPEG", exif=about) + b"<script>alert(1)</script>")
    assert opened(shown).size == (160, 320)
    assert not opened(shown).getexif()
    assert b"Zhang" not in (shown or b"") and b"script" not in (shown or b"")


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<html><script>alert(1)</script>",
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n and then nothing of the kind",
        a_picture("PNG")[:90],
        a_picture("BMP"),
        a_picture("TIFF"),
    ],
)
def test_what_is_no_whole_picture_of_a_known_kind_is_not_shown(tmp_path: Path, payload: bytes) -> None:
    assert drawn(tmp_path, payload) is None


def test_a_small_file_that_unfolds_to_a_huge_picture_is_never_unfolded(tmp_path: Path) -> None:
    bomb = a_picture("PNG", (7000, 7000))
    assert len(bomb) < 200_000
    assert drawn(tmp_path, bomb) is None


def test_a_file_that_is_gone_shows_nothing(tmp_path: Path) -> None:
    assert pictures.drawn(tmp_path / "gone", side=pictures.SMALL) is None
