"""Search and comparison against naive counting, and what must hold of any texts."""

import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.engines import similarity
from huiyin.engines.similarity import Builder, Nearby

WORDS = ["退货", "退款", "手机", "无法", "开机", "物流", "快递", "发票", "refund", "phone", "late"]
texts = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)
free = st.text(alphabet="退货款手机ab1 ，é", max_size=25)


def naive_bm25(documents: list[str], query: str) -> dict[int, float]:
    words = [document.split() for document in documents]
    average = sum(map(len, words)) / len(words)
    scores: dict[int, float] = {}
    for term in set(query.split()):
        having = sum(term in document for document in words)
        for number, document in enumerate(words):
            if times := document.count(term):
                idf = math.log(1 + (len(words) - having + 0.5) / (having + 0.5))
                part = idf * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * len(document) / average))
                scores[number] = scores.get(number, 0) + part
    return scores


def test_chinese_is_cut_into_words_latin_kept_whole_and_unknown_runs_into_bigrams() -> None:
    assert similarity.tokens("手机ABC-123无法开机") == ["手机", "abc-123", "无法", "开机"]
    assert similarity.tokens("魃魈魋") == ["魃魈", "魈魋"]
    assert similarity.tokens("3.5mm don't STOP") == ["3.5mm", "don't", "stop"]


def test_a_long_word_is_found_by_the_words_inside_it() -> None:
    assert {"长江", "大桥"} <= set(similarity.tokens("长江大桥"))


def test_width_case_and_traditional_characters_make_no_difference() -> None:
    assert similarity.tokens("ＡＢＣ１２ 長江大橋") == similarity.tokens("abc12 长江大桥")


def test_a_character_that_stands_alone_is_a_word() -> None:
    assert similarity.tokens("要退货") == ["要", "退货"]


def test_signs_alone_are_no_words() -> None:
    assert similarity.tokens("，。！？ ... — 😀 _") == []


@settings(max_examples=120, deadline=None)
@given(st.lists(texts, min_size=1, max_size=12), texts)
def test_search_ranks_as_the_formula_says(documents: list[str], query: str) -> None:
    builder = Builder()
    for number, document in enumerate(documents):
        builder.add(str(number), document)
    found = builder.build().search(query, limit=len(documents))
    if not any(documents):
        assert found == []
        return
    expected = naive_bm25(documents, query)
    assert {int(match.key): pytest.approx(match.score) for match in found} == expected
    assert [match.score for match in found] == sorted((match.score for match in found), reverse=True)
    for match in found:
        assert set(match.words) == set(query.split()) & set(documents[int(match.key)].split())


def test_only_the_best_are_answered_and_equal_ones_keep_their_order() -> None:
    builder = Builder()
    for key in ("first", "second", "third"):
        builder.add(key, "退货 运费")
    builder.add("best", "退货")
    assert [match.key for match in builder.build().search("退货", limit=3)] == ["best", "first", "second"]


def test_an_index_does_not_change_when_its_builder_goes_on() -> None:
    builder = Builder()
    builder.add("a", "退货")
    index = builder.build()
    builder.add("b", "退货")
    assert (len(index), [match.key for match in index.search("退货")]) == (1, ["a"])


def test_an_empty_index_and_an_empty_question_find_nothing() -> None:
    assert Builder().build().search("退货") == []
    builder = Builder()
    builder.add("a", "")
    assert builder.build().search("") == []


def test_text_added_under_one_key_belongs_to_one_document() -> None:
    builder = Builder()
    builder.add("faq", "怎样退货")
    builder.add("faq", "退款多久到账")
    (match,) = builder.build().search("退货 到账")
    assert match.words == ("退货", "到账")


@settings(max_examples=150, deadline=None)
@given(free, free)
def test_the_cosine_is_that_of_the_bigram_counts(one: str, two: str) -> None:
    def grams(text: str) -> Counter[str]:
        bare = "".join(char for char in text.lower() if char.isalnum())
        return Counter(bare[at : at + 2] for at in range(len(bare) - 1)) or Counter([bare] if bare else [])

    first, second = grams(one), grams(two)
    dot = sum(first[gram] * second[gram] for gram in first)
    lengths = math.hypot(*first.values()) * math.hypot(*second.values())
    assert similarity.cosine(one, two) == pytest.approx(dot / lengths if lengths else 0)
    assert similarity.cosine(one, two) == similarity.cosine(two, one)


def test_a_typing_error_costs_little() -> None:
    assert similarity.cosine("手机无法正常开机了怎么办", "手机无法正常开几了怎么办") > 0.75
    assert similarity.cosine("手机无法正常开机了怎么办", "发票什么时候寄出") == 0


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, 300), min_size=1), st.sets(st.integers(0, 300), min_size=1))
def test_the_estimate_stays_near_the_exact_measure(one: set[int], two: set[int]) -> None:
    first, second = (frozenset(map(str, members)) for members in (one, two))
    exact = len(one & two) / len(one | two)
    assert similarity.jaccard(first, second) == exact
    estimated = similarity.estimate(similarity.signature(first), similarity.signature(second))
    assert abs(estimated - exact) <= 5 * max(math.sqrt(exact * (1 - exact) / 128), 0.02)


def test_the_estimate_has_no_bias_over_many_pairs() -> None:
    errors = []
    for start in range(0, 2000, 20):
        one = frozenset(f"{start}:{at}" for at in range(60))
        two = frozenset(f"{start}:{at}" for at in range(20, 80))
        errors.append(similarity.estimate(similarity.signature(one), similarity.signature(two)) - 0.5)
    assert abs(sum(errors) / len(errors)) < 4 * 0.0442 / math.sqrt(len(errors))
    assert math.sqrt(sum(error**2 for error in errors) / len(errors)) < 0.06


def test_signatures_are_the_same_on_every_machine() -> None:
    assert similarity.signature(frozenset({"退货退", "货退款"}))[:3] == (599921629, 296805202, 200299069)


def test_nothing_has_an_empty_text_for_a_duplicate() -> None:
    empty = similarity.signature(frozenset())
    assert similarity.estimate(empty, empty) == 0
    nearby = Nearby(0.1)
    nearby.add("empty", "")
    assert nearby.near("") == []


LONG = (
    "您好，我上周在贵店购买的蓝牙耳机左耳没有声音，重新配对之后还是一样，请问怎样办理换货手续，运费由谁承担？"
)


def test_near_duplicates_are_found_with_their_measure_most_alike_first() -> None:
    nearby = Nearby(threshold=0.6)
    nearby.add("same", LONG)
    nearby.add("alike", LONG.replace("上周", "昨天"))
    nearby.add("other", "发票抬头写错了，能不能重新开一张电子发票发到我的邮箱里，谢谢")
    found = nearby.near(LONG + "！")
    assert [key for key, _ in found] == ["same", "alike"]
    assert found[0][1] == 1
    exact = similarity.jaccard(similarity.shingles(LONG), similarity.shingles(LONG.replace("上周", "昨天")))
    assert found[1][1] == exact


def test_equally_alike_texts_are_in_the_order_of_their_keys() -> None:
    nearby = Nearby()
    for key in ("b", "a"):
        nearby.add(key, LONG)
    assert nearby.near(LONG) == [("a", 1.0), ("b", 1.0)]


def test_the_same_words_in_another_order_are_alike_by_words_only() -> None:
    turned = ["手机 无法 开机 屏幕 黑屏", "黑屏 屏幕 开机 无法 手机"]
    assert similarity.clusters(turned, 0.9, "words") == [[0, 1]]
    assert similarity.clusters(turned, 0.9, "characters") == [[0], [1]]


@pytest.mark.parametrize(("shared", "threshold"), [(20, 0.5), (24, 2 / 3)])
def test_hardly_any_pair_just_at_the_threshold_is_overlooked(shared: int, threshold: float) -> None:
    found = 0
    for pair in range(150):
        words = [f"p{pair}w{at}" for at in range(60)]
        nearby = Nearby(threshold - 1e-9, "words")
        nearby.add("one", " ".join(words[:30]))
        found += bool(nearby.near(" ".join(words[30 - shared : 60 - shared])))
    assert found >= 146


def test_a_key_is_added_once() -> None:
    nearby = Nearby()
    nearby.add("a", LONG)
    with pytest.raises(ValueError, match="before"):
        nearby.add("a", "…")


@pytest.mark.parametrize("threshold", [0, -0.1, 1.01, math.nan])
def test_a_threshold_that_makes_no_sense_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="threshold"):
        similarity.clusters([LONG], threshold)


def exact_groups(documents: list[str], threshold: float) -> list[list[int]]:
    sets = [frozenset(similarity.tokens(document)) for document in documents]
    groups = [{number} for number in range(len(documents))]
    for one in range(len(documents)):
        for two in range(one):
            together = sets[one] | sets[two]
            if together and len(sets[one] & sets[two]) / len(together) >= threshold:
                first, second = (next(group for group in groups if at in group) for at in (one, two))
                if first is not second:
                    groups.remove(second)
                    first |= second
    return sorted(sorted(group) for group in groups)


@settings(max_examples=50, deadline=None)
@given(st.lists(texts, max_size=15), st.sampled_from([0.5, 0.75, 1.0]))
def test_clusters_part_the_texts_and_never_join_what_is_not_alike(
    documents: list[str], threshold: float
) -> None:
    found = similarity.clusters(documents, threshold, "words")
    assert sorted(number for group in found for number in group) == list(range(len(documents)))
    for group in found:
        assert any(set(group) <= set(whole) for whole in exact_groups(documents, threshold))


def test_planted_groups_among_many_texts_are_found_whole() -> None:
    documents = [f"{LONG}{end}" for end in ("谢谢", "急", "在吗", "多谢了", "请尽快")]
    documents += [
        f"第{number}号订单的{WORDS[number % 8]}{number * 7919}问题想咨询{number * 31}一下"
        for number in range(150)
    ]
    found = similarity.clusters(documents, 0.7)
    assert found[0] == [0, 1, 2, 3, 4]
    assert found == exactly_by_characters(documents, 0.7)


def exactly_by_characters(documents: list[str], threshold: float) -> list[list[int]]:
    sets = [similarity.shingles(document) for document in documents]
    parents = list(range(len(documents)))
    for one in range(len(documents)):
        for two in range(one):
            if similarity.jaccard(sets[one], sets[two]) >= threshold:
                old, new = sorted((parents[one], parents[two]), reverse=True)
                parents = [new if parent == old else parent for parent in parents]
    return [[at for at, parent in enumerate(parents) if parent == root] for root in sorted(set(parents))]


def test_the_same_text_a_thousand_times_is_one_group_at_once() -> None:
    assert similarity.clusters([LONG] * 1000 + ["…", ""], 0.9) == [list(range(1000)), [1000], [1001]]
