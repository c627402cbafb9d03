"""Texts with names to fill in: what is refused when saved, and that values stay what they are."""

import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.engines import placeholders
from huiyin.engines.placeholders import Missing, MissingValueError, PlaceholderError, Slot

NAMES = ("customer.name", "case.number", "agent.name")
VALUES = {"customer.name": "王女士", "case.number": "260302-0001", "agent.name": "Li"}

PAYLOADS = [
    "{{7*7}}",
    "{{config}}",
    "{% include 'secret' %}",
    "{# comment #}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "%(name)s %s",
    "{0!r}",
    "{:>10}",
    "{a[0]}",
    '{"json": {"a": 1}}',
    "a { color: red }",
    "{}",
    "}{",
    "{{}}",
    "{{ customer.__class__ }}",
    "\\n \\{ \\\\{",
    "{{customer.name",
]


def filled(text: str) -> str:
    return placeholders.parse(text, NAMES).fill(VALUES)


def refusal(text: str) -> tuple[int, str, dict[str, str | int]]:
    with pytest.raises(PlaceholderError) as caught:
        placeholders.parse(text, NAMES)
    return caught.value.position, caught.value.code, dict(caught.value.params)


def test_names_are_replaced_by_their_values() -> None:
    assert filled("{customer.name}，您好：{case.number}。{agent.name}") == "王女士，您好：260302-0001。Li"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_syntax_of_other_languages_in_a_text_stays_as_it_is(payload: str) -> None:
    assert filled(payload.replace("\\{", "")) == payload.replace("\\{", "")


@pytest.mark.parametrize(
    "payload", [*PAYLOADS, "{customer.name}", "{customer.name!r}", "{agent.name} \\{agent.name}", "\\", "{"]
)
def test_a_value_is_never_read_again_whatever_it_holds(payload: str) -> None:
    template = placeholders.parse("[{customer.name}{agent.name}]", NAMES)
    assert template.fill({"customer.name": payload, "agent.name": "Li"}) == f"[{payload}Li]"


@pytest.mark.parametrize(
    ("text", "position", "code", "params"),
    [
        ("您好 {customer.nmae}", 3, "unknown_name", {"name": "customer.nmae", "nearest": "customer.name"}),
        ("{Customer.Name}", 0, "unknown_name", {"name": "Customer.Name", "nearest": "customer.name"}),
        ("{ customer.name }", 0, "unknown_name", {"name": " customer.name ", "nearest": "customer.name"}),
        ("{客户姓名}", 0, "unknown_name", {"name": "客户姓名"}),
        (
            "{customer.__class__}",
            0,
            "unknown_name",
            {"name": "customer.__class__", "nearest": "customer.name"},
        ),
        ("ok {agent.name} ${secret}", 17, "unknown_name", {"name": "secret"}),
        ("{{customer.name}}", 0, "doubled", {"name": "customer.name"}),
        ("{{ customer.name }}", 0, "doubled", {"name": "customer.name"}),
        ("{customer.name, hello", 0, "not_closed", {"name": "customer.name"}),
        ("{customer.name!r}", 0, "not_closed", {"name": "customer.name"}),
        ("{customer.name hello", 0, "not_closed", {"name": "customer.name"}),
        ("x" * 50_001, 50_000, "too_long", {"most": 50_000}),
    ],
)
def test_what_would_reach_a_customer_unfilled_is_refused_with_its_position(
    text: str, position: int, code: str, params: dict[str, str | int]
) -> None:
    assert refusal(text) == (position, code, params)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("\\{customer.name}", "{customer.name}"),
        ("\\\\{agent.name}", "\\Li"),
        ("\\\\\\{agent.name}", "\\{agent.name}"),
        ("\\{{agent.name}}", "{Li}"),
        ("C:\\files\\\\x", "C:\\files\\\\x"),
        ("{agent.name}}", "Li}"),
    ],
)
def test_a_backslash_before_a_brace_makes_it_literal_and_elsewhere_is_itself(text: str, result: str) -> None:
    assert filled(text) == result


def test_without_a_value_nothing_is_filled_and_all_missing_names_are_told() -> None:
    template = placeholders.parse("{customer.name} {case.number} {agent.name}", NAMES)
    with pytest.raises(MissingValueError) as caught:
        template.fill({"customer.name": "", "agent.name": "Li"})
    assert caught.value.names == ("customer.name", "case.number")


def test_a_draft_keeps_the_names_and_a_printed_form_leaves_them_blank() -> None:
    template = placeholders.parse("尊敬的{customer.name}：", NAMES)
    assert template.fill({}, missing=Missing.NAME) == "尊敬的{customer.name}："
    assert template.fill({}, missing=Missing.BLANK) == "尊敬的："


def test_a_value_that_is_not_text_is_refused() -> None:
    values: dict[str, Any] = {"agent.name": 7}
    with pytest.raises(TypeError, match=r"agent\.name"):
        placeholders.parse("{agent.name}", NAMES).fill(values)


def test_the_names_used_are_listed_once_in_order() -> None:
    template = placeholders.parse("{agent.name}{customer.name}{agent.name}", NAMES)
    assert template.names == ("agent.name", "customer.name")


PIECES = st.lists(
    st.sampled_from(["{", "}", "\\", "{agent.name}", "customer.name", " ", "x", "{{", "}}", "王"])
    | st.text(max_size=3),
    max_size=12,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(PIECES)
def test_an_escaped_text_comes_out_as_it_went_in(text: str) -> None:
    assert placeholders.parse(placeholders.escape(text), NAMES).fill({}) == text


@settings(max_examples=300, deadline=None)
@given(PIECES, PIECES)
def test_only_slots_change_and_only_by_their_own_value(text: str, value: str) -> None:
    try:
        template = placeholders.parse(text, NAMES)
    except PlaceholderError as refused:
        assert text[refused.position] == "{"
        return
    result = template.fill(dict.fromkeys(NAMES, value or "-"))
    assert result == "".join(part if isinstance(part, str) else value or "-" for part in template.parts)
    slots = [part for part in template.parts if isinstance(part, Slot)]
    assert len(slots) == len(slots_found_slowly(text))


def slots_found_slowly(text: str) -> list[str]:
    """Every known name in single braces whose brace no odd run of backslashes and no brace precedes."""
    found, here = [], 0
    while here < len(text):
        run = re.match(r"\\*", text[here:])
        slashes = len(run.group()) if run else 0
        here += slashes
        if slashes % 2 and text[here : here + 1] == "{":
            here += 1
            continue
        if text[here : here + 1] != "{":
            here += 1
            continue
        braces = len(text[here:]) - len(text[here:].lstrip("{"))
        name = next((each for each in NAMES if text[here + 1 :].startswith(each + "}")), None)
        if braces == 1 and name:
            found.append(name)
        here += braces
    return found


@pytest.mark.parametrize("bait", ["\\", "{", "{a", "{{a}", "\\{", "{ ", "}"])
def test_reading_a_hostile_text_takes_time_in_proportion_to_its_length(bait: str) -> None:
    def cost(length: int) -> float:
        text = (bait * length)[:length]
        return min(timed(text) for _ in range(5))

    assert cost(40_000) < 40 * max(cost(4_000), 0.0002)


def timed(text: str) -> float:
    start = time.process_time()
    try:
        placeholders.parse(placeholders.escape(text)[:50_000], NAMES)
    finally:
        elapsed = time.process_time() - start
    return elapsed
