"""Owns what every package stands on: settings, transactions, facts, tasks, audit, secrets, files, live hints.

Does not own any word of customer service: no case, no person, no rule.
Start with tx (how anything is written) and facts (how what happened becomes work).
"""
