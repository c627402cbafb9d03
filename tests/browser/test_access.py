"""Every page can be used by everybody: axe finds nothing, in light and dark, and nothing needs sideways scrolling."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser import people
from tests.browser.conftest import Open
from tests.browser.product import Product

AXE = Axe()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.parametrize(("width", "language"), [(1440, "en"), (390, "zh-hans")])
def test_no_page_shuts_anybody_out(running: Product, visit: Open, width: int, language: str) -> None:
    # axe itself sets inline styles, which the page's policy rightly refuses.
    desk = visit(width=width, language=language, watched=False)
    phone = visit(width=width, language=language, watched=False)
    wrong: list[str] = []
    phone.goto("/ask")
    phone.click("#send")
    expect(phone.locator(".field__error").first).to_be_visible()
    wrong += faults(phone)
    follow = people.ask(phone, "我要投诉！服务态度太差", contact="complaint@example.com")
    wrong += faults(phone)
    phone.goto("/nothing-here")
    wrong += faults(phone)

    people.sign_in(desk, "nobody", "wrong")
    wrong += faults(desk)
    people.sign_in(desk, people.agent(running), people.PASSWORD)
    desk.wait_for_url("**/scope")
    wrong += faults(desk)
    desk.goto("/password")
    wrong += faults(desk)
    desk.goto("/scope")
    people.confirm_scope(desk)
    people.speak(desk, language)
    expect(desk.locator("[data-row]").first).to_be_visible()
    wrong += faults(desk)
    people.open_case(desk, "我要投诉")
    people.write(desk, "note", "客户情绪激动，先致歉。")
    desk.locator(".talk__steps summary").first.click()
    wrong += faults(desk)
    people.write(desk, "reply", "非常抱歉。")
    expect(desk.locator(".talk")).to_contain_text("非常抱歉。")
    people.write(desk, "resolve", "已致歉并退款。")
    expect(desk.locator("#case-talk .badge--resolved")).to_be_visible()
    phone.goto(follow)
    wrong += faults(phone)
    phone.click("#confirm")
    expect(phone.locator(".alert--good")).to_be_visible()
    wrong += faults(phone)
    people.go_off(desk)
    assert wrong == []


def faults(page: Page) -> list[str]:
    """Return what axe finds on the page in light and in dark, and whether it is wider than the screen."""
    found = [] if people.fits(page) else [f"{page.url}: wider than the screen"]
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for one in AXE.run(page, options=RULES).response["violations"]:
            where = [node["target"] for node in one["nodes"][:3]]
            found.append(f"{page.url} {scheme}: {one['id']} at {where}")
    page.emulate_media(color_scheme="light")
    return found
