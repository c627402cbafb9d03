"""Owns what found phrases mean: category, priority, emotion, and whether cases come in a burst.

Does not own finding the phrases (keywords), the learned model, or the rules' storage (rules).
Start with classify, then prioritise; both say why in codes with parameters.
"""

from huiyin.engines.classify.bursts import Burst, is_burst
from huiyin.engines.classify.categories import Classification, classify
from huiyin.engines.classify.emotions import EMOTIONS, Emotion, emotion
from huiyin.engines.classify.urgency import PRIORITIES, Priority, Signals, Urgency, prioritise
from huiyin.engines.classify.words import EMOTION_PHRASES

__all__ = [
    "EMOTIONS",
    "EMOTION_PHRASES",
    "PRIORITIES",
    "Burst",
    "Classification",
    "Emotion",
    "Priority",
    "Signals",
    "Urgency",
    "classify",
    "emotion",
    "is_burst",
    "prioritise",
]
