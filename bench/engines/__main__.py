"""Print the cost of one call of each engine: `python -m bench.engines [ENGINE …]`."""

import importlib
import pkgutil
import sys
import timeit
from collections.abc import Callable
from pathlib import Path

REPEATS = 5


def main(wanted: list[str]) -> int:
    """Time the cases of the named engines, or of all; one line a case, the best of five runs.

    Answers 1 when a named engine has no module here.
    """
    found = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    names = [name for name in found if not name.startswith("_")]
    missing = sorted(set(wanted) - set(names))
    if missing:
        print(f"no such engine: {', '.join(missing)}; there are {', '.join(names)}", file=sys.stderr)
        return 1
    for engine in wanted or names:
        module = importlib.import_module(f"bench.engines.{engine}")
        cases: list[tuple[str, Callable[[], object]]] = module.CASES
        for case, call in cases:
            print(f"{engine:<14} {case:<52} {best_us(call):>14,.2f} µs", flush=True)
    return 0


def best_us(call: Callable[[], object]) -> float:
    """Return the cost of one call in microseconds, the best of five runs of about 0.2 s each."""
    timer = timeit.Timer(call)
    number, _ = timer.autorange()
    return min(timer.repeat(REPEATS, number)) / number * 1e6


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
