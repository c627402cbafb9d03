"""Owns the pages of customers: the message form and following a case.

Does not own any rule: each view parses, checks the token, calls one verb, renders.
Start with urls.
"""
