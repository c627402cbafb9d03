"""Saying that something is refused, by the stable code and not by words that are translated."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from huiyin.staff.refusal import Refusal
from tests import given


@contextmanager
def refused(code: str) -> Iterator[None]:
    """The block raises a refusal of this code; what it wrote before is taken back."""
    with pytest.raises(Refusal) as caught, given.undone():
        yield
    assert caught.value.code == code, caught.value
