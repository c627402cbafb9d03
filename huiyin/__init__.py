"""Huiyin 回音: customer service where every contact is answered and every promise is kept in view.

Start in ARCHITECTURE.md; one folder per package, each saying in its first lines what it owns.
"""
