"""What is stored and what is typed are cut alike, and no database cuts the tokens again."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.engines import searchwords


def finds(typed: str, text: str) -> bool:
    stored = searchwords.stored(text)
    wanted = searchwords.wanted(typed)
    return bool(wanted) and all(
        any(token.startswith(one.token) if one.begins else token == one.token for token in stored)
        for one in wanted
    )


def test_any_two_characters_that_stand_together_find_a_chinese_text() -> None:
    for typed in ("无法开机", "法开", "电脑 开机", "無法開機"):
        assert finds(typed, "我的电脑突然无法开机"), typed
    assert not finds("开无", "我的电脑突然无法开机")


def test_a_number_is_found_by_any_part_of_four_with_or_without_signs() -> None:
    for typed in ("HY-2024-0031", "hy20240031", "2024-0031", "0031", "240031", "ＨＹ－２０２４"):
        assert finds(typed, "订单HY-2024-0031还没到"), typed
    assert not finds("0032", "订单HY-2024-0031还没到")
    assert not finds("031", "订单HY-2024-0031还没到")


def test_a_word_is_found_by_its_beginning_whatever_its_case() -> None:
    assert finds("Deliver", "It was DELIVERED late")
    assert not finds("livered", "It was delivered late")


def test_too_little_finds_nothing_rather_than_everything() -> None:
    for typed in ("", " ", "开", "a", "…", "-"):
        assert searchwords.wanted(typed) == [], typed


def test_a_text_keeps_at_most_twenty_thousand_tokens() -> None:
    assert len(searchwords.stored(" ".join(f"w{n}" for n in range(30_000)))) == searchwords.TOKENS


def test_hits_are_shown_where_they_stand_in_the_words_as_they_were_written() -> None:
    text = "订单ＨＹ-2024-0031，電腦無法開機"
    assert [text[a:b] for a, b in searchwords.spans(text, "0031 无法开机")] == ["0031", "無法開機"]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_every_token_is_made_of_what_no_database_cuts(text: str) -> None:
    han = searchwords._HAN
    assert all(re.fullmatch(f"[a-z0-9{han}]+", token) for token in searchwords.stored(text))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_every_text_is_found_by_itself(text: str) -> None:
    assert not searchwords.wanted(text) or finds(text, text)
