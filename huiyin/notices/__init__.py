"""Owns what is told to whom inside, and by which wire.

Does not own what customers are told (channels.deliver).
Start with tell.
"""
