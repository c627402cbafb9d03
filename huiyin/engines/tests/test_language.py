"""The check of a draft: what is found, where, when it does not count, and that the shipped rules hold."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.engines import language
from huiyin.engines.language import Context, Finding, LanguageError, Personal, Rules, Statement

PACK = Path(__file__).parents[3] / "packs" / "general" / "language.yaml"
SHIPPED = language.rules(yaml.safe_load(PACK.read_text("utf-8"))["rules"])
ADVICE = {"zh": "换一种说法", "en": "Say it otherwise"}
RETURNS = Statement(
    "kb-12", "签收后7天内可申请退货，15天内可申请换货。运费10元由买家承担。退款3-5个工作日到账。", "退换货"
)


def rule(**fields: object) -> dict[str, object]:
    return {"code": "r", "kind": "banned", "severity": "warn", "advice": ADVICE, **fields}


def found(text: str, context: Context | None = None, rules: Rules = SHIPPED) -> dict[str, tuple[int, int]]:
    return {finding.rule: finding.span for finding in language.check(text, rules, context)}


def only(fields: dict[str, object]) -> Rules:
    return language.rules([fields])


def test_every_shipped_rule_behaves_as_its_samples_say() -> None:
    assert language.failed_samples(SHIPPED) == ()


def test_the_shipped_rules_cover_every_kind_in_both_languages_with_samples() -> None:
    assert len(SHIPPED.rules) >= 40
    assert {one.kind for one in SHIPPED.rules} == set(language.values.KINDS)
    for one in SHIPPED.rules:
        assert one.advice.zh
        assert one.advice.en
        assert one.kind in ("others", "contradiction") or (one.matches and one.ignores)


def test_a_polite_reply_is_left_alone() -> None:
    polite = (
        "王女士，您好！退货申请已经收到，核对后款项会按原路退回。还有问题随时联系，谢谢！请您评价本次服务。"
    )
    assert language.check(polite, SHIPPED, Context(situation=frozenset({"first_reply", "closing"}))) == []


def test_the_span_is_that_of_the_text_as_typed() -> None:
    text = "亲，這個我不　知道，ＳＬＡ也说不准"
    (finding,) = language.check(text, SHIPPED)
    assert text[slice(*finding.span)] == "ＳＬＡ"
    typed = "您好😀不知道"
    assert found(typed)["dont-know"] == (3, 6)


def test_a_phrase_counts_not_inside_an_exclusion_and_counts_beside_it() -> None:
    assert "dont-know" not in found("不知道您方便吗")
    assert found("不知道您方便吗？我不知道")["dont-know"] == (9, 12)


def test_a_phrase_inside_a_longer_one_of_the_same_rule_is_one_finding() -> None:
    rules = only(rule(phrases=["不知道", "我不知道"]))
    assert [one.span for one in language.check("我不知道，不知道", rules)] == [(0, 4), (5, 8)]


def test_what_blocks_comes_before_what_warns_at_the_same_place() -> None:
    given_rules = [rule(code="a", phrases=["退款"]), rule(code="b", phrases=["退款"], severity="block")]
    findings = language.check("退款", language.rules(given_rules))
    assert [one.rule for one in findings] == ["b", "a"]


def test_private_data_may_be_asked_for_when_the_matter_needs_it() -> None:
    text = "请提供您的身份证号码"
    assert "asks-id-number" in found(text)
    assert "asks-id-number" not in found(text, Context(needed=frozenset({"id_number"})))


def test_a_promise_within_the_authority_of_the_agent_may_be_made() -> None:
    text = "这个我们会赔的"
    assert "promises-compensation" in found(text)
    assert "promises-compensation" not in found(text, Context(authority=frozenset({"compensation"})))


def test_a_greeting_is_missed_in_a_first_reply_only_and_only_at_the_start() -> None:
    first = Context(situation=frozenset({"first_reply"}))
    assert found("已发货", first)["greeting"] == (0, 0)
    assert "greeting" not in found("已发货")
    assert "greeting" not in found("  王女士您好，已发货", first)
    assert "greeting" in found("已发货" * 40 + "您好", first)


def test_a_closing_is_missed_at_the_end() -> None:
    last = Context(situation=frozenset({"closing"}))
    assert found("款项已退回", last)["closing"] == (5, 5)
    assert "closing" not in found("款项已退回，谢谢您", last)
    assert "closing" in found("谢谢您。" + "款项已退回。" * 40, last)


def test_a_statement_that_must_be_made_before_an_order_blocks_until_it_is() -> None:
    order = Context(situation=frozenset({"before_order", "chat"}))
    missing = [
        one for one in language.check("可以拍了，请确认数量", SHIPPED, order) if one.severity == "block"
    ]
    assert [one.rule for one in missing] == ["colour-difference"]
    assert "colour-difference" not in found("可以拍了，略有色差，请确认数量", order)


def test_personal_data_of_others_is_found_and_that_of_this_case_is_not() -> None:
    text = "您的电话13800000000，地址某某路1号，另有138****0001和13900000000"
    personal = tuple(
        Personal(text.index(value), text.index(value) + len(value), kind, value)
        for kind, value in (
            ("phone", "13800000000"),
            ("address", "某某路1号"),
            ("phone", "138****0001"),
            ("phone", "13900000000"),
        )
    )
    known = frozenset({"+86 138-0000-0000", "某某路 1号"})
    findings = [
        one
        for one in language.check(text, SHIPPED, Context(personal=personal, known=known))
        if one.kind == "others"
    ]
    assert [text[slice(*one.span)] for one in findings] == ["13900000000"]
    assert "13900000000" not in str(findings[0].because)


@pytest.mark.parametrize(
    ("text", "said", "stated"),
    [
        ("您15天内都可以退货哦", "15天", "7天"),
        ("退货的话，二十天内都行", "二十天", "7天"),
        ("退款大概十个工作日到账", "十个工作日", "3-5个工作日"),
        ("退款5-7个工作日到账", "5-7个工作日", "3-5个工作日"),
        ("运费是五十元", "五十元", "10元"),
        ("运费大约¥12", "¥12", "10元"),
    ],
)
def test_a_figure_that_differs_from_the_valid_article_is_found(text: str, said: str, stated: str) -> None:
    findings = language.check(text, SHIPPED, Context(statements=(RETURNS,)))
    (finding,) = [one for one in findings if one.kind == "contradiction"]
    assert text[slice(*finding.span)] == said
    assert finding.because.params == {"said": said, "stated": stated, "source": "kb-12"}


@pytest.mark.parametrize(
    "text",
    [
        "您7天内可以退货",
        "签收后一周内可以退货，15天内可以换货",
        "退款一般4个工作日到账",
        "退款三到五个工作日到账",
        "2026年3月15日的订单可以退货",
        "会员费五十元",
        "三天内发货",
        "退货7天，换货15天",
    ],
)
def test_figures_that_fit_or_are_about_something_else_are_left_alone(text: str) -> None:
    assert "contradicts-article" not in found(text, Context(statements=(RETURNS,)))


@pytest.mark.parametrize(
    ("valid", "same", "other"),
    [
        ("24小时", "1天", "2天"),
        ("30分钟", "0.5小时", "1小时"),
        ("两周", "14天", "15天"),
        ("一年", "12个月", "13个月"),
        ("百分之十", "10%", "百分之十五"),
        ("10%", "10 percent", "11%"),
        ("¥50", "五十元", "51块"),
        ("RMB 50", "50 yuan", "RMB 60"),
        ("2万元", "20,000元", "2元"),
        ("九折", "9折", "8折"),
        ("三次", "3 times", "四次"),
        ("5-3个工作日", "3到5个工作日", "3至6个工作日"),
        ("5个工作日", "five working days", "六个工作日"),
        ("5个工作日", "5天", "4 business days"),
    ],
)
def test_units_are_told_apart_and_converted(valid: str, same: str, other: str) -> None:
    context = Context(statements=(Statement("kb-1", f"补差额度：{valid}"),))
    assert "contradicts-article" not in found(f"补差额度是{same}", context)
    start, end = found(f"补差额度是{other}", context)["contradicts-article"]
    assert f"补差额度是{other}"[start:end] == other


def test_figures_are_compared_in_english_too() -> None:
    article = Statement("kb-9", "You can return an item within 7 days. Refunds take 3-5 business days.")
    context = Context(statements=(article,))
    assert found("You may return the item within 30 days", context)["contradicts-article"] == (31, 38)
    assert "contradicts-article" not in found("Refunds take four business days", context)


def test_a_figure_may_be_valid_by_any_of_several_articles() -> None:
    special = Statement("kb-13", "会员签收后30天内可申请退货", "会员退货")
    text = "您30天内都可以退货"
    assert "contradicts-article" in found(text, Context(statements=(RETURNS,)))
    assert "contradicts-article" not in found(text, Context(statements=(RETURNS, special)))


@pytest.mark.parametrize("piece", ["1", "1,", "1,111,", "1天", "十", "十天，", "1-", "保证"])
def test_a_hostile_draft_is_read_to_its_end(piece: str) -> None:
    """A search that grew with the square of the length would run into the time limit of the tests."""
    context = Context(statements=(RETURNS,))
    assert isinstance(language.check(piece * 20_000, SHIPPED, context), list)


@pytest.mark.parametrize("text", ["", "  \n "])
def test_a_blank_draft_has_no_findings(text: str) -> None:
    assert found(text, Context(situation=frozenset({"first_reply", "closing"}))) == {}


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="您好不知道保证15七天退货，。 aSLA百分之元%-～😀\u0301", max_size=60))
def test_every_span_lies_in_the_text_and_findings_stand_in_order(text: str) -> None:
    context = Context(situation=frozenset({"first_reply", "closing"}), statements=(RETURNS,))
    findings: list[Finding] = language.check(text, SHIPPED, context)
    for one in findings:
        start, end = one.span
        assert 0 <= start <= end <= len(text)
        if one.because.code == "phrase":
            assert text[start:end] == one.because.params["matched"]
    assert [one.span for one in findings] == sorted(one.span for one in findings)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "phrases_missing"),
        ({"phrases": ["退款"], "colour": "red"}, "field_unknown"),
        ({"phrases": ["退款"], "severity": "fatal"}, "not_a_choice"),
        ({"phrases": ["退款"], "kind": "rude"}, "not_a_choice"),
        ({"phrases": ["退款"], "advice": {"zh": "…"}}, "not_a_text"),
        ({"phrases": ["退款"], "advice": None}, "advice_missing"),
        ({"phrases": "退款"}, "not_a_list"),
        ({"phrases": [" "]}, "not_a_text"),
        ({"phrases": ["退款"], "excludes": ["退货"]}, "exclude_covers_nothing"),
        ({"phrases": ["退款"], "subject": "refund"}, "subject_unused"),
        ({"phrases": ["退款"], "kind": "promise"}, "subject_missing"),
        ({"phrases": ["退款"], "when": ["closing"]}, "when_unused"),
        ({"phrases": ["退款"], "kind": "others"}, "phrases_unused"),
        ({"patterns": ["(退"]}, "phrase_refused"),
        ({"patterns": ["退*"]}, "phrase_refused"),
    ],
)
def test_a_rule_that_cannot_work_is_refused_when_built(fields: dict[str, object], code: str) -> None:
    with pytest.raises(LanguageError) as wrong:
        only(rule(**fields))
    assert wrong.value.code == code


def test_a_rule_is_named_once() -> None:
    with pytest.raises(LanguageError) as wrong:
        language.rules([rule(phrases=["退款"]), rule(phrases=["退货"])])
    assert wrong.value.code == "rule_twice"


def test_a_sample_that_its_rule_does_not_hit_is_reported() -> None:
    rules = only(rule(phrases=["退款"], matches=["我要退货"], ignores=["我要退款"]))
    assert [(one.sample, one.expected) for one in language.failed_samples(rules)] == [
        ("我要退货", True),
        ("我要退款", False),
    ]
