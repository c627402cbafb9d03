"""Owns the moments that a text names, Chinese and English, relative to a given time and calendar.

Does not own calendars (businesstime) nor whether a moment is promised (promises).
Start with find.times; moments.py says what each word means.
"""

from huiyin.engines.extract.times.find import times

__all__ = ["times"]
