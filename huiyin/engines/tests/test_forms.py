"""Forms as data: what is refused when built, how answers are checked, what is shown and masked."""

import json
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.engines import conditions, forms
from huiyin.engines.conditions import Fact, FactType
from huiyin.engines.forms import Checked, Form, FormError

LABEL = {"zh": "标签", "en": "Label"}
PICK = [
    {"key": "exchange", "label": LABEL},
    {"key": "refund", "label": LABEL},
    {"key": "other", "label": LABEL},
]


def a_field(key: str, type_: str, **more: object) -> dict[str, object]:
    if type_ in ("choice", "multiple"):
        more = {"choices": PICK, **more}
    return {"key": key, "type": type_, "label": LABEL, **more}


def when(fact: str, op: str, *value: object) -> dict[str, object]:
    return {"fact": fact, "op": op, **({"value": value[0]} if value else {})}


def a_form(*fields: object) -> Form:
    return forms.build({"fields": list(fields)})


def check(fields: list[object], **given: object) -> Checked:
    return a_form(*fields).validate(given)


def codes(checked: Checked) -> dict[str, str]:
    return {key: reason.code for key, reason in checked.errors.items()}


def test_either_a_phone_number_or_an_address_may_be_required() -> None:
    either: list[object] = [
        a_field("phone", "phone", required_when=when("email", "unknown")),
        a_field("email", "email", required_when=when("phone", "unknown")),
    ]
    assert codes(check(either)) == {"phone": "required", "email": "required"}
    assert check(either, email="li@example.com").is_good


def test_a_form_may_ask_about_the_case_but_not_hide_a_fact_of_it_behind_a_field() -> None:
    facts = {"level": Fact("level", FactType.CHOICE, choices=frozenset({"vip", "normal"}))}
    data = {"fields": [a_field("gift", "text", required_when=when("level", "is", "vip"))]}
    assert codes(forms.build(data, facts).validate({}, facts={"level": "vip"})) == {"gift": "required"}
    assert forms.build(data, facts).validate({}, facts={"level": "normal"}).is_good
    with pytest.raises(FormError, match="twice"):
        forms.build({"fields": [a_field("level", "text")]}, facts)


def test_the_answers_of_a_form_are_facts_that_other_conditions_ask_about() -> None:
    form = a_form(a_field("remedy", "choice"), a_field("photos", "files"), a_field("at", "time"))
    condition = conditions.build(
        {"all": [when("return_form.remedy", "is", "refund"), when("return_form.photos", "known")]},
        form.facts(under="return_form"),
    )
    answers = form.validate({"remedy": "refund", "photos": ["p1"], "at": "9:00"}).answers
    assert condition.holds(form.values(answers, under="return_form"))
    assert not condition.holds(form.values({}, under="return_form"))


ANSWERS: list[tuple[dict[str, object], object, object]] = [
    (a_field("x", "text"), "  one line ", "one line"),
    (a_field("x", "long_text"), "a\r\nb", "a\nb"),
    (a_field("x", "number"), "１２.50", Decimal("12.5")),
    (a_field("x", "number"), 3, Decimal(3)),
    (a_field("x", "number"), 0.1, Decimal("0.1")),
    (a_field("x", "money"), "9.5", Decimal("9.50")),
    (a_field("x", "date"), "2026-03-02", date(2026, 3, 2)),
    (a_field("x", "time"), "9:05", time(9, 5)),
    (a_field("x", "choice"), "refund", "refund"),
    (a_field("x", "multiple"), ["refund", "exchange", "refund"], ("exchange", "refund")),
    (a_field("x", "yes_no"), "no", False),
    (a_field("x", "phone"), "＋86 (138) 0000-0000", "+861380000-0000"),
    (a_field("x", "phone"), "010-5550 0100 转 801", "010-55500100转801"),
    (a_field("x", "phone"), "95588", "95588"),
    (a_field("x", "email"), "Li.Na@Example.COM", "Li.Na@example.com"),
    (a_field("x", "files"), ["a-1", "b_2", "a-1"], ("a-1", "b_2")),
    (a_field("x", "signature"), "0192-abc", "0192-abc"),
]


@pytest.mark.parametrize(("field", "written", "kept"), ANSWERS)
def test_an_answer_is_read_by_the_type_of_its_field_and_reads_the_same_again(
    field: dict[str, object], written: object, kept: object
) -> None:
    form = a_form(field)
    checked = form.validate({"x": written})
    assert (checked.errors, dict(checked.answers)) == ({}, {"x": kept})
    in_json = json.loads(json.dumps(form.keep(checked.answers)))
    assert form.validate(in_json).answers == checked.answers
    assert form.validate(checked.answers).answers == checked.answers


@pytest.mark.parametrize(
    ("field", "written", "code"),
    [
        (a_field("x", "text"), "a\nb", "one_line"),
        (a_field("x", "text"), "a\0b", "not_text"),
        (a_field("x", "text"), ["a"], "not_text"),
        (a_field("x", "text", most=3), "abcd", "too_long"),
        (a_field("x", "text", least=3), "ab", "too_short"),
        (a_field("x", "long_text"), "x" * 20_001, "too_long"),
        (a_field("x", "number"), "1e3", "not_a_number"),
        (a_field("x", "money"), 1.5, "not_a_number"),
        (a_field("x", "number"), float("inf"), "number_range"),
        (a_field("x", "number"), float("nan"), "number_range"),
        (a_field("x", "number"), True, "not_a_number"),
        (a_field("x", "number"), 10**16, "number_range"),
        (a_field("x", "number", places=0), "1.5", "too_many_places"),
        (a_field("x", "number", least=1), 0, "too_small"),
        (a_field("x", "money", most="9.99"), "10", "too_large"),
        (a_field("x", "money"), "9.999", "too_many_places"),
        (a_field("x", "date"), "02/03/2026", "not_a_date"),
        (a_field("x", "date"), "0206-03-02", "year_range"),
        (a_field("x", "date", least="2026-03-02"), "2026-03-01", "too_early"),
        (a_field("x", "date", most="2026-03-02"), "2026-03-03", "too_late"),
        (a_field("x", "time"), "24:00", "not_a_time"),
        (a_field("x", "choice"), "gift", "not_a_choice"),
        (a_field("x", "multiple"), "refund", "not_a_list"),
        (a_field("x", "multiple"), ["refund", "gift"], "not_a_choice"),
        (a_field("x", "multiple", least=2), ["refund"], "too_few"),
        (a_field("x", "multiple", most=1), ["refund", "other"], "too_many"),
        (a_field("x", "yes_no"), "maybe", "not_yes_or_no"),
        (a_field("x", "phone"), "call me", "not_a_phone"),
        (a_field("x", "phone"), "+86 138 0000 0000 or 139", "not_a_phone"),
        (a_field("x", "email"), "li@localhost", "not_an_email"),
        (a_field("x", "email"), "a@b@example.com", "not_an_email"),
        (a_field("x", "email"), "<li@example.com>", "not_an_email"),
        (a_field("x", "files"), ["../etc"], "not_a_file"),
        (a_field("x", "files", most=1), ["a", "b"], "too_many"),
        (a_field("x", "signature"), "a b", "not_a_file"),
    ],
)
def test_a_wrong_answer_is_an_error_of_its_field_and_is_not_kept(
    field: dict[str, object], written: object, code: str
) -> None:
    checked = check([field, a_field("y", "text")], x=written, y="kept")
    assert (codes(checked), dict(checked.answers)) == ({"x": code}, {"y": "kept"})


@pytest.mark.parametrize("nothing", [None, "", "  ", [], ()])
def test_blank_is_no_answer_and_a_no_is_one(nothing: object) -> None:
    assert codes(check([a_field("x", "yes_no", required=True)], x=nothing)) == {"x": "required"}
    assert check([a_field("x", "yes_no", required=True)], x=False).is_good


def test_a_key_that_is_no_field_is_refused() -> None:
    assert codes(check([a_field("x", "text")], x="a", is_admin="true")) == {"is_admin": "unknown_field"}


CHAIN: list[object] = [
    a_field("waybill", "text", required=True, shown_when=when("receipt", "is", True)),
    a_field("receipt", "yes_no", shown_when=when("remedy", "any_of", ["refund", "exchange"])),
    a_field("remedy", "choice", required=True),
]


def test_a_field_that_is_not_shown_is_neither_required_nor_kept_and_hides_what_depends_on_it() -> None:
    shown = check(CHAIN, remedy="refund", receipt=True, waybill="SF1")
    assert shown.shown == {"remedy", "receipt", "waybill"}
    assert shown.answers == {"waybill": "SF1", "receipt": True, "remedy": "refund"}
    hidden = check(CHAIN, remedy="other", receipt=True, waybill="SF1")
    assert hidden.is_good
    assert hidden.answers == {"remedy": "other"}
    assert (hidden.shown, hidden.dropped) == (frozenset({"remedy"}), frozenset({"receipt", "waybill"}))
    assert codes(check(CHAIN, remedy="refund", receipt=True)) == {"waybill": "required"}


def test_a_wrong_answer_counts_as_unanswered_for_what_depends_on_it() -> None:
    checked = check(CHAIN, remedy="gift", receipt=True)
    assert codes(checked) == {"remedy": "not_a_choice"}
    assert checked.shown == {"remedy"}


def test_answers_and_errors_come_in_the_order_of_the_form() -> None:
    assert list(check(CHAIN, remedy="refund", receipt=True, waybill="S").answers) == [
        "waybill",
        "receipt",
        "remedy",
    ]
    assert list(check(CHAIN, receipt=True, nothing=1).errors) == ["remedy", "nothing"]


def test_personal_answers_are_masked_by_their_kind_and_strange_keys_do_not_come_out() -> None:
    form = a_form(
        a_field("name", "text", mask="name"),
        a_field("phone", "phone"),
        a_field("hotline", "phone", mask="none"),
        a_field("remedy", "choice"),
    )
    answers: dict[str, object] = {
        "name": "王", "phone": "13800000000", "hotline": "95588", "remedy": "refund", "secret": "x",
    }  # fmt: skip
    assert form.mask(answers, by=lambda kind, text: f"<{kind} {len(text)}>") == {
        "name": "<name 1>",
        "phone": "<phone 11>",
        "hotline": "95588",
        "remedy": "refund",
    }
    assert form.mask({"phone": 13800000000}, by=lambda kind, text: text) == {"phone": "***"}


TYPES = st.sampled_from([str(kind) for kind in forms.FieldType])
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=5,
)
LIKELY = (
    st.from_regex(r"[+0-9１:.\-@a-z転ext ]{1,14}", fullmatch=True) | st.emails() | st.dates() | st.times()
)


@settings(max_examples=400, deadline=None)
@given(type_=TYPES, written=JUNK | LIKELY)
def test_anything_answered_is_either_kept_or_an_error_and_what_is_kept_is_kept_again(
    type_: str, written: object
) -> None:
    form = a_form(a_field("x", type_))
    checked = form.validate({"x": written})
    assert not (checked.errors and checked.answers)
    assert form.validate(form.keep(checked.answers)).answers == checked.answers


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_is_shown_agrees_with_a_slow_reading_of_the_conditions(data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 6))
    order = data.draw(st.permutations(range(count)))
    asks = {each: data.draw(st.sampled_from(order[:at])) if at else None for at, each in enumerate(order)}
    wanted = {each: data.draw(st.booleans()) for each in range(count)}
    fields = [
        a_field(
            f"f{each}", "yes_no", **({} if on is None else {"shown_when": when(f"f{on}", "is", wanted[each])})
        )
        for each, on in sorted(asks.items())
    ]
    answers = {f"f{each}": data.draw(st.booleans()) for each in range(count)}

    def shown(each: int) -> bool:
        on = asks[each]
        return on is None or (shown(on) and answers[f"f{on}"] is wanted[each])

    assert a_form(*fields).validate(answers).shown == {f"f{each}" for each in range(count) if shown(each)}
