"""Owns the people inside: staff, sites, teams, roles and scopes, sign-in, tokens, and who may see what.

Does not own customers, nor presence and rosters (duty).
Start with viewer: every query of a page begins with what it says.
"""
