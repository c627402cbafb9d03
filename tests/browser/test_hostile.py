"""Words that are meant to do harm are shown as words, on the desk and to the customer, and nothing of them runs."""

from playwright.sync_api import Page, expect

from tests.browser import people
from tests.browser.conftest import Open
from tests.browser.product import Product

TURNS = "\u202e"  # what follows is read from right to left; tags and titles are kept without such signs
# Each sets window.ran, asks for something that is not there, or takes the page apart, if it is ever more than words.
HOSTILE = [
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "<svg onload=window.ran=1><g>",
    "<a href='javascript:window.ran=1'>x</a>",
    "javascript:window.ran=1",
    '" autofocus onfocus="window.ran=1',
    '\'><iframe srcdoc="<b>">',
    "</title></textarea></div><h1 id=ours>",
    "<!-- <style>*{display:none}",
    "{{ 7|add:7 }}{% now 'Y' %}${7*7}",
    f"{TURNS}<b>txet neddih</b>",
    "<form action=//example.com><input>",
]
MADE_BY_THEM = (
    "[onerror], [onload], [onfocus], [srcdoc], [href^='javascript:'], #ours, [action*='example.com']"
)


def unharmed(page: Page) -> None:
    """Fail if words became elements, if a script of theirs ran, or if the page is no more the one that we made."""
    page.wait_for_load_state("load")
    page.evaluate("new Promise(done => setTimeout(done, 150))")  # what was swapped in may load something too
    assert page.evaluate("window.ran") is None
    assert page.locator(MADE_BY_THEM).count() == 0
    assert page.locator("script:not([src])").count() == 0
    expect(page.locator("body")).to_be_visible()
    assert people.fits(page)


def test_hostile_words_stay_words_wherever_they_are_read(running: Product, visit: Open) -> None:
    desk, phone = visit(), visit(width=390)
    people.go_on_duty(desk, people.agent(running))
    text = "\n".join(["请看这些怪字", *HOSTILE])
    follow = people.ask(phone, text, name=HOSTILE[1], contact="13800008123")
    expect(phone.locator("#story")).to_contain_text(HOSTILE[0])
    unharmed(phone)
    people.open_case(desk, "请看这些怪字")
    case = desk.url.split("?")[0]
    for mode in ("note", "reply"):
        people.write(desk, mode, "\n".join([mode, *HOSTILE]))
        expect(desk.locator("#words")).to_have_value("")
    for words in HOSTILE:
        expect(desk.locator(".talk").get_by_text(words).first).to_be_visible()
        assert desk.locator(".talk").inner_text().splitlines().count(words) == 3, words
    unharmed(desk)

    for words in HOSTILE:
        desk.goto(f"{case}/around")
        desk.fill("#tag", words)
        desk.click("button[value=tag]")
        tag = desk.locator("#tags-title ~ form .panel__grows")
        expect(tag.get_by_text(words.removeprefix(TURNS), exact=True)).to_be_visible()
        desk.goto(f"{case}/change")
        desk.fill("#edit-title", words)
        desk.locator("form:has(#edit-title) button[type=submit]").click()
        desk.goto(case)
        expect(desk.locator("#composer")).to_be_visible()
        title = words.removeprefix(TURNS)
        expect(desk.locator("#case-title")).to_have_text(title)
        expect(desk.locator("[data-row] .row__title", has_text=title).first).to_have_text(title)
        unharmed(desk)

    phone.goto(follow)
    expect(phone.locator("#story")).to_contain_text("reply")
    expect(phone.locator("#story")).not_to_contain_text("note\n")
    for words in HOSTILE:
        assert phone.locator("#story").inner_text().splitlines().count(words) == 2, words
    unharmed(phone)
    desk.goto("/desk/customers?q=13800008123")
    unharmed(desk)
    people.go_off(desk)
