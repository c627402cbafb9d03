"""Owns configuration as data: reading, checking and applying a pack.

Does not own what the data means (each package's config).
Start with install.
"""
