"""Owns stored rules: categories, phrases, promise policies, calendars, wordings, and the decision they make together.

Does not own acting on a decision (cases.lifecycle does).
Start with decide.
"""
