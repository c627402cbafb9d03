"""Owns the SQLite backend: WAL, full sync, immediate transactions behind a fair gate.

Does not own any query.
Start with base.DatabaseWrapper; why a gate: SQLite's busy handler is unfair between processes.
"""
