"""The values of the language check: rules, what is known of the case, findings."""

from dataclasses import dataclass, field
from typing import Literal, get_args

from huiyin.engines.reason import Reason

Severity = Literal["warn", "block"]
Kind = Literal[
    "banned",
    "jargon",
    "private",
    "promise",
    "greeting",
    "closing",
    "statement",
    "others",
    "contradiction",
]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
KINDS: tuple[Kind, ...] = get_args(Kind)


class LanguageError(ValueError):
    """A rule that cannot work, refused when built: a stable `code` and its `params`."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(f"{code}: {params}")
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Advice:
    """What to write instead, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Which fields count depends on its kind:

    banned, jargon: a phrase found is a finding · private: unless the matter needs the `subject` (such as
    `id_number`) · promise: unless the agent's authority covers the `subject` (such as `compensation`) ·
    greeting (at the start), closing (at the end), statement (anywhere): none of the phrases found is a
    finding, when every word of `when` describes the situation · others, contradiction: no phrases.
    """

    code: str
    kind: Kind
    severity: Severity
    advice: Advice
    subject: str = ""
    when: frozenset[str] = frozenset()
    matches: tuple[str, ...] = ()
    ignores: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Personal:
    """A piece of personal data found in the draft, at `start`–`end` (code points)."""

    start: int
    end: int
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A valid statement, such as a passage of an article; `topic`, its title, adds what it is about."""

    source: str
    text: str
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What is known when the draft is checked.

    `situation`: words such as `first_reply`, `closing`, `before_order`, `mail` · `needed`: private data the
    matter needs · `authority`: promises this agent may make · `personal`: what was found in the draft ·
    `known`: values of this customer and of the house · `statements`: what is valid on the matter.
    """

    situation: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    authority: frozenset[str] = frozenset()
    personal: tuple[Personal, ...] = ()
    known: frozenset[str] = frozenset()
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that the draft hits at `span` (code points of the text; empty where something is missing)."""

    span: tuple[int, int]
    rule: str
    kind: Kind
    severity: Severity
    advice: Advice
    because: Reason = field(default_factory=lambda: Reason("missing"))
