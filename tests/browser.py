"""A real Chromium for tests of pages; they are skipped where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, LocatorAssertions, Page

#: Debian's; Playwright's own download is not needed.
CHROMIUM = Path("/usr/bin/chromium")

#: How long a page may take to come to what is expected of it: a busy machine is no fault of the page.
PATIENCE_MS = 120_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, without a window."""
    with chromium() as running:
        yield running


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium, without a window, until the block ends."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright (the dev extra)")
    if not CHROMIUM.is_file():
        pytest.skip(f"needs Chromium at {CHROMIUM} (Debian's package chromium)")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        try:
            yield running
        finally:
            running.close()


def signed_in(browser: Browser, url: str, email: str, password: str, **options: Any) -> BrowserContext:
    """A window of its own, signed in by the form; ``options`` as for ``new_context``."""
    context = browser.new_context(base_url=url, **options)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    sign_in_on(page, email, password)
    page.close()
    return context


def expect(part: Locator) -> LocatorAssertions:
    """Says what a part of a page is to come to; waits until it does."""
    from playwright.sync_api import expect as expect_now

    expect_now.set_options(timeout=PATIENCE_MS)
    return expect_now(part)


def sign_in_on(page: Page, email: str, password: str) -> None:
    """Fills in the form of ``/sign-in`` and sends it."""
    if "/sign-in" not in page.url:
        page.goto("/sign-in")
    page.fill('input[name="email"]', email)
    page.fill('input[name="password"]', password)
    page.click('form:has(input[name="password"]) button')
    page.wait_for_url(lambda address: "/sign-in" not in address)
