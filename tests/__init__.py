"""Owns what is tested across packages: architecture, journeys, browser, faults, contracts.
Does not own a package's own tests: they stand beside it in `tests/`.
Start at `architecture/`."""
