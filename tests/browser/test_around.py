"""Drafts on every device, a case set aside, and a filter kept as a view."""

from playwright.sync_api import expect

from tests.browser import people
from tests.browser.conftest import Open
from tests.browser.product import Product


def test_what_is_being_typed_stands_on_another_device_and_is_gone_when_it_is_sent(
    running: Product, visit: Open
) -> None:
    desk, elsewhere = visit(), visit(width=390, language="en")
    number = people.agent(running)
    people.go_on_duty(desk, number)
    people.ask(visit(), "耳机左边没有声音")
    people.open_case(desk, "耳机左边没有声音")
    expect(desk.locator("#keep-draft")).to_be_hidden()
    with desk.expect_response("**/draft") as kept:
        desk.fill("#words", "请问是哪一款耳机")
    assert kept.value.status == 204
    people.go_on_duty(elsewhere, number)
    elsewhere.goto(desk.url)
    expect(elsewhere.locator("#words")).to_have_value("请问是哪一款耳机")
    elsewhere.fill("#words", "请问是哪一款耳机？")
    elsewhere.click("#send-reply")
    expect(elsewhere.locator("#words")).to_have_value("")
    desk.evaluate("localStorage.clear()")
    desk.goto(desk.url)
    expect(desk.locator("#words")).to_have_value("")
    expect(desk.locator(".talk")).to_contain_text("请问是哪一款耳机？")
    people.go_off(desk)


def test_without_script_a_button_keeps_the_draft(running: Product, visit: Open) -> None:
    desk = visit(script=False)
    people.go_on_duty(desk, people.agent(running))
    people.ask(visit(), "键盘进水了")
    desk.reload()
    people.open_case(desk, "键盘进水了")
    desk.fill("#words", "请先断电")
    desk.click("#keep-draft")
    expect(desk.locator("#words")).to_have_value("请先断电")
    people.go_off(desk)


def test_a_case_is_set_aside_for_an_hour_and_says_until_when(running: Product, visit: Open) -> None:
    desk = visit()
    people.go_on_duty(desk, people.agent(running))
    people.ask(visit(), "打印机卡纸")
    people.open_case(desk, "打印机卡纸")
    people.write(desk, "reply", "正在为您查询")
    expect(desk.locator("#words")).to_have_value("")
    desk.locator(".composer__mode:has([value=wait])").click()
    expect(desk.locator("[name=snooze]")).to_be_hidden()
    desk.check("[value=scheduled]")
    expect(desk.locator("[name=snooze]")).to_be_visible()
    expect(desk.locator("[name=until]")).to_be_hidden()
    desk.click("#send-wait")
    expect(desk.locator("#case-talk .badge--waiting")).to_contain_text("至")
    people.go_off(desk)


def test_a_filter_is_kept_as_a_view_and_the_list_stays_in_it(running: Product, visit: Open) -> None:
    desk = visit()
    people.go_on_duty(desk, people.agent(running))
    people.ask(visit(), "鼠标双击失灵")
    expect(desk.locator("[data-row]", has_text="鼠标双击失灵")).to_be_visible()
    desk.goto("/desk/views")
    desk.select_option("#filter-who", "mine")
    desk.fill("#view-name", "只看我的")
    desk.click("button[value=save]")
    current = desk.locator(".list__view[aria-current]")
    expect(current).to_contain_text("只看我的")
    people.open_case(desk, "鼠标双击失灵")
    expect(current).to_contain_text("只看我的")
    people.go_off(desk)
