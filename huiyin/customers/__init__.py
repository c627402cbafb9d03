"""Owns the people outside: who they are, how they are recognised, what is masked.

Does not own their cases, visits or contracts.
Start with recognise.
"""
