"""One product and one browser a worker; every page is watched for what a person would never see."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.browser import product
from tests.browser.product import Product

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"]
# Refusals that a test means are told by the page too; a browser logs each of them as an error.
ANSWERED = "Failed to load resource: the server responded with a status of"
# How long to wait for what must come: speed is measured elsewhere, and the machine may have much else to do.
PATIENCE_MS = 30_000
Open = Callable[..., Page]
_NETWORKS = (f"10.{n // 65536}.{n // 256 % 256}.{n % 256}" for n in count(1))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with product.running(tmp_path_factory.mktemp("product")) as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, running: Product) -> Iterator[Open]:
    """Open a fresh browser of its own for one person; the test fails on any script error or CSP violation."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(ANSWERED):
            complaints.append(message.text)

    def visit(
        *, width: int = 1440, language: str = "zh-hans", script: bool = True, watched: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=running.url,
            viewport={"width": width, "height": 844 if width < 600 else 900},
            locale="en-GB" if language == "en" else "zh-CN",
            has_touch=width < 600,
            is_mobile=width < 600,
            java_script_enabled=script,
            reduced_motion="reduce",
            extra_http_headers={"X-Forwarded-For": next(_NETWORKS)},
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        if watched:
            page.on("console", note)
            page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []
