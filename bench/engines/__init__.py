"""Owns the speed of the engines: one module an engine, each with its CASES.

Does not own any judgement: nothing here passes or fails.
Start with `python -m bench.engines`, or name engines: `python -m bench.engines businesstime`.
"""
