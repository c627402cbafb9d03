"""MinHash: a short signature of a set from which the Jaccard measure of two sets can be estimated.

Source: Broder, “On the resemblance and containment of documents” (1997). Each of the 128 hash functions is a
slice of one SHAKE-128 digest, so signatures are the same on every machine and may be stored.
The estimate's standard error is √(J(1 - J) / 128), at most 0.045.
"""

import hashlib
import struct
from collections.abc import Set

SIZE = 128
LARGEST = 2**32 - 1
_unpack = struct.Struct(f"<{SIZE}I").unpack


def signature(shingles: Set[str]) -> tuple[int, ...]:
    """Return the set's least hash under each of 128 functions; for an empty set the largest number."""
    lowest: tuple[int, ...] = (LARGEST,) * SIZE
    rows = [_unpack(hashlib.shake_128(one.encode()).digest(4 * SIZE)) for one in shingles]
    return tuple(map(min, lowest, *rows)) if rows else lowest


def estimate(one: tuple[int, ...], two: tuple[int, ...]) -> float:
    """Return the estimated Jaccard measure of the sets behind two signatures; 0 when either is empty."""
    if one[0] == two[0] == LARGEST:
        return 0.0
    return sum(left == right for left, right in zip(one, two, strict=True)) / SIZE
