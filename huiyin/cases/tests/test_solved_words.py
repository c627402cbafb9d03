"""A customer's own words confirm a result only when they say so clearly and say nothing else."""

import pytest

from huiyin.cases import hearing, lifecycle
from huiyin.cases.models import Case, Entry
from huiyin.cases.solved_words import LONGEST, says_solved
from tests import given
from tests.given import MONDAY_9, hours

CONFIRM = (
    "已经好了，谢谢",
    "解决了",
    "解决了，谢谢！",
    "问题解决了，谢谢您",
    "问题已经解决了",
    "现在可以了，谢谢",
    "已经可以了",
    "都好了，辛苦了",
    "修好了，多谢",
    "搞定了👍",
    "已经恢复正常了",
    "现在正常了，感谢你们的帮助",
    "我这边已经好了 谢谢",
    "电脑现在能用了，非常感谢",
    "好的，问题已解决了，谢谢",
    "终于解决了，太好了",
    "可以正常使用了，谢谢客服",
    "It works now, thanks",
    "it works now",
    "It's working again, thank you!",
    "Everything works fine now. Thank you very much!",
    "The problem is solved, thanks",
    "Problem solved",
    "Solved, thank you so much!",
    "It’s fixed now",
    "The issue has been resolved. Thanks for your help!",
    "All good now, thanks",
    "It's fine now, thank you",
    "Great, it works perfectly. Many thanks",
    "Yes, it is back to normal now",
    "已经好了, thanks",
)
DO_NOT = (
    "还没好",
    "没解决",
    "已经好了吗",
    "解决了吗？",
    "解决了?",
    "还是不行",
    "谢谢",
    "好的",
    "收到，谢谢",
    "可以了",
    "好了",
    "没问题",
    "已经好了，但是发票还没收到",
    "解决了，不过又黑屏了",
    "解决了一半",
    "差不多解决了",
    "好像解决了",
    "应该好了吧",
    "已经好了。另外想问一下发票",
    "已经好了，请把发票寄给我",
    "已经好了，什么时候退款",
    "等解决了再说",
    "如果解决了我告诉你们",
    "你们什么时候解决了再联系我",
    "昨天好了今天又坏了",
    "已经好了…",
    "解决了12345",
    "终于解决了，拖了三天，太差了",
    "不是已经好了",
    "没有解决了",
    "It does not work",
    "it works now but it is slow",
    "It works now, but the invoice is missing",
    "Does it work now",
    "it works now?",
    "It never works",
    "Nothing works now",
    "It only works now and then",
    "Is it fixed now",
    "It's not fixed",
    "Thanks",
    "Thank you very much!",
    "OK",
    "I think it is fixed",
    "It should be fixed now",
    "Please get it fixed",
    "Get it solved now",
    "It works now. Please send me the invoice",
    "unsolved",
    "It works now, thanks. When do I get my refund",
    "I want it solved now",
    "Solved my foot",
    "已经好了🤔",
)
NEGATE_OR_ASK_ZH = (*"不没未别吗呢么?？", "没有", "还没", "无法", "怎么", "为什么", "可是", "要求")
NEGATE_OR_ASK_EN = (
    "not",
    "no",
    "never",
    "don't",
    "isn't",
    "hardly",
    "?",
    "why",
    "how",
    "but",
    "please",
    "can you",
)


@pytest.mark.parametrize("words", CONFIRM)
def test_clear_words_confirm(words: str) -> None:
    assert says_solved(words)


@pytest.mark.parametrize("words", DO_NOT)
def test_a_negation_question_doubt_demand_or_another_matter_confirms_nothing(words: str) -> None:
    assert not says_solved(words)


def test_no_negation_and_no_question_put_anywhere_into_a_confirming_sentence_still_confirms() -> None:
    for words in CONFIRM:
        changed = [
            words[:place] + more + words[place:]
            for more in NEGATE_OR_ASK_ZH
            for place in range(len(words) + 1)
        ]
        spoken = words.split(" ")
        changed += [
            " ".join([*spoken[:place], more, *spoken[place:]])
            for more in NEGATE_OR_ASK_EN
            for place in range(len(spoken) + 1)
        ]
        assert [one for one in changed if says_solved(one)] == []


def test_more_than_a_short_sentence_confirms_nothing() -> None:
    assert not says_solved("已经好了，谢谢。" * LONGEST)


def solved(text: str = "我的电脑突然无法开机") -> Case:
    return given.a_case(text, handler=given.an_agent(), status="resolved")


def written(case: Case, text: str, files: tuple[str, ...] = ()) -> Case:
    draft = lifecycle.Draft("message.received", {"channel": "api", "files": list(files)}, text)
    lifecycle.receive(case, draft, by=given.customer_of(case), at=MONDAY_9 + hours(1))
    return given.fresh(case)


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["已经好了，谢谢", "解决了", "It works now, thanks"])
@pytest.mark.parametrize("matter", ["我的电脑突然无法开机", "我要投诉"])
def test_such_a_message_closes_a_solved_case_as_the_customers_word_in_the_channel(
    words: str, matter: str
) -> None:
    case = written(solved(matter), words)
    assert (case.status, case.closed_loop, case.outcome) == ("closed", "channel", "satisfied")
    entry = Entry.objects.get(case=case, kind="case.confirmed")
    assert (entry.by_kind, entry.payload) == ("customer", {"how": "channel", "outcome": "satisfied"})


@pytest.mark.django_db
def test_the_same_words_with_a_file_open_the_case_again_and_mere_thanks_leave_it() -> None:
    assert written(solved(), "已经好了", ("receipt",)).status == "open"
    assert written(given.a_case(status="resolved"), "谢谢").status == "resolved"


@pytest.mark.django_db
def test_the_same_words_in_a_case_that_is_worked_on_close_nothing() -> None:
    case = given.a_case(handler=given.an_agent(), status="open")
    assert written(case, "已经好了，谢谢").status == "open"


@pytest.mark.django_db
def test_said_again_of_a_closed_case_it_opens_nothing() -> None:
    case = written(solved(), "已经好了，谢谢")
    assert written(case, "已经好了，谢谢").status == "closed"


@pytest.mark.parametrize("part", ["谢", "谢谢", "嗯", "嗯嗯解决了", "好的", "thank", "it works "])
def test_words_that_can_be_read_in_many_ways_are_read_in_one_go(part: str) -> None:
    assert not hearing.only_thanks(part * 4000 + "x")
    assert not says_solved((part * LONGEST)[: LONGEST - 1] + "x")
