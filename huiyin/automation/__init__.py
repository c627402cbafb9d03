"""Owns which fact causes which task, what runs when, and the worker.

Does not own the verbs that tasks call.
Start with reactions.
"""
