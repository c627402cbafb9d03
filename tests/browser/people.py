"""What an agent and a customer do, in the words of the tests."""

from itertools import count

from playwright.sync_api import Page, expect

from tests.browser.product import Product

PASSWORD = "a quiet river, 7 bends"
AT_ONCE = 12
_waiting: list[str] = []
_numbers = count(1)


def agent(running: Product) -> str:
    """Return the number of somebody who has a password of their own; they join by the dozen, which is quicker."""
    if not _waiting:
        _waiting.extend(f"CS{next(_numbers):03}" for _ in range(AT_ONCE))
        running.join(*_waiting, own=PASSWORD)
    return _waiting.pop(0)


def go_on_duty(page: Page, number: str, password: str = PASSWORD) -> None:
    sign_in(page, number, password)
    confirm_scope(page)


def confirm_scope(page: Page) -> None:
    """Confirm what one may do and, the first time, accept the confidentiality agreement with it."""
    page.wait_for_url("**/scope")
    if page.locator("[name=agreed]").count():
        page.check("[name=agreed]")
    page.locator(".sheet__card form").first.get_by_role("button").click()
    page.wait_for_url("**/desk")


def speak(page: Page, language: str) -> None:
    """Switch the language if the page offers it: it offers the other one."""
    offered = page.locator(f"form[action='/language'] [value='{language}']")
    if offered.count():
        offered.click()
        expect(page.locator("html")).to_have_attribute("lang", language)


def sign_in(page: Page, number: str, password: str) -> None:
    page.goto("/sign-in")
    page.fill("#number", number)
    page.fill("#password", password)
    page.locator(".sheet__card button").click()


def go_off(page: Page) -> None:
    """Sign out, so that the next test's cases are not given to somebody who is gone."""
    page.goto("/desk")
    page.locator("form[action='/sign-out'] button").click()
    page.wait_for_url("**/sign-in")


def ask(page: Page, text: str, *, name: str = "张三", contact: str = "13800008000") -> str:
    """Write through the message form; return the path of the customer's page."""
    page.goto("/ask")
    page.fill("[name=text]", text)
    page.fill("[name=name]", name)
    page.fill("[name=contact]", contact)
    page.click("#send")
    page.wait_for_url("**/c/**")
    return page.url


def open_case(page: Page, text: str) -> None:
    row = page.locator("[data-row]", has_text=text)
    expect(row).to_be_visible()
    row.click()
    page.wait_for_url("**/desk/cases/**")


def write(page: Page, mode: str, text: str) -> None:
    # What was sent before may stand in the talk already, while its answer still brings an empty form.
    expect(page.locator("#words")).to_have_value("")
    page.locator(f".composer__mode:has([value={mode}])").click()
    page.fill("#words", text)
    page.click(f"#send-{mode}")


def fits(page: Page) -> bool:
    """Tell whether nothing reaches beyond the screen's width."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
