"""Owns the tests that drive the real product with a real browser.

Does not own the rules behind the pages: those are tested where they live.
Start with test_story.
"""
