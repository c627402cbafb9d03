"""Stored files: their names are data only, a row never points to nothing, orphans go."""

from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import given as always
from hypothesis import settings as tuned
from hypothesis import strategies as st

from huiyin.base import clock, files
from huiyin.base.checks import files_there
from huiyin.base.models import Blob
from tests.given import MONDAY_9, hours

pytestmark = pytest.mark.django_db
FIXTURES = tuned(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
CRUEL = st.one_of(
    st.text(max_size=300), st.sampled_from(["../../etc/passwd", "..\\..\\x", "/abs", "a\x00b", ".", ".."])
)


def stored(name: str = "a.txt", payload: bytes = b"x") -> Blob:
    blob = files.store(payload, name=name, content_type="image/png", subject="case:1", at=MONDAY_9)
    Blob.objects.bulk_create([blob])
    return blob


def root() -> Path:
    return Path(settings.HUIYIN.data_dir) / "files"


@FIXTURES
@always(CRUEL)
def test_no_name_leads_out_of_the_store_or_into_a_header(name: str) -> None:
    clean = files.clean_name(name)
    assert clean and len(clean) <= 200 and clean not in (".", "..")
    assert not set(clean) & set("/\\\x00\r\n\u202e\u200b")
    clean.encode()


def test_where_a_file_lies_has_nothing_to_do_with_its_name() -> None:
    blob = stored("../../../../tmp/evil")
    path = files.path_of(blob.uuid).resolve()
    assert path.is_relative_to(root().resolve()) and path.name == blob.uuid.hex


def test_a_crash_between_the_file_and_its_row_leaves_an_orphan_that_is_swept_a_day_later() -> None:
    kept = stored()
    files.store(b"y", name="b", content_type="", subject="", at=MONDAY_9)
    half = root() / "ab" / "half.part"
    half.parent.mkdir(parents=True, exist_ok=True)
    half.write_bytes(b"z")
    assert list(files_there()) == []
    assert files.sweep(clock.now() + hours(25)) == 2
    assert [UUID(p.name) for p in root().glob("*/*")] == [kept.uuid]


def test_what_else_lies_in_the_store_does_not_stop_the_sweep() -> None:
    stranger = root() / "ab" / "README"
    stranger.parent.mkdir(parents=True)
    stranger.write_bytes(b"z")
    files.store(b"y", name="b", content_type="", subject="", at=MONDAY_9)
    assert files.sweep(clock.now() + hours(25)) == 1
    assert stranger.exists() and list(files_there()) == []


@pytest.mark.tampers
def test_verify_names_a_row_whose_file_is_gone() -> None:
    blob = stored()
    files.path_of(blob.uuid).unlink()
    assert any(str(blob.uuid) in line for line in files_there())
