"""Owns how fast the product is: figures beside the raw limits of the machine they were measured on.
Does not own any judgement: nothing here passes or fails, and no test asserts a speed.
Start with `make bench`, or `python -m bench.intake --seconds 20 sqlite` for one part."""
