"""What an agent must be able to rely on while working."""

import re

from playwright.sync_api import expect

from tests.browser import people
from tests.browser.conftest import Open
from tests.browser.product import Product


def test_a_promise_that_the_clock_breaks_is_shown_as_late_without_a_reload(
    running: Product, visit: Open
) -> None:
    desk = visit()
    people.go_on_duty(desk, people.agent(running))
    people.ask(visit(), "发票抬头开错了")
    people.open_case(desk, "发票抬头开错了")
    expect(desk.locator(".case__due .countdown")).not_to_have_class(re.compile("countdown--late"))
    running.run(
        "from huiyin.base import clock\n"
        "from huiyin.cases.models import Case, Promise\n"
        "case = Case.objects.order_by('-id').first()\n"
        "due = Promise.objects.filter(case=case, kind='resolution')\n"
        "due.update(due_at=clock.now(), next_at=clock.now())\n"
        "Case.objects.filter(pk=case.pk).update(next_due=clock.now())\n"
    )
    expect(desk.locator(".talk__alarm").first).to_be_visible()
    expect(desk.locator("#case-owed .badge--broken")).to_contain_text("未按时")
    expect(desk.locator(".case__due")).to_contain_text("已超时")
    people.go_off(desk)


def test_a_case_is_taken_answered_and_solved_with_keys_alone(running: Product, visit: Open) -> None:
    desk = visit()
    people.go_on_duty(desk, people.agent(running))
    people.ask(visit(), "这个功能怎么使用")
    expect(desk.locator("[data-row]", has_text="怎么使用")).to_be_visible()
    keys = desk.keyboard
    keys.press("?")
    expect(desk.locator("#keys")).to_be_visible()
    keys.press("Escape")
    keys.press("j")
    keys.press("Enter")
    desk.wait_for_url("**/desk/cases/**")
    expect(desk.locator(".countdown--runs").first).to_be_visible()
    keys.press("r")
    keys.type("请打开设置。")
    keys.press("Control+Enter")
    expect(desk.locator(".talk")).to_contain_text("请打开设置。")
    expect(desk.locator("#words")).to_have_value("")
    keys.press("Escape")
    keys.press("s")
    keys.type("已教会客户使用。")
    keys.press("Control+Enter")
    expect(desk.locator("#case-talk .badge--resolved")).to_be_visible()
    people.go_off(desk)


def test_taking_a_case_by_key_keeps_its_promises_in_sight_and_the_keyboard_in_it(
    running: Product, visit: Open
) -> None:
    desk = visit()
    people.go_on_duty(desk, people.agent(running))
    people.ask(visit(), "门店周日营业吗")
    people.open_case(desk, "门店周日营业吗")
    desk.focus("#act-accept")
    desk.keyboard.press("Enter")
    expect(desk.locator("#case-talk .badge--open")).to_be_visible()
    expect(desk.locator("#case-owed .promise").first).to_be_visible()
    expect(desk.locator("#middle")).to_be_focused()
    people.go_off(desk)


def test_an_answer_that_is_no_page_of_the_case_leaves_the_words_and_says_so(
    running: Product, visit: Open
) -> None:
    desk = visit()
    people.go_on_duty(desk, people.agent(running))
    people.ask(visit(), "会员积分没有到账")
    people.open_case(desk, "会员积分没有到账")
    desk.route("**/reply", lambda route: route.fulfill(status=503, body="<h1>busy</h1>"))
    desk.keyboard.press("r")
    desk.keyboard.type("积分明天到账。")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#composer [role=alert]")).to_contain_text("未成功")
    expect(desk.locator("#words")).to_have_value("积分明天到账。")
    people.go_off(desk)


def test_enter_while_an_input_method_composes_sends_nothing(running: Product, visit: Open) -> None:
    desk = visit()
    people.go_on_duty(desk, people.agent(running))
    people.ask(visit(), "这款多少钱")
    people.open_case(desk, "这款多少钱")
    desk.fill("#words", "ni hao")
    desk.dispatch_event("#words", "keydown", {"key": "Enter", "ctrlKey": True, "isComposing": True})
    desk.wait_for_timeout(300)
    expect(desk.locator("#words")).to_have_value("ni hao")
    expect(desk.locator(".talk__said--ours", has_text="ni hao")).to_have_count(0)
    people.go_off(desk)


def test_a_draft_survives_a_reload_and_goes_when_it_is_sent(running: Product, visit: Open) -> None:
    desk = visit()
    people.go_on_duty(desk, people.agent(running))
    people.ask(visit(), "物流三天没动")
    people.open_case(desk, "物流三天没动")
    expect(desk.locator(".countdown--runs").first).to_be_visible()
    desk.fill("#words", "正在为您查询")
    desk.reload()
    expect(desk.locator("#words")).to_have_value("正在为您查询")
    desk.click("#send-reply")
    expect(desk.locator(".talk")).to_contain_text("正在为您查询")
    desk.reload()
    expect(desk.locator(".countdown--runs").first).to_be_visible()
    expect(desk.locator("#words")).to_have_value("")
    people.go_off(desk)


def test_words_stay_when_they_could_not_be_sent_and_make_one_entry_when_sent_again(
    running: Product, visit: Open
) -> None:
    desk = visit(watched=False)  # a lost connection is logged by the browser
    people.go_on_duty(desk, people.agent(running))
    people.ask(visit(), "我想换货")
    people.open_case(desk, "我想换货")
    expect(desk.locator(".countdown--runs").first).to_be_visible()
    desk.fill("#words", "请提供订单号")
    desk.route("**/reply", lambda route: route.abort())
    desk.click("#send-reply")
    expect(desk.locator("[data-error]")).to_be_visible()
    expect(desk.locator("#words")).to_have_value("请提供订单号")
    desk.unroute("**/reply")
    desk.locator("#send-reply").dblclick()
    expect(desk.locator(".talk__words", has_text="请提供订单号")).to_have_count(1)
    people.go_off(desk)


def test_a_message_that_arrives_leaves_the_words_being_written_alone(running: Product, visit: Open) -> None:
    desk, phone = visit(), visit(width=390)
    people.go_on_duty(desk, people.agent(running))
    people.ask(phone, "打开软件就闪退")
    people.open_case(desk, "打开软件就闪退")
    expect(desk.locator(".countdown--runs").first).to_be_visible()
    desk.fill("#words", "请稍等")
    phone.fill("#text", "补充：版本是 3.2")
    phone.click("#send")
    expect(desk.locator(".talk")).to_contain_text("版本是 3.2")
    expect(desk.locator("#words")).to_have_value("请稍等")
    people.go_off(desk)


def test_a_reply_and_a_solution_work_without_script(running: Product, visit: Open) -> None:
    desk = visit(script=False)
    people.go_on_duty(desk, people.agent(running))
    people.ask(visit(script=False), "My laptop does not start")
    desk.goto("/desk")
    people.open_case(desk, "My laptop does not start")
    people.write(desk, "reply", "Please hold the power key.")
    expect(desk.locator(".talk")).to_contain_text("Please hold the power key.")
    people.write(desk, "resolve", "")
    expect(desk.locator(".composer .alert")).to_be_visible()
    people.write(desk, "resolve", "It starts again.")
    expect(desk.locator("#case-talk .badge--resolved")).to_be_visible()
    people.go_off(desk)


def test_contacts_are_revealed_by_one_click_in_ones_own_case(running: Product, visit: Open) -> None:
    desk = visit()
    people.go_on_duty(desk, people.agent(running))
    people.ask(visit(), "设备出现故障", contact="13900001234")
    people.open_case(desk, "设备出现故障")
    expect(desk.locator("#customer")).not_to_contain_text("13900001234")
    desk.click("#reveal")
    expect(desk.locator("#customer")).to_contain_text("13900001234")
    people.go_off(desk)
