"""The whole story of one matter, in both languages, on a desk and on a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser import people
from tests.browser.conftest import Open
from tests.browser.product import Product

WORDS = {
    "zh-hans": {"closed": "已办结", "late": "已超时", "ours": "我们会在", "solved": "已经解决"},
    "en": {"closed": "closed", "late": "late", "ours": "We answer by", "solved": "Yes, it is solved"},
}


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_matter_is_asked_answered_disputed_solved_and_closed(
    running: Product, visit: Open, language: str, width: int
) -> None:
    words = WORDS[language]
    number = f"N{language[:2]}{width}"
    (first,) = running.join(number)
    desk, phone = visit(width=width, language=language), visit(width=width, language=language)

    people.sign_in(desk, number, first)
    desk.wait_for_url("**/password")
    desk.fill("#current", first)
    desk.fill("#new", "short")
    desk.fill("#again", "other")
    desk.locator(".sheet__card button").click()
    expect(desk.locator(".field__error").first).to_be_visible()
    desk.fill("#current", first)
    desk.fill("#new", people.PASSWORD)
    desk.fill("#again", people.PASSWORD)
    desk.locator(".sheet__card button").click()
    people.confirm_scope(desk)
    people.speak(desk, language)

    matter = f"电脑突然无法开机 {number}"
    follow = people.ask(phone, matter)
    expect(phone.locator("#state")).to_contain_text(words["ours"])
    people.open_case(desk, matter)  # appeared by itself: nobody reloaded

    people.write(desk, "reply", "您好，请先长按电源键十秒。")
    expect(desk.locator(".talk")).to_contain_text("长按电源键")
    people.write(desk, "resolve", "长按电源键后恢复正常。")
    expect(desk.locator("#case-talk .badge--resolved")).to_be_visible()

    phone.goto(follow)
    expect(phone.locator("#story")).to_contain_text("长按电源键十秒")
    phone.locator("#dispute summary").click()
    phone.fill("#dispute-text", "还是不行。")
    phone.click("#dispute-send")
    expect(desk.locator(".talk")).to_contain_text("还是不行")

    people.write(desk, "resolve", "已上门更换电源。")
    expect(desk.locator("#case-talk .badge--resolved")).to_be_visible()
    phone.goto(follow)
    phone.click("#confirm")
    expect(phone.locator(".alert--good")).to_be_visible()
    expect(desk.locator("#case-talk .badge--closed")).to_contain_text(words["closed"])
    # What has ended still takes a note, and nothing else.
    for gone in ("reply", "resolve", "dispute"):
        expect(desk.locator(f".composer__mode--{gone}")).to_be_hidden()
    people.write(desk, "note", "客户来电致谢。")
    expect(desk.locator(".talk")).to_contain_text("客户来电致谢")
    people.go_off(desk)
