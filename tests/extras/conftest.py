"""The browser that the tests of this folder share."""

import shutil

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="the stage `pages` of make test-full installs it")


@pytest.fixture(scope="session")
def browser():
    with playwright.sync_playwright() as engine:
        # The system's browser where there is one, else the one that `playwright install chromium` brings.
        browser = engine.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()
