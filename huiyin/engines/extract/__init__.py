"""Owns finding contacts, numbers, sums, moments and promises in a text, each with its place.

Does not own what they mean for a case (rules), nor masking them (base.personal).
Start with extract.
"""

from huiyin.engines.extract.everything import extract
from huiyin.engines.extract.found import Amount, Extracted, Found, PromiseFound, Time
from huiyin.engines.extract.promises import promise_in

__all__ = ["Amount", "Extracted", "Found", "PromiseFound", "Time", "extract", "promise_in"]
