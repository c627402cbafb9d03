"""What a message states is found once, in normal form, at its place; look-alikes are left alone."""

import sys
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.engines import extract
from huiyin.engines.extract import numerals
from huiyin.engines.extract.checks import is_id_number, is_luhn, is_postal_item

ZONE = ZoneInfo("Asia/Shanghai")
WEDNESDAY = datetime(2026, 3, 11, 10, 30, tzinfo=ZONE)


def read(text: str) -> extract.Extracted:
    return extract.extract(text, at=WEDNESDAY, zone=ZONE)


def values(found: tuple[extract.Found, ...]) -> list[str]:
    return [item.value for item in found]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("13800000000", "+8613800000000"),
        ("138 0000 0000", "+8613800000000"),
        ("138-0000-0000", "+8613800000000"),
        ("+86 138 0000 0000", "+8613800000000"),
        ("0086-13800000000", "+8613800000000"),
        ("１３８００００００００", "+8613800000000"),
        ("010-55500000", "+861055500000"),
        ("(010)55500000", "+861055500000"),
        ("01055500000", "+861055500000"),
        ("0571-5550 0000转8001", "+8657155500000;ext=8001"),
        ("010-55500000-8001", "+861055500000;ext=8001"),
        ("+86 21 5550 0000", "+862155500000"),
        ("400-000-0000", "+864000000000"),
        ("4000000000", "+864000000000"),
        ("800-000-0000", "+868000000000"),
        ("+1 202-555-0123", "+12025550123"),
        ("(202) 555-0123", "+12025550123"),
    ],
)
def test_a_phone_has_one_normal_form(written, value):
    assert values(read(f"请打{written}，谢谢").phones) == [value]


def test_a_number_without_area_code_needs_the_word_phone():
    assert values(read("电话 55500000").phones) == ["55500000"]
    assert read("编码 55500000").phones == ()


@pytest.mark.parametrize(
    "text",
    [
        "商品编号13800000000",
        "退款13800000000元",
        "¥13800000000",
        "2026-03-11 10:30",
        "213800000000",
        "138000000001",
        "2839475610293847561",
        "SF1380000000013",
        "https://example.com/13800000000",
        "a13800000000@example.com",
        "IMEI：138000000000000",
        "QQ13800000000",
        "13800000000-20260311",
        "1.13800000000",
        "id=13800000000",
        "订单号13800000000",
        "密码13800000000",
        "20260311103000",
        "192.168.138.200",
    ],
)
def test_a_goods_id_a_sum_a_date_or_a_long_number_is_no_phone(text):
    assert read(text).phones == ()


def test_a_label_decides_what_a_number_is():
    found = read("订单号 73100000000001，快递单号 73100000000002，卡号 73100000000003")
    assert values(found.order_numbers) == ["73100000000001"]
    assert values(found.waybills) == ["73100000000002"]
    assert len(found.spans()) == 2


def test_an_identity_number_needs_its_check_digit_and_a_real_day():
    assert values(read("11010119000101009x").id_numbers) == ["11010119000101009X"]
    assert read("110101190001010091").id_numbers == ()
    assert not is_id_number("440101190002290026")


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 999), st.integers(0, 9))
def test_any_single_wrong_digit_in_an_identity_number_is_noticed(serial, digit):
    stem = f"11010119000101{serial:03}"
    valid = [stem + last for last in "0123456789x" if is_id_number(stem + last)]
    assert len(valid) == 1
    wrong = f"{valid[0][:14]}{digit}{valid[0][15:]}"
    assert is_id_number(wrong) == (wrong == valid[0])


def test_check_digits_of_parcels_and_cards_hold():
    assert is_postal_item("rr000000014cn")
    assert not is_postal_item("rr000000015cn")
    assert is_luhn("6200000000000000000")
    assert not is_luhn("6200000000000000001")


@pytest.mark.parametrize(
    ("written", "amount", "currency"),
    [
        ("1,299.50元", "1299.50", "CNY"),
        ("￥88", "88", "CNY"),
        ("12块5", "12.5", "CNY"),
        ("三百五十元", "350", "CNY"),
        ("一千二百块钱", "1200", "CNY"),
        ("1.2万元", "12000", "CNY"),
        ("5毛钱", "0.5", "CNY"),
        ("$49.99", "49.99", "USD"),
        ("US$5", "5", "USD"),
        ("20 dollars", "20", "USD"),
        ("€15", "15", "EUR"),
        ("HK$800", "800", "HKD"),
        ("£12.50", "12.50", "GBP"),
    ],
)
def test_a_sum_has_a_value_and_a_currency(written, amount, currency):
    (found,) = read(f"退 {written}。").amounts
    assert (found.amount, found.currency, found.raw) == (Decimal(amount), currency, written)


@pytest.mark.parametrize(
    "text", ["3块电池", "元旦", "第3元素", "千元机", "一块儿去", "5 pounds", "100", "12,000"]
)
def test_a_thing_counted_in_pieces_is_no_sum(text):
    assert read(text).amounts == ()


def test_a_link_ends_where_the_sentence_goes_on():
    assert values(read("见https://example.com/a?b=1。").urls) == ["https://example.com/a?b=1"]
    assert values(read("(see https://example.com/a_(b)).").urls) == ["https://example.com/a_(b)"]


def test_what_is_found_can_be_masked_by_its_span():
    text = "王先生，电话１３８-００００-００００"
    phone = read(text).phones[0]
    assert text[phone.start : phone.end] == phone.raw == "１３８-００００-００００"


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([*"元年月日号点前内路@.:/-+x１三半后 \n", "13800000000", "明天", "www."])
        | st.characters()
    )
)
def test_no_text_breaks_it_and_no_two_findings_overlap(pieces):
    text = "".join(pieces)
    spans = read(text).spans()
    assert all(text[item.start : item.end] == item.raw for item in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))


@settings(max_examples=100, deadline=None)
@given(
    st.text(alphabet="好的请问无法开机，。！ \n", max_size=20), st.text(alphabet="谢好的，。 \n", max_size=20)
)
def test_a_phone_and_a_mail_address_are_found_whatever_stands_around_them(before, after):
    found = read(f"{before}。13800000000，alice@example.com{after}")
    assert values(found.phones) == ["+8613800000000"]
    assert values(found.emails) == ["alice@example.com"]


def in_chinese(number: int) -> str:
    """Write 1 to 9,999 in Chinese, place by place."""
    digits, text, gap = f"{number:04}", "", False
    for digit, unit in zip(digits, ("千", "百", "十", ""), strict=True):
        if digit == "0":
            gap = bool(text)
            continue
        text += ("零" if gap else "") + "零一二三四五六七八九"[int(digit)] + unit
        gap = False
    return text


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 9_999), st.integers(0, 9_999))
def test_numbers_in_words_are_read(low, high):
    text = f"{in_chinese(high)}万{'零' if high and low < 1000 else ''}" if high else ""
    assert numerals.number(text + in_chinese(low)) == high * 10_000 + low


@pytest.mark.parametrize(
    ("text", "value"), [("十五", 15), ("二〇二六", 2026), ("一千二", 1200), ("一万二", 12000)]
)
def test_numbers_are_read_as_people_say_them(text, value):
    assert numerals.number(text) == value


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        extract.extract("2小时内", at=datetime(2026, 3, 11), zone=ZONE)


def calls_made(work: Callable[[], object]) -> int:
    """How many calls of Python and of C functions some work makes."""
    count = 0

    def tally(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(tally)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "text",
    [
        "订单号HY-2026-0008，电话138-0000-0000，明天下午3点前送到北京市朝阳区示例路100号3栋，退¥88。",
        "1-",
        "路一号",
        "a@a.",
        "3点",
        "北京市",
        "3点到",
        "明天的",
        "http://a)",
        "订单号1234567、",
    ],
)
def test_four_times_the_text_costs_at_most_about_four_times_the_work(text):
    read(text * 200)
    once, fourfold = (calls_made(lambda n=n: read(text * n)) for n in (50, 200))
    assert fourfold < 4.5 * once
