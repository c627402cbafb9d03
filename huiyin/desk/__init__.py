"""Owns the pages of the staff.

Does not own any rule: each view parses, checks the right, calls one verb, renders.
Start with urls.
"""
