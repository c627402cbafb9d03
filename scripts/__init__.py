"""Owns what prepares, runs and checks a checkout: `make` calls it.
Does not own anything the product needs once it runs; nothing in `huiyin` imports from here.
Start at `bootstrap.py`."""
