"""Everything that `make bench` measures; its parts are `python -m bench.intake` and `python -m bench.engines`."""

import sys

from bench import intake
from bench.engines import __main__ as engines

if __name__ == "__main__":
    sys.exit(intake.main([]) or engines.main([]))
