"""Phrases are found however they are written, where they stand, and only where they count."""

import sys
import unicodedata
from collections.abc import Callable

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.engines import keywords
from huiyin.engines.keywords import Phrase, PhraseError
from huiyin.engines.keywords.folding import fold
from huiyin.engines.keywords.literals import required
from huiyin.engines.keywords.pattern import MOST_HITS
from huiyin.engines.keywords.traditional import SIMPLIFIED

SMALL = st.text(alphabet="退款无需法ab1 -é", min_size=1, max_size=4)
MESSAGES = st.text(alphabet="退款无需法開机ABab12 ＡＢ１-é\u0301\u200b\n㈱ß", max_size=40)


def matched(text: str, *phrases: Phrase) -> list[str]:
    return [hit.matched for hit in keywords.compile(phrases).find(text)]


@pytest.mark.parametrize(
    "written",
    ["無法開機", "无法开机", "无法\u200b开机", "无法开\ufe0f机", "無法开机"],
)
def test_script_and_invisible_characters_do_not_hide_a_phrase(written):
    assert matched(f"我的手机{written}了", Phrase("p", "无法开机")) == [written]


@pytest.mark.parametrize("written", ["ＡＰＰ", "app", "App", "ᴬPP"])
def test_width_and_case_do_not_hide_a_phrase(written):
    assert matched(f"{written}打不开", Phrase("p", "APP")) == [written]


def test_a_line_break_and_a_curly_quote_are_a_space_and_a_quote():
    assert matched("It doesn’t\r\nwork", Phrase("p", "doesn't work")) == ["doesn’t\r\nwork"]


def test_a_phrase_written_in_traditional_characters_finds_simplified_ones():
    assert matched("申请退款", Phrase("p", "申請退款")) == ["申请退款"]


@pytest.mark.parametrize("text", ["apps", "snapp", "app2", "4app", "éapp"])
def test_a_latin_phrase_is_a_whole_word(text):
    assert matched(text, Phrase("p", "app")) == []


@pytest.mark.parametrize("text", ["用app登录", "app", "(app)", "my-app, app"])
def test_chinese_and_punctuation_end_a_latin_word(text):
    assert "app" in matched(text, Phrase("p", "app"))


def test_a_phrase_inside_its_exclusion_does_not_count_but_elsewhere_does():
    refund = Phrase("p", "退款", excludes=("无需退款", "退款成功"))
    assert matched("无需退款。退款成功。我要退款", refund) == ["退款"]
    assert keywords.compile([refund]).find("无需退款。我要退款")[0].start == 7


def test_an_exclusion_belongs_to_its_phrase_only():
    assert matched("无需退款", Phrase("a", "退款", excludes=("无需退款",)), Phrase("b", "退款")) == ["退款"]


def test_an_exclusion_keeps_word_borders():
    app = Phrase("p", "app", excludes=("app store",))
    assert matched("the app store", app) == []
    assert matched("the app stores", app) == ["app"]


def test_a_pattern_has_exclusions_too():
    back = Phrase("p", "退.{0,3}款", is_pattern=True, excludes=("无需退款",))
    assert matched("无需退款，退我款", back) == ["退我款"]


def test_overlapping_phrases_are_all_found_longer_first():
    assert matched("退款流程", Phrase("a", "退款"), Phrase("b", "退款流程"), Phrase("c", "款流")) == [
        "退款流程",
        "退款",
        "款流",
    ]


def test_the_same_text_under_two_codes_counts_for_both_and_given_twice_once():
    one, other = Phrase("a", "退款"), Phrase("b", "退款")
    assert [hit.phrase.code for hit in keywords.compile([one, other, one]).find("退款")] == ["a", "b"]


def test_a_pattern_sees_the_folded_text_and_reports_the_original():
    assert matched("退一下錢，ＡＢ12", Phrase("p", r"退.{0,5}钱", is_pattern=True)) == ["退一下錢"]
    assert matched("ＡＢ12", Phrase("p", r"[A-Z]{2}\d{2}", is_pattern=True)) == ["ＡＢ12"]


def test_a_pattern_may_hold_to_the_begin_and_the_end():
    assert matched("退款", Phrase("p", "^退款$", is_pattern=True)) == ["退款"]
    assert matched("我要退款了", Phrase("p", "^退款$", is_pattern=True)) == []


@pytest.mark.parametrize(
    ("expression", "texts"),
    [
        ("退.{0,5}款子", {"款子"}),
        ("(?:无法|不能)开机?", {"无法", "不能"}),
        ("AB+c", {"ab"}),
        (r"\d+元\.", {"元."}),
        ("a?b*|c", set()),
        ("(退款)?", set()),
        ("[退款]{2}", set()),
        ("(退款){2}", {"退款"}),
        ("退(款|货|)", {"退"}),
        ("(?i)退款", set()),
        (r"[]退]款\[", {"款["}),
        (r"\p{Han}(?P<n>退款)", {"退款"}),
    ],
)
def test_a_pattern_is_tried_only_where_a_text_it_needs_is_found(expression, texts):
    assert required(expression) == texts


PIECES = st.sampled_from(
    ["退", "款", "a", ".", "[退a]", "[^款]", r"\d", r"\b", "(退|款a)", "(?:退款|)", "(a)", "|"]
)
EXPRESSIONS = st.lists(st.tuples(PIECES, st.sampled_from(["", "", "?", "*", "+", "{0,2}", "{2}", "??"])))


@settings(max_examples=250, deadline=None)
@given(EXPRESSIONS, st.text(alphabet="退款a1，", max_size=12))
def test_no_match_is_lost_by_trying_only_likely_patterns(pieces, text):
    expression = "".join(piece + ("" if piece == "|" else repeat) for piece, repeat in pieces)
    try:
        matcher = keywords.compile([Phrase("p", expression, is_pattern=True)])
    except PhraseError:
        return
    expected = [place.span() for place in re2.finditer(expression, text) if place.group()]
    assert [(hit.start, hit.end) for hit in matcher.find(text)] == expected


def test_a_pattern_that_would_hang_a_backtracking_engine_answers():
    assert matched("a" * 20_000, Phrase("p", "(a+)+b", is_pattern=True)) == []


def test_a_pattern_reports_its_first_places_only():
    assert len(matched("a " * 100, Phrase("p", "a", is_pattern=True))) == MOST_HITS


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("(abc", "pattern-invalid"),
        ("a**", "pattern-invalid"),
        ("(?=a)", "pattern-invalid"),
        (r"(a)\1", "pattern-invalid"),
        ("x{2000}", "pattern-unsafe"),
        ("((a{100}){100}){100}", "pattern-unsafe"),
        ("a*", "pattern-matches-empty"),
        ("退㈱", "pattern-unfoldable"),
        ("", "phrase-empty"),
        ("a" * 501, "phrase-too-long"),
    ],
)
def test_a_bad_pattern_is_refused_when_built(text, code):
    with pytest.raises(PhraseError) as refusal:
        keywords.compile([Phrase("p", text, is_pattern=True)])
    assert refusal.value.reason.code == code


def test_a_refused_pattern_says_where():
    with pytest.raises(PhraseError) as refusal:
        keywords.compile([Phrase("p", "退款a**", is_pattern=True)])
    assert refusal.value.reason.params["at"] == 3


@pytest.mark.parametrize(
    ("phrase", "code"),
    [
        (Phrase("p", " \u200b "), "phrase-empty"),
        (Phrase("p", "退" * 201), "phrase-too-long"),
        (Phrase("p", "退款", excludes=("换货",)), "exclude-does-not-cover"),
        (Phrase("p", "退款", excludes=("退款",)), "exclude-does-not-cover"),
        (Phrase("p", "退款", excludes=(" ",)), "exclude-empty"),
        (Phrase("p", "退款", weight=0), "weight-out-of-range"),
    ],
)
def test_a_phrase_that_could_never_work_is_refused_when_built(phrase, code):
    with pytest.raises(PhraseError) as refusal:
        keywords.compile([phrase])
    assert refusal.value.reason.code == code


def naive_hits(text: str, phrases: list[Phrase]) -> set[tuple[str, int, int]]:
    """Look for every phrase at every position of the folded text."""
    folded = keywords.normalise(text)

    def is_latin(char: str) -> bool:
        return (char < "\u0530" or "\u1e00" <= char <= "\u1fff") and char.isalnum()

    def places(word: str) -> list[tuple[int, int]]:
        spans = [(at, at + len(word)) for at in range(len(folded)) if folded.startswith(word, at)]
        return [
            (start, end)
            for start, end in spans
            if not (start and is_latin(word[0]) and is_latin(folded[start - 1]))
            and not (end < len(folded) and is_latin(word[-1]) and is_latin(folded[end]))
        ]

    hits = set()
    for phrase in phrases:
        guards = [span for text in phrase.excludes for span in places(keywords.normalise(text).strip())]
        for start, end in places(keywords.normalise(phrase.text).strip()):
            if not any(left <= start and end <= right for left, right in guards):
                hits.add((phrase.code, start, end))
    return hits


@settings(max_examples=300, deadline=None)
@given(MESSAGES, st.lists(st.tuples(SMALL, st.lists(st.tuples(SMALL, SMALL), max_size=2)), max_size=6))
def test_it_finds_what_a_naive_search_finds(text, words):
    phrases = []
    for number, (word, around) in enumerate(words):
        if keywords.normalise(word).strip():
            excludes = tuple(left + word + right for left, right in around)
            phrase = Phrase(str(number), word, excludes=excludes)
            try:
                keywords.compile([phrase])
            except PhraseError:
                continue
            phrases.append(phrase)
    folded = fold(text)
    expected = {(code, *folded.to_original(*span)) for code, *span in naive_hits(text, phrases)}
    found = {(hit.phrase.code, hit.start, hit.end) for hit in keywords.compile(phrases).find(text)}
    assert found == expected


@settings(max_examples=250, deadline=None)
@given(st.text(max_size=60))
def test_folding_a_folded_text_changes_nothing(text):
    assert keywords.normalise(keywords.normalise(text)) == keywords.normalise(text)


@settings(max_examples=250, deadline=None)
@given(st.text(max_size=40), st.data())
def test_the_original_piece_of_a_folded_span_folds_to_that_span(text, data):
    folded = fold(text)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    left, right = folded.to_original(start, end)
    assert 0 <= left < right <= len(text)
    assert folded.text[start:end] in keywords.normalise(text[left:right])


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30), st.text(alphabet="退款开机好的", min_size=2, max_size=6), st.text(max_size=30))
def test_a_phrase_is_reported_where_it_was_written_whatever_stands_around_it(before, phrase, after):
    text = f"{before}。{phrase}。{after}"
    hits = keywords.compile([Phrase("p", phrase)]).find(text)
    assert len(before) + 1 in [hit.start for hit in hits]
    assert all(text[hit.start : hit.end] == hit.matched for hit in hits)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(max_codepoint=0x24F, exclude_categories=["Cc", "Cf", "Z", "S", "P"])))
def test_folding_is_unicode_compatibility_folding_for_letters(text):
    expected = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    assert keywords.normalise(text) == expected.replace("ʼ", "'")


def test_no_simplified_form_is_itself_a_traditional_one():
    assert not set(SIMPLIFIED.values()) & set(SIMPLIFIED)
    assert len(SIMPLIFIED) > 2_400


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


def test_four_times_the_text_costs_at_most_about_four_times_the_work():
    phrases = [Phrase(str(number), f"词{number}", excludes=(f"非词{number}",)) for number in range(500)]
    patterns = [Phrase(f"r{number}", f"句.{{0,5}}{number}号", is_pattern=True) for number in range(20)]
    matcher = keywords.compile([*phrases, *patterns])
    text = "词1和非词2、句子3号㈱\u200b  " * 50
    matcher.find(text * 4)
    once, fourfold = (calls_made(lambda n=n: matcher.find(text * n)) for n in (1, 4))
    assert fourfold < 4.4 * once
