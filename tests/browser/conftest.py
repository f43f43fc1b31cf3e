"""One Chromium for all tests of pages, with the year of a made-up province as a published set."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from ipv6check.store.open import open_store
from ipv6check.wiring.reporting.counting import standing_of
from ipv6check.wiring.reporting.publishing import Order, publish
from tests.year import Year, fill_year

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set in both languages, counted on a day after the year."""
    folder = tmp_path_factory.mktemp("browser")
    asyncio.run(_publish(folder))
    return folder / "set"


async def _publish(folder: Path) -> None:
    year: Year = await fill_year(folder, weeks=52, evidence_every=100)
    async with await open_store(year.url) as store:
        scan = await store.scan("latest")
        standing = await standing_of(store, scan, year.mandate, today=date(2026, 1, 5), confirmed=True)
        revision = await store.revision_of(scan)
    publish(standing, revision.agencies, folder / "set", Order(languages=("en", "vi"), formats=("html", "csv")))


@pytest.fixture(scope="module")
def chromium(published: Path) -> Iterator[Browser]:
    """Closed with the module: while it is open an event loop counts as running, and tests of others need their own."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page_at(chromium: Browser, published: Path) -> Iterator[Open]:
    """Opens a file of the set; afterwards nothing may have been asked for but files, and nothing have gone wrong."""
    asked: list[str] = []
    troubles: list[str] = []
    contexts = []

    def open_page(name: str, *, width: int = 1280, dark: bool = False, script: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if said.type in ("error", "warning") else None)
        page.goto((published / name).as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not troubles
    assert all(url.startswith(published.as_uri()) for url in asked)
