"""Owns the invented messages that show how real mail programs write, and what must be understood of each.

Does not own checks: test_mail_corpus.py compares them. All people, firms and numbers are made up.
Start with build.py, then any of the others: one module, one kind of trouble.
"""

from huiyin.engines.tests.mail_corpus import (
    answers,
    automatic,
    charsets,
    files,
    heads,
    markup,
    structure,
    words,
)
from huiyin.engines.tests.mail_corpus.build import Sample

SAMPLES: tuple[Sample, ...] = (
    *words.SAMPLES,
    *heads.SAMPLES,
    *charsets.SAMPLES,
    *structure.SAMPLES,
    *files.SAMPLES,
    *markup.SAMPLES,
    *answers.SAMPLES,
    *automatic.SAMPLES,
)
