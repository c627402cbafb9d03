"""Builds rules from plain data, as packs hold them, and compiles their phrases into one matcher."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from huiyin.engines import keywords
from huiyin.engines.keywords import Matcher, Phrase, PhraseError, normalise
from huiyin.engines.language.values import KINDS, SEVERITIES, Advice, LanguageError, Rule

WITHOUT_PHRASES = ("others", "contradiction")
REQUIRED = ("greeting", "closing", "statement")
WITH_SUBJECT = ("private", "promise")
FIELDS = {"code", "kind", "severity", "advice", "phrases", "patterns", "excludes"}
FIELDS |= {"subject", "when", "matches", "ignores"}


@dataclass(frozen=True, slots=True)
class Rules:
    """Compiled rules; they do not change, so requests may share them."""

    rules: tuple[Rule, ...]
    matcher: Matcher


def rules(given: Iterable[object]) -> Rules:
    """Build rules from a list of records. Raises LanguageError naming the rule and what is wrong with it.

    `{code, kind, severity: warn | block, advice: {zh, en}, phrases?, patterns?, excludes?, subject?, when?,
    matches?, ignores?}`; patterns are RE2; an exclusion is a longer text in which a phrase does not count.
    What the fields mean to each kind stands at Rule.
    """
    built: list[Rule] = []
    phrases: list[Phrase] = []
    for number, item in enumerate(given):
        if not isinstance(item, Mapping):
            raise LanguageError("not_a_record", rule=number)
        rule = _rule(item, str(item.get("code", number)))
        if any(rule.code == one.code for one in built):
            raise LanguageError("rule_twice", rule=rule.code)
        built.append(rule)
        phrases.extend(_phrases(item, rule))
    try:
        return Rules(tuple(built), keywords.compile(phrases))
    except PhraseError as refused:
        named = {name: value for name, value in refused.reason.params.items() if not isinstance(value, float)}
        raise LanguageError("phrase_refused", because=refused.reason.code, **named) from refused


def _rule(item: Mapping[object, object], code: str) -> Rule:
    for name in item.keys() - FIELDS:
        raise LanguageError("field_unknown", rule=code, field=str(name))
    advice = item.get("advice")
    if not isinstance(advice, Mapping):
        raise LanguageError("advice_missing", rule=code)
    kind = _choice(item, code, "kind", KINDS)
    subject = _text(item.get("subject", ""), code, "subject")
    if (kind in WITH_SUBJECT) != bool(subject):
        raise LanguageError("subject_missing" if kind in WITH_SUBJECT else "subject_unused", rule=code)
    when = frozenset(_texts(item, code, "when"))
    if when and kind not in REQUIRED:
        raise LanguageError("when_unused", rule=code)
    return Rule(
        code=_text(item.get("code"), code, "code", needed=True),
        kind=next(one for one in KINDS if one == kind),
        severity=next(one for one in SEVERITIES if one == _choice(item, code, "severity", SEVERITIES)),
        advice=Advice(
            *(_text(advice.get(tongue), code, f"advice.{tongue}", needed=True) for tongue in ("zh", "en"))
        ),
        subject=subject,
        when=when,
        matches=_texts(item, code, "matches"),
        ignores=_texts(item, code, "ignores"),
    )


def _phrases(item: Mapping[object, object], rule: Rule) -> list[Phrase]:
    texts, patterns = _texts(item, rule.code, "phrases"), _texts(item, rule.code, "patterns")
    if bool(texts or patterns) == (rule.kind in WITHOUT_PHRASES):
        raise LanguageError("phrases_unused" if texts or patterns else "phrases_missing", rule=rule.code)
    excludes = _texts(item, rule.code, "excludes")
    found = [Phrase(rule.code, text, excludes=_covering(text, excludes)) for text in texts]
    found += [Phrase(rule.code, text, is_pattern=True, excludes=excludes) for text in patterns]
    used = {exclude for phrase in found for exclude in phrase.excludes}
    for exclude in excludes:
        if exclude not in used:
            raise LanguageError("exclude_covers_nothing", rule=rule.code, exclude=exclude)
    return found


def _covering(text: str, excludes: tuple[str, ...]) -> tuple[str, ...]:
    folded = normalise(text).strip()
    return tuple(one for one in excludes if folded in normalise(one) and folded != normalise(one).strip())


def _choice(item: Mapping[object, object], code: str, field: str, choices: tuple[str, ...]) -> str:
    value = item.get(field)
    if not isinstance(value, str) or value not in choices:
        raise LanguageError("not_a_choice", rule=code, field=field, choices=", ".join(choices))
    return value


def _texts(item: Mapping[object, object], code: str, field: str) -> tuple[str, ...]:
    value = item.get(field, [])
    if not isinstance(value, list | tuple):
        raise LanguageError("not_a_list", rule=code, field=field)
    return tuple(_text(one, code, field, needed=True) for one in value)


def _text(value: object, code: str, field: str, *, needed: bool = False) -> str:
    if not isinstance(value, str) or (needed and not value.strip()):
        raise LanguageError("not_a_text", rule=code, field=field)
    return value
