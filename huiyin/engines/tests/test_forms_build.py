"""Forms as data: a form that could not be filled in is refused when built."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.engines import forms
from huiyin.engines.forms import FormError
from huiyin.engines.tests.test_forms import JUNK, LABEL, PICK, TYPES, a_field, a_form, when


def refusal(data: object) -> tuple[str, str]:
    with pytest.raises(FormError) as caught:
        forms.build(data)
    return caught.value.path, caught.value.code


@pytest.mark.parametrize(
    ("data", "path", "code"),
    [
        ([], "", "not_a_form"),
        ({"fields": []}, "fields", "empty"),
        ({"fields": [a_field("a", "text")] * 201}, "fields", "too_large"),
        ({"fields": ["a"]}, "fields[0]", "not_a_field"),
        ({"fields": [a_field("a", "text")], "title": "x"}, "title", "unknown_key"),
        ({"fields": [a_field("a", "text"), a_field("a", "date")]}, "fields[1].key", "twice"),
        (
            {"fields": [a_field("a", "choice"), a_field("b", "text", shown_when=when("a", "is", "gift"))]},
            "fields[1].shown_when.value",
            "not_a_choice",
        ),
    ],
)
def test_a_form_that_could_not_be_filled_in_is_refused_at_the_place(
    data: object, path: str, code: str
) -> None:
    assert refusal(data) == (path, code)


@pytest.mark.parametrize(
    ("field", "path", "code"),
    [
        (a_field("a", "blob"), "type", "unknown_type"),
        (a_field("__a", "text"), "key", "not_a_key"),
        (a_field("a__gt", "text"), "key", "not_a_key"),
        (a_field("a", "text", label={"zh": "x"}), "label.en", "words_missing"),
        (a_field("a", "text", label={**LABEL, "de": "x"}), "label.de", "unknown_key"),
        (a_field("a", "text", choices=PICK), "choices", "unknown_key"),
        (a_field("a", "text", unit=LABEL), "unit", "unknown_key"),
        (a_field("a", "choice", choices=[]), "choices", "empty"),
        (a_field("a", "choice", choices=[PICK[0], PICK[0]]), "choices[1].key", "twice"),
        (a_field("a", "choice", choices=[{"key": "a b", "label": LABEL}]), "choices[0].key", "not_a_key"),
        (a_field("a", "number", places=7), "places", "not_a_bound"),
        (a_field("a", "number", least="x"), "least", "not_a_bound"),
        (a_field("a", "number", least=2, most=1), "least", "not_a_range"),
        (a_field("a", "date", least="2026-13-01"), "least", "not_a_bound"),
        (a_field("a", "text", most=501), "most", "too_large"),
        (a_field("a", "files", least=21), "least", "not_a_range"),
        (a_field("a", "text", mask="secret"), "mask", "unknown_mask"),
        (a_field("a", "text", mask="name", indexed=True), "indexed", "personal"),
        (a_field("a", "text", required="yes"), "required", "not_yes_or_no"),
        (a_field("a", "text", shown_when={}), "shown_when", "fact_missing"),
        (a_field("a", "text", shown_when=when("a", "known")), "shown_when", "cycle"),
        (
            a_field("a", "text", shown_when={"all": [when("b", "known")]}),
            "shown_when.all[0].fact",
            "unknown_fact",
        ),
        (
            a_field("a", "text", required=True, required_when=when("a", "known")),
            "required_when",
            "already_required",
        ),
    ],
)
def test_a_field_that_could_not_be_answered_is_refused_at_the_place(
    field: object, path: str, code: str
) -> None:
    assert refusal({"fields": [field]}) == (f"fields[0].{path}", code)


def test_fields_that_show_each_other_in_a_circle_are_refused_with_their_names() -> None:
    circle = [
        a_field(key, "text", shown_when=when(after, "known")) for key, after in zip("abc", "bca", strict=True)
    ]
    with pytest.raises(FormError) as caught:
        a_form(a_field("x", "text"), *circle)
    assert (caught.value.path, caught.value.code) == ("fields[1].shown_when", "cycle")
    assert set(str(caught.value.params["fields"]).split(", ")) == {"a", "b", "c"}


@settings(max_examples=200, deadline=None)
@given(JUNK | st.fixed_dictionaries({"fields": st.lists(st.dictionaries(
    st.sampled_from(["key", "type", "label", "choices", "least", "most", "mask", "required", "shown_when"]),
    JUNK | st.just(LABEL) | TYPES, max_size=5), max_size=2)}))  # fmt: skip
def test_anything_written_is_either_built_or_refused_in_the_one_way(data: Mapping[str, Any]) -> None:
    try:
        assert forms.build(data).fields
    except FormError as refused:
        assert refused.code
