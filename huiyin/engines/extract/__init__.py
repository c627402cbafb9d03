"""Owns what a message states: contacts, numbers, sums, names, addresses, links, moments, promises.

Does not own whom these belong to (customers) nor what is owed (cases). Start with extract, then promise_in.
The rules of each kind stand in its module; docs/developers/engines/extract.md has them together.
"""

from huiyin.engines.extract.everything import extract
from huiyin.engines.extract.found import Amount, Extracted, Found, PromiseFound, Time
from huiyin.engines.extract.promises import promise_in

__all__ = ["Amount", "Extracted", "Found", "PromiseFound", "Time", "extract", "promise_in"]
