"""Every invented message of the corpus is understood as its rule says."""

from typing import Any

import pytest

from huiyin.engines import mail
from huiyin.engines.tests.mail_corpus import SAMPLES
from huiyin.engines.tests.mail_corpus.build import Sample

OWN = frozenset({"cases.example.net"})


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.rule for sample in SAMPLES])
def test_the_rule_holds(sample: Sample) -> None:
    understood = _seen(mail.parse(sample.raw, own_domains=OWN), sample.expect)
    assert understood == sample.expect


def test_the_corpus_holds_no_rule_twice() -> None:
    rules = [sample.rule for sample in SAMPLES]
    assert len(rules) == len(set(rules))


def _seen(found: mail.Mail, expect: dict[str, Any]) -> dict[str, Any]:
    """Return what the message says about each thing that is expected, in the corpus's short forms."""
    people = {name: [(each.name, each.address) for each in getattr(found, name)] for name in ("to", "cc")}
    defects = {defect.code for defect in found.defects}
    short: dict[str, Any] = {
        **people,
        "sender": (found.from_.name, found.from_.address),
        "reply_to": (found.reply_to.name, found.reply_to.address) if found.reply_to else None,
        "references": list(found.references),
        "date": found.date.isoformat() if found.date else None,
        "names": [each.name for each in found.attachments],
        "sizes": [each.size for each in found.attachments],
        "digests": [each.sha256 for each in found.attachments],
        "inline": [each.inline for each in found.attachments],
        "automatic": found.automatic.code if found.automatic else None,
        "defects": tuple(code for code in expect.get("defects", ()) if code in defects),
        "text_has": expect.get("text_has", "") if expect.get("text_has", "") in found.text else found.text,
        "text_lacks": expect.get("text_lacks")
        if expect.get("text_lacks", "\0") not in found.text
        else found.text,
    }
    return {key: short[key] if key in short else getattr(found, key) for key in expect}
