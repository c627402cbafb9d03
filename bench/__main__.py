"""All that `make bench` measures; parts: `python -m bench.intake`, `.promises`, `.flood`, `.pages`, `.engines`."""

import sys

from bench import flood, intake, pages, promises
from bench.engines import __main__ as engines

if __name__ == "__main__":
    sys.exit(intake.main([]) or promises.main([]) or flood.main([]) or pages.main([]) or engines.main([]))
