"""Owns the command line.

Does not own any rule: each command parses, calls one verb, prints.
Start with main.
"""
