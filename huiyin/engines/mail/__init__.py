"""Owns what the bytes of a mail say: people, text, files, newly written words, and whether a person wrote it.

Does not own fetching, storing, threading or trusting: a sender's name and address are claims only.
Start with parsing.py; docs/developers/engines/mail.md has the rules and one worked example.
"""

from huiyin.engines.mail.as_json import to_json
from huiyin.engines.mail.parsing import parse
from huiyin.engines.mail.quotes import new_text
from huiyin.engines.mail.values import Address, Attachment, Limits, Mail

__all__ = ["Address", "Attachment", "Limits", "Mail", "new_text", "parse", "to_json"]
