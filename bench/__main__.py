"""Everything that `make bench` measures; its parts: `python -m bench.intake`, `.promises`, `.pages`, `.engines`."""

import sys

from bench import intake, pages, promises
from bench.engines import __main__ as engines

if __name__ == "__main__":
    sys.exit(intake.main([]) or promises.main([]) or pages.main([]) or engines.main([]))
