"""The child of `test_drawing`: draws every file of a folder as the product does, and tells which ones became pictures.

Python loads parts of its libraries when they are first needed. So it draws everything twice: what is opened after the
file `begin` is opened for the pictures alone.
"""

import json
import sys
from pathlib import Path

from huiyin.base import pictures

folder, begin = Path(sys.argv[1]), Path(sys.argv[2])
names = sorted(path.name for path in folder.iterdir())


def drawn() -> dict[str, bool]:
    return {name: pictures.drawn(folder / name, side=pictures.SMALL) is not None for name in names}


first = drawn()
begin.read_bytes()
assert drawn() == first
print(json.dumps(first))
