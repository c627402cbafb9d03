"""Categories, priorities and emotions follow their stated rules and say why."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.engines import classify, keywords
from huiyin.engines.classify import EMOTION_PHRASES, Signals
from huiyin.engines.keywords import Hit, Phrase

PARENTS = {
    "pre_sales": None,
    "after_sales": None,
    "complaint": None,
    "hardware_fault": "after_sales",
    "refund": "after_sales",
    "how_to": "after_sales",
    "product": "complaint",
}


def phrase(text: str, category: str, weight: int = 1, *, is_pattern: bool = False) -> Phrase:
    return Phrase(f"p-{text}", text, is_pattern, weight=weight, effects={"category": category})


def decide(text: str, *phrases: Phrase, subject: int = 0) -> classify.Classification:
    hits = keywords.compile(phrases).find(text)
    return classify.classify(hits, subject_span=range(subject) if subject else None, parents=PARENTS)


BROKEN = phrase("无法开机", "hardware_fault", 3)
REFUND = phrase("退款", "refund")


def test_a_phrase_decides_and_says_so():
    decided = decide("手机无法开机", BROKEN)
    assert (decided.category, decided.confidence) == ("hardware_fault", 0.875)
    reason = decided.because[0]
    assert reason.code == "phrase_decided"
    assert reason.params["matched"] == "无法开机"
    assert reason.params["category"] == "hardware_fault"


def test_silence_is_no_category_without_confidence():
    decided = decide("你好", BROKEN)
    assert (decided.category, decided.confidence, decided.scores) == (None, 0, {})
    assert [reason.code for reason in decided.because] == ["nothing_matched"]


def test_a_hit_without_a_category_decides_nothing():
    assert decide("冒烟", Phrase("p", "冒烟", effects={"priority": "urgent"})).category is None


def test_a_phrase_in_the_subject_counts_twice():
    decided = decide("退款 无法开机", REFUND, phrase("无法开机", "hardware_fault"), subject=2)
    assert (decided.category, decided.scores["refund"]) == ("refund", 2)


def test_a_phrase_counts_once_however_often_it_is_said():
    assert decide("退款退款退款", REFUND).scores["refund"] == 1


def test_the_specific_phrase_silences_the_general_one_inside_it():
    decided = decide("退款流程是什么", REFUND, phrase("退款流程", "how_to"))
    assert (decided.category, decided.scores) == ("how_to", {"after_sales": 1, "how_to": 1})


def test_a_long_pattern_silences_nothing():
    loose = phrase("我.{0,20}了", "pre_sales", is_pattern=True)
    assert decide("我的手机无法开机了", BROKEN, loose).category == "hardware_fault"


def test_a_branch_wins_by_the_sum_of_its_children():
    decided = decide("质量差，退款，怎么用", REFUND, phrase("怎么用", "how_to"), phrase("质量差", "product"))
    assert decided.category == "refund"
    assert decided.scores["after_sales"] == 2


def test_a_phrase_for_the_parent_gives_way_to_one_for_its_child():
    decided = decide("售后：退款", REFUND, phrase("售后", "after_sales", 5))
    assert decided.category == "refund"


def test_a_parent_stands_when_no_phrase_is_more_exact():
    assert decide("售后", phrase("售后", "after_sales")).category == "after_sales"


def test_what_lost_is_told_too():
    decided = decide("无法开机，退款", BROKEN, REFUND)
    assert [reason.code for reason in decided.because] == ["phrase_decided", "phrase_overruled"]


def test_of_equals_the_one_with_more_phrases_wins():
    decided = decide("投诉 退款 怎么用", phrase("投诉", "complaint", 2), REFUND, phrase("怎么用", "how_to"))
    assert decided.category == "refund"
    tie = next(reason for reason in decided.because if reason.code == "tie_broken")
    assert tie.params == {"category": "after_sales", "against": "complaint", "by": "more_phrases"}


def test_of_equals_the_earlier_mention_wins():
    faults = (phrase("投诉", "complaint"), REFUND)
    assert decide("退款，投诉", *faults).category == "refund"
    assert decide("投诉，退款", *faults).category == "complaint"


def test_of_equals_the_subject_counts_as_earlier():
    twice = (phrase("投诉", "complaint", 2), REFUND)
    assert decide("退款 投诉", *twice, subject=2).category == "refund"


def test_at_the_same_place_the_code_decides():
    same = (phrase("退货", "refund"), phrase("退货", "hardware_fault"))
    decided = decide("退货", *same)
    assert decided.category == "hardware_fault"
    assert decided.because[1].params["by"] == "code_order"


def test_a_tie_is_never_more_than_half_sure():
    assert (
        decide("投诉，退款", phrase("投诉", "complaint", 50), phrase("退款", "refund", 50)).confidence <= 0.5
    )


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(sorted(PARENTS)), st.integers(1, 5)), min_size=1, max_size=4),
    st.randoms(use_true_random=False),
)
def test_the_order_of_hits_changes_nothing_and_scores_add_up(found, random):
    hits = [
        Hit(Phrase(str(number), "x", weight=weight, effects={"category": category}), number, number + 1, "x")
        for number, (category, weight) in enumerate(found)
    ]
    decided = classify.classify(hits, parents=PARENTS)
    random.shuffle(hits)
    assert classify.classify(hits, parents=PARENTS) == decided
    assert sum(decided.scores.get(top, 0) for top in ("pre_sales", "after_sales", "complaint")) == sum(
        weight for _, weight in found
    )
    assert decided.category is not None
    assert 0 < decided.confidence <= 1


def test_categories_in_a_ring_are_refused():
    hits = keywords.compile([phrase("退款", "a")]).find("退款")
    with pytest.raises(ValueError, match="ring"):
        classify.classify(hits, parents={"a": "b", "b": "a"})


def urgency(text: str = "", *phrases: Phrase, category: str | None = "refund", **given: object):
    signals = {"customer_level": None, "earlier_complaint": False, "emotion": None, "burst": False, **given}
    hits = keywords.compile(phrases).find(text)
    defaults = {"refund": "normal", "safety": "urgent", "suggestion": "low"}
    return classify.prioritise(Signals(hits=hits, **signals), category=category, defaults=defaults)


SMOKE = Phrase("u", "冒烟", effects={"priority": "urgent"})
EXTRA = Phrase("l", "补充资料", effects={"priority": "low"})


def test_an_urgent_phrase_or_a_burst_is_urgent_at_once():
    assert urgency("冒烟了", SMOKE).priority == "urgent"
    assert urgency(burst=True, category="suggestion").priority == "urgent"
    assert urgency("冒烟了", SMOKE).because[0].params["matched"] == "冒烟"


def test_without_signals_the_default_of_the_category_holds():
    assert urgency().priority == "normal"
    assert urgency(category="suggestion").priority == "low"
    assert urgency(category=None).priority == "normal"
    assert urgency(category="unheard_of").because[0].code == "no_default"


def test_a_phrase_replaces_the_default_but_never_lowers_urgent():
    assert urgency("补充资料", EXTRA).priority == "low"
    assert urgency("补充资料", EXTRA, category="safety").priority == "urgent"


PUSHES = {"customer_level": "vip", "emotion": "angry", "earlier_complaint": True}


@pytest.mark.parametrize("names", [names for size in (0, 1, 2, 3) for names in permutations(PUSHES, size)])
@pytest.mark.parametrize(("category", "needed"), [("suggestion", 1), ("refund", 2)])
def test_one_push_lifts_low_and_two_lift_normal_by_one_step(names, category, needed):
    levels = ("low", "normal", "urgent")
    level = levels.index(urgency(category=category).priority)
    expected = levels[level + (len(names) >= needed)]
    assert urgency(category=category, **{name: PUSHES[name] for name in names}).priority == expected


def test_a_lift_names_its_pushes():
    codes = [reason.code for reason in urgency(**PUSHES).because]
    assert codes == [
        "category_default",
        "important_customer",
        "upset_customer",
        "earlier_complaint",
        "lifted",
    ]


def test_an_ordinary_level_and_a_worried_customer_push_nothing():
    assert urgency(category="suggestion", customer_level="basic", emotion="worried").priority == "low"


def test_a_default_that_is_no_priority_is_refused():
    signals = Signals((), None, False, None, False)
    with pytest.raises(ValueError, match="no priority"):
        classify.prioritise(signals, category="a", defaults={"a": "soon"})


FEELINGS = keywords.compile(EMOTION_PHRASES)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("请问怎么续费", "calm"),
        ("我很担心数据丢了", "worried"),
        ("太失望了", "disappointed"),
        ("你们就是骗子", "angry"),
        ("太失望了，再不处理我就起诉", "threatening"),
        ("我要曝光你們", "threatening"),
        ("This is UNACCEPTABLE", "angry"),
        ("I will talk to my lawyer", "threatening"),
        ("I am not angry", "calm"),
        ("不着急，慢慢来", "calm"),
        ("垃圾桶的盖子坏了", "calm"),
        ("曝光时间怎么设置", "calm"),
        ("worst case I come by tomorrow", "calm"),
    ],
)
def test_emotion_words_are_heard_and_their_denials_are_not(text, code):
    assert classify.emotion(FEELINGS.find(text)).code == code


def test_the_gravest_emotion_wins_and_more_words_make_it_stronger():
    once, twice = (classify.emotion(FEELINGS.find(text)) for text in ("骗子", "骗子，垃圾"))
    assert 0 < once.strength < twice.strength < 1
    assert twice.is_upset
    assert not classify.emotion([]).is_upset


def test_an_unknown_emotion_never_hides_a_known_one():
    own = Phrase("x", "哼", effects={"emotion": "sulky"})
    hits = keywords.compile([own, *EMOTION_PHRASES]).find("哼，失望")
    assert classify.emotion(hits).code == "disappointed"
