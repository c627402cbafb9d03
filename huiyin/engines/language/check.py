"""Checks a draft against rules and the case."""

from collections.abc import Callable, Iterator

from huiyin.engines.keywords import Hit, normalise
from huiyin.engines.language import figures
from huiyin.engines.language.rules import Rules
from huiyin.engines.language.values import Context, Finding, Rule
from huiyin.engines.reason import Reason

START_LENGTH = 60
END_LENGTH = 120
MASK = "*"
Check = Callable[[str, Rule, list[Hit], Context], Iterator[Finding]]


def check(text: str, rules: Rules, context: Context | None = None) -> list[Finding]:
    """Return what the rules find in `text`, in reading order, what must be blocked before what only warns.

    Spans are code points of `text` as given. A blank draft has no findings.
    """
    if not text.strip():
        return []
    hits: dict[str, list[Hit]] = {}
    for hit in rules.matcher.find(text):
        hits.setdefault(hit.phrase.code, []).append(hit)
    known = context or Context()
    found = [
        finding
        for rule in rules.rules
        for finding in _CHECKS[rule.kind](text, rule, hits.get(rule.code, []), known)
    ]
    return sorted(found, key=lambda one: (one.span, one.severity != "block", one.rule))


def _phrases(text: str, rule: Rule, hits: list[Hit], context: Context) -> Iterator[Finding]:
    """One finding for each place; a phrase inside another of the same rule is the same place."""
    end = -1
    for hit in hits:
        if hit.end > end:
            end = hit.end
            reason = Reason("phrase", {"matched": hit.matched})
            yield _finding(rule, (hit.start, hit.end), reason)


def _private(text: str, rule: Rule, hits: list[Hit], context: Context) -> Iterator[Finding]:
    if rule.subject not in context.needed:
        yield from _phrases(text, rule, hits, context)


def _promise(text: str, rule: Rule, hits: list[Hit], context: Context) -> Iterator[Finding]:
    if rule.subject not in context.authority:
        yield from _phrases(text, rule, hits, context)


def _greeting(text: str, rule: Rule, hits: list[Hit], context: Context) -> Iterator[Finding]:
    first = len(text) - len(text.lstrip())
    if rule.when <= context.situation and not any(hit.start <= first + START_LENGTH for hit in hits):
        yield _finding(rule, (0, 0), Reason("missing"))


def _closing(text: str, rule: Rule, hits: list[Hit], context: Context) -> Iterator[Finding]:
    last = len(text.rstrip())
    if rule.when <= context.situation and not any(hit.end >= last - END_LENGTH for hit in hits):
        yield _finding(rule, (len(text), len(text)), Reason("missing"))


def _statement(text: str, rule: Rule, hits: list[Hit], context: Context) -> Iterator[Finding]:
    if rule.when <= context.situation and not hits:
        yield _finding(rule, (len(text), len(text)), Reason("missing"))


def _others(text: str, rule: Rule, hits: list[Hit], context: Context) -> Iterator[Finding]:
    known = {_bare(value) for value in context.known}
    for one in context.personal:
        if MASK not in one.value and _bare(one.value) not in known:
            yield _finding(rule, (one.start, one.end), Reason("not_of_this_case", {"kind": one.kind}))


def _contradiction(text: str, rule: Rule, hits: list[Hit], context: Context) -> Iterator[Finding]:
    for one in figures.contradictions(text, context.statements):
        params = {"said": one.said, "stated": one.stated, "source": one.source}
        yield _finding(rule, one.span, Reason("contradicts", params))


_CHECKS: dict[str, Check] = {
    "banned": _phrases,
    "jargon": _phrases,
    "private": _private,
    "promise": _promise,
    "greeting": _greeting,
    "closing": _closing,
    "statement": _statement,
    "others": _others,
    "contradiction": _contradiction,
}


def _finding(rule: Rule, span: tuple[int, int], because: Reason) -> Finding:
    return Finding(span, rule.code, rule.kind, rule.severity, rule.advice, because)


def _bare(value: str) -> str:
    """A value without signs, so that +86 138-0000-0000 and 13800000000 are the same."""
    bare = "".join(char for char in normalise(value) if char.isalnum())
    for prefix in ("0086", "86"):
        if bare.isdigit() and bare.startswith(prefix) and len(bare) == len(prefix) + 11:
            return bare[len(prefix) :]
    return bare
