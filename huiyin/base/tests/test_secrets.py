"""Tokens, digests and sealed texts: for one purpose, by one key, changed by nobody."""

import pytest
from hypothesis import given as always
from hypothesis import strategies as st

from huiyin.base import secrets
from huiyin.base.secrets import NotOurs


@always(st.text(min_size=1, max_size=60))
def test_a_token_gives_its_text_back_for_its_purpose_only(text: str) -> None:
    made = secrets.token("link", text)
    assert secrets.read_token("link", made) == text
    with pytest.raises(NotOurs):
        secrets.read_token("survey", made)


@always(st.integers(0, 200), st.characters(categories=("L", "N")))
def test_a_token_changed_anywhere_is_not_ours(place: int, letter: str) -> None:
    made = secrets.token("link", "260302-0001.1.1788")
    place %= len(made)
    changed = made[:place] + letter + made[place + 1 :]
    if changed != made:
        with pytest.raises(NotOurs):
            secrets.read_token("link", changed)


@always(st.text())
def test_whatever_is_handed_in_as_a_token_is_refused_calmly(given: str) -> None:
    with pytest.raises(NotOurs):
        secrets.read_token("link", given)
    with pytest.raises(NotOurs):
        secrets.unseal("cursor", given)


def test_a_token_has_one_spelling() -> None:
    made = secrets.token("link", "abc")
    for other in (made + "=", made + "==", made + "\n", " " + made):
        with pytest.raises(NotOurs):
            secrets.read_token("link", other)


@always(st.text(max_size=60))
def test_a_sealed_text_is_opened_by_its_purpose_only_and_never_looks_the_same(text: str) -> None:
    sealed = secrets.seal("cursor", text)
    assert secrets.unseal("cursor", sealed) == text != sealed
    assert secrets.seal("cursor", text) != sealed
    with pytest.raises(NotOurs):
        secrets.unseal("callback", sealed)


def test_a_digest_is_equal_for_equal_texts_of_one_purpose() -> None:
    assert secrets.digest("phone", "1") == secrets.digest("phone", "1") != secrets.digest("email", "1")
