"""Cases are found by their numbers, titles and words; only by who may see them, and not by what is personal."""

from datetime import timedelta

import pytest

from huiyin.cases import about, entries, indexing, lifecycle, search
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Entry, EntryBody, SearchMark, SearchRow
from huiyin.customers import erasure
from huiyin.staff.viewer import Viewer
from tests import given
from tests.given import MONDAY_9

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def indexed(at=MONDAY_9) -> None:  # type: ignore[no-untyped-def]
    while indexing.index_some(at=at):
        pass


def numbers(typed: str, viewer: Viewer) -> list[str]:
    indexed()
    return [hit.case.number for hit in search.find(typed, viewer).hits]


def manager(number: str = "mia") -> Viewer:
    return given.seen_by(given.a_person(number, role="manager", team=None))


def test_a_case_is_found_by_its_words_and_by_any_part_of_a_number() -> None:
    case = given.a_case("耳机左边没有声音，订单HY-2024-0031")
    given.a_case("快递没有收到")
    seen = manager()
    for typed in ("没有声音", "耳机 左边", "2024-0031", "hy20240031", case.number, case.number[-6:]):
        assert numbers(typed, seen) == [case.number], typed
    assert numbers("没有 声音 快递", seen) == []


def test_the_newest_case_comes_first_and_pages_show_each_once() -> None:
    made = [given.a_case(f"耳机没有声音，第{n}次") for n in range(7)]
    indexed()
    seen, found, before = manager(), [], None
    while True:
        page = search.find("没有声音", seen, before=before, limit=3)
        found += [hit.case.number for hit in page.hits]
        before = page.before
        if before is None:
            break
    assert found == [case.number for case in reversed(made)]


def test_who_may_not_see_a_case_does_not_find_it_nor_learns_that_there_is_more() -> None:
    alice, bob, charlie = given.alice_bob_charlie()
    for _ in range(3):
        given.a_case("耳机没有声音", handler=alice)
    indexed()
    assert len(search.find("没有声音", given.seen_by(alice)).hits) == 3
    for stranger in (bob, charlie):
        assert search.find("没有声音", given.seen_by(stranger), limit=1) == search.Found((), None)
    assert search.find("没有声音", None) == search.Found((), None)


def test_nobody_finds_the_case_about_themselves() -> None:
    boss = given.a_person("mia", role="manager", team=None)
    case = given.a_case("经理态度很差")
    about.tell_about(case, [boss], "被投诉", by=given.OPERATOR, at=MONDAY_9)
    assert numbers("态度很差", given.seen_by(boss)) == []
    assert numbers(case.number, given.seen_by(boss)) == []
    assert numbers("态度很差", manager("max")) == [case.number]


def test_what_only_supervision_reads_finds_nothing() -> None:
    case = given.a_case("服务不好")
    about.tell_about(case, [given.an_agent("alice")], "私下收取好处", by=given.OPERATOR, at=MONDAY_9)
    assert numbers("私下收取", manager()) == []


def test_personal_values_in_the_words_are_not_in_the_index() -> None:
    given.a_case("我的电话13900001234，邮箱lilei@shop.example.com，请回电")
    indexed()
    tokens = " ".join(map(str, SearchRow.objects.values_list("tokens", flat=True)))
    assert "1234" not in tokens
    assert "lilei" not in tokens
    seen = manager()
    assert numbers("13900001234", seen) == []
    assert len(numbers("请回电", seen)) == 1


def test_the_passage_shows_the_words_in_their_surroundings_masked() -> None:
    given.a_case("您好。" * 20 + "耳机没有声音，电话13900001234，请<b>回电</b>")
    indexed()
    (hit,) = search.find("没有声音", manager()).hits
    assert [piece.text for piece in hit.passage if piece.is_hit] == ["没有声音"]
    whole = "".join(piece.text for piece in hit.passage)
    assert whole.startswith("…")
    assert "13900001234" not in whole


def test_too_little_is_refused() -> None:
    seen = manager()
    for typed in ("", "开", "a"):
        with pytest.raises(search.TooShort):
            search.find(typed, seen)


def test_erased_words_are_not_found_but_the_number_is() -> None:
    case = given.a_case("耳机没有声音", status="closed")
    seen = manager()
    assert numbers("没有声音", seen) == [case.number]
    assert case.customer is not None
    erasure.ask(case.customer, reason="客户要求删除", by=given.OPERATOR, at=MONDAY_9)
    given.work_done(at=MONDAY_9)
    assert numbers("没有声音", seen) == []
    assert numbers(case.number, seen) == [case.number]


def test_one_entry_can_be_forgotten() -> None:
    alice = given.an_agent("alice")
    case = given.a_case(handler=alice)
    entry = lifecycle.note(case, "仓库说零件已到货", by=given.actor(alice), at=MONDAY_9)
    assert numbers("零件已到货", manager()) == [case.number]
    EntryBody.objects.filter(case=case, seq=entry.seq).update(text="")
    indexing.forget(case, entry.seq)
    indexing.forget(case, entry.seq)
    assert search.find("零件已到货", given.seen_by(alice)).hits == ()


@pytest.mark.tampers
def test_what_was_redacted_is_found_by_what_is_left_of_it_only() -> None:
    case = given.a_case("耳机没有声音，密码是蓝色风筝")
    seen = manager()
    assert numbers("蓝色风筝", seen) == [case.number]
    EntryBody.objects.filter(case=case, seq=1).update(text="耳机没有声音，密码是▇▇▇")
    Case.objects.filter(pk=case.pk).update(title="耳机没有声音")
    told = {"seq": 1, "whole": False, "files": 0}
    Entry.objects.create(
        case=case, seq=90, kind="entry.redacted", audience="staff", payload=told, at=MONDAY_9
    )
    assert numbers("蓝色风筝", seen) == []
    assert numbers("密码是", seen) == [case.number]


def test_an_entry_that_is_committed_after_a_later_one_is_indexed_all_the_same() -> None:
    alice = given.an_agent("alice")
    case = given.a_case(handler=alice)
    entries.append(
        case,
        [Draft("note.added", {"client_id": "", "files": []}, "先写的话")],
        by=given.actor(alice),
        at=MONDAY_9,
    )
    early = Entry.objects.order_by("-pk").first()
    assert early is not None
    pk = early.pk
    entries.append(
        case,
        [Draft("note.added", {"client_id": "", "files": []}, "后写的话")],
        by=given.actor(alice),
        at=MONDAY_9,
    )
    indexing.index_some(at=MONDAY_9)
    SearchRow.objects.filter(place=indexing.place_of(case.pk, early.seq)).delete()
    # As if its transaction had still been open when the later one was read.
    SearchMark.objects.update(missing=[[pk, MONDAY_9.timestamp()]])
    assert numbers("先写的话", manager()) == [case.number]
    assert SearchMark.objects.get().missing == []


def test_a_number_that_never_appears_is_not_waited_for_for_ever() -> None:
    given.a_case()
    indexed()
    SearchMark.objects.update(missing=[[10**9, MONDAY_9.timestamp()]])
    indexed(MONDAY_9 + timedelta(minutes=9))
    assert len(SearchMark.objects.get().missing) == 1
    indexed(MONDAY_9 + timedelta(minutes=11))
    assert SearchMark.objects.get().missing == []


def test_a_filter_keeps_the_cases_that_contain_the_words() -> None:
    case = given.a_case("耳机没有声音")
    given.a_case("快递没有收到")
    indexed()
    assert [found.number for found in search.containing(Case.objects.all(), "没有声音", manager())] == [
        case.number
    ]
