"""Owns the proof of the life cycle: every status × every move × every role, through the API and the desk, and the
buttons of the pages. It does not own routes (see tests/permissions) nor random walks (tests/model). Start with table.
"""
