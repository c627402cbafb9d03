"""Owns finding thousands of phrases in one message: folding, borders, exclusions, patterns, positions.

Does not own what a found phrase means (classify) nor where phrases are stored (rules).
Start with compile, then Matcher.find.
"""

from huiyin.engines.keywords.folding import normalise
from huiyin.engines.keywords.matcher import Matcher, compile  # noqa: A004 (read aloud: keywords.compile)
from huiyin.engines.keywords.phrase import Hit, Phrase, PhraseError

__all__ = ["Hit", "Matcher", "Phrase", "PhraseError", "compile", "normalise"]
