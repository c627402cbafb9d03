"""Owns the case, its entries and its promises, and the one door through which they change.

Does not own who should handle it (dispatch), nor what an entry causes (automation).
Start with lifecycle; moves holds the table of the life cycle.
"""
