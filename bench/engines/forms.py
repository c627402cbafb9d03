"""How long it takes to build a form of 30 fields and to check what was answered."""

from collections.abc import Callable

from huiyin.engines import forms

_LABEL = {"zh": "标签", "en": "Label"}
_KINDS = ("text", "number", "date", "phone", "email", "yes_no")
_GIVEN = ("some words", "12.5", "2026-03-02", "138 0000 0000", "li@example.com", "yes")
_FIELDS = [
    {
        "key": f"f{number}",
        "type": _KINDS[number % 6],
        "label": _LABEL,
        **({"shown_when": {"fact": f"f{number - 1}", "op": "known"}} if number % 3 else {}),
    }
    for number in range(30)
]
_FORM = forms.build({"fields": _FIELDS})
_ANSWERS = {f"f{number}": _GIVEN[number % 6] for number in range(30)}

CASES: list[tuple[str, Callable[[], object]]] = [
    ("build 30 fields", lambda: forms.build({"fields": _FIELDS})),
    ("check 30 answers", lambda: _FORM.validate(_ANSWERS)),
    ("mask 30 answers", lambda: _FORM.mask(_ANSWERS, by=lambda kind, text: text[:1])),
]
