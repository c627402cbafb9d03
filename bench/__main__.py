"""Everything that `make bench` measures; its parts are `python -m bench.intake`, `.promises` and `.engines`."""

import sys

from bench import intake, promises
from bench.engines import __main__ as engines

if __name__ == "__main__":
    sys.exit(intake.main([]) or promises.main([]) or engines.main([]))
