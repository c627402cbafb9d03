"""Owns the HTTP interface for programs.

Does not own any rule: each operation parses, checks the right, calls one verb, answers.
Start with routes.
"""
