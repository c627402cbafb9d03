"""Owns what is proved by force: kills, locks, cuts and full disks against the real product in processes of its own.
Does not own the rules of a package when nothing breaks: they stand in its `tests/`.
Start at `ledger.py` (what a client knows), `product.py` (what is killed), `checker.py` (what must hold then)."""
