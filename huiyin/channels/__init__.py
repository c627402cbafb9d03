"""Owns the wires: accounts, bytes to Inbound values, deliveries and the way out.

Does not own what a message means, or which case it joins.
Start with inbound for the way in, deliver for the way out.
"""
