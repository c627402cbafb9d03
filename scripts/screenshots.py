"""Pictures of the product for its guides: `python -m scripts.screenshots [FOLDER]` starts one with invented people."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from scripts import prepared
from scripts.steps import ROOT
from tests.browser import people, product
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.product import Product

MATTERS = (
    ("张三", "13800008000", "电脑突然无法开机，里面有急用资料"),
    ("赵敏", "zhao@example.com", "我想退款，上周买的耳机不合适"),
    ("Anna Bell", "anna@example.com", "My laptop does not start since this morning"),
    ("周舟", "13900009000", "发票抬头开错了，请帮忙重新开一张"),
    ("钱多", "13700007000", "我要投诉！服务态度太差，等了两个小时"),
)


def main(arguments: list[str]) -> int:
    """Write every picture into the folder; pictures that were there are replaced."""
    folder = Path(arguments[0]) if arguments else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    prepared.translations()  # the texts of today, not those of the last start
    with (
        tempfile.TemporaryDirectory() as home,
        product.running(Path(home)) as running,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        _tell(browser, running, folder)
        browser.close()
    return 0


def _tell(browser: Browser, running: Product, folder: Path) -> None:
    number = people.agent(running)
    named = "from huiyin.staff.models import Staff; Staff.objects.filter(number=%r).update(name='李娜')"
    running.run(named % number)
    desk = _page(browser, running, 1280)
    people.go_on_duty(desk, number)
    phone = _page(browser, running, 390)
    follows = [people.ask(phone, text, name=name, contact=contact) for name, contact, text in MATTERS]
    phone.goto("/ask")
    _take(phone, folder, "ask-phone")
    expect(desk.locator("[data-row]")).to_have_count(len(MATTERS), timeout=20_000)
    desk.locator("form[action='/desk/notices/read'] button").click()
    _take(desk, folder, "desk")
    people.open_case(desk, MATTERS[0][2])
    people.write(desk, "reply", "您好，请先长按电源键十秒再开机。我们两小时内给您回电。")
    expect(desk.locator(".talk")).to_contain_text("长按电源键")
    people.write(desk, "note", "客户资料急用，备用机已留好。")
    expect(desk.locator(".talk")).to_contain_text("备用机")
    _take(desk, folder, "case")
    desk.emulate_media(color_scheme="dark")
    people.speak(desk, "en")
    _take(desk, folder, "case-dark-en")
    desk.emulate_media(color_scheme="light")
    people.speak(desk, "zh-hans")
    people.write(desk, "resolve", "已上门更换电源，开机正常，资料完好。")
    expect(desk.locator("#case-talk .badge--resolved")).to_be_visible()
    phone.goto(follows[0])
    _take(phone, folder, "follow-phone")
    pocket = _page(browser, running, 390)
    pocket.context.add_cookies(desk.context.cookies())  # type: ignore[arg-type]
    pocket.goto(desk.url)
    _take(pocket, folder, "case-phone")
    pocket.goto("/desk")
    _take(pocket, folder, "desk-phone")


def _page(browser: Browser, running: Product, width: int) -> Page:
    size = {"width": width, "height": 800 if width > 600 else 844}
    context = browser.new_context(
        base_url=running.url, viewport=size, locale="zh-CN", is_mobile=width < 600, reduced_motion="reduce"
    )
    context.set_default_timeout(20_000)
    return context.new_page()


def _take(page: Page, folder: Path, name: str) -> None:
    page.mouse.move(0, 0)  # nothing is shown as pointed at
    page.wait_for_timeout(900)  # countdowns and live parts have shown themselves
    page.screenshot(path=folder / f"{name}.png")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
