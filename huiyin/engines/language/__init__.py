"""Owns what a draft must not say, must say, and says against what is valid; it advises, people decide.

Does not own finding personal data (extract), articles (knowledge) nor what an agent may promise (staff).
Start with rules() and check(); the shipped rules are packs/general/language.yaml.
"""

from huiyin.engines.language.check import check
from huiyin.engines.language.rules import Rules, rules
from huiyin.engines.language.samples import FailedSample, failed_samples
from huiyin.engines.language.values import Advice, Context, Finding, LanguageError, Personal, Rule, Statement

__all__ = [
    "Advice",
    "Context",
    "FailedSample",
    "Finding",
    "LanguageError",
    "Personal",
    "Rule",
    "Rules",
    "Statement",
    "check",
    "failed_samples",
    "rules",
]
