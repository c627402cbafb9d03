"""Tries each rule on its own samples, as `pack check` does before a pack is installed."""

from dataclasses import dataclass

from huiyin.engines.language.check import check
from huiyin.engines.language.rules import Rules
from huiyin.engines.language.values import Context


@dataclass(frozen=True, slots=True)
class FailedSample:
    """A sample that its rule should have hit (`expected`) and did not, or the other way round."""

    rule: str
    sample: str
    expected: bool


def failed_samples(rules: Rules) -> tuple[FailedSample, ...]:
    """Return the samples that behave otherwise than stated, each in the situation its rule is made for."""
    failed = []
    for rule in rules.rules:
        context = Context(situation=rule.when)
        for expected, samples in ((True, rule.matches), (False, rule.ignores)):
            for sample in samples:
                hit = any(finding.rule == rule.code for finding in check(sample, rules, context))
                if hit != expected:
                    failed.append(FailedSample(rule.code, sample, expected))
    return tuple(failed)
