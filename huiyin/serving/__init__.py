"""Owns the way from a socket to Django and back: limits, spooling, threads, draining, forking processes.

Does not own any page, route or right: it imports nothing of the product except huiyin.base.live.
Start with server.serve, then bridge.Bridge; supervisor.supervise keeps the processes alive.
"""
