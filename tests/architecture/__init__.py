"""Owns the rules that the code keeps, each with samples that keep and break it.
Does not own the checks themselves: they stand in `scripts/check_*.py`.
Start at `test_product.py`."""
