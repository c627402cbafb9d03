"""Owns the inbox and the pipeline from an Inbound value to a promised case.

Does not own parsing bytes (channels) and what a case is (cases).
Start with accept: after it returns nothing is lost.
"""
