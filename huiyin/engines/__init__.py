"""Owns the pure thinking: time, words, scores, choices. Values in, values out.

Does not own anything stored, read or sent: no Django, no input or output, no clock.
Start with businesstime, then classify; docs/developers/engines.md has one worked example each.
"""
