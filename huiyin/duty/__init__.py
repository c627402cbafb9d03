"""Owns presence: who is on duty and able to take work.

Does not own sign-in and rights (staff).
Start with presence.
"""
