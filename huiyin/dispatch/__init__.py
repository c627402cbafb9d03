"""Owns queues and the choice of a person, with the reasons.

Does not own the ranking itself (engines.assign).
Start with offer.
"""
