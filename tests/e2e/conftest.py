"""One sandbox and one desk for all end-to-end tests of a worker."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from sandbox.client import Hand
from tests.e2e.browser import CHROMIUM, FLAGS, WIDE, visit
from tests.e2e.desks import bot, sandbox


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A running sandbox with a desk connected to it."""
    home = tmp_path_factory.mktemp("world")
    with sandbox(home) as where, bot(where, home):
        hand = Hand(where["url"])
        hand.wait(lambda: hand.state()["connections"], "the desk to connect", 60)
        yield where


@pytest.fixture
def hand(world: dict[str, Any]) -> Hand:
    """The demo people's hands."""
    return Hand(world["url"])


@pytest.fixture
def page(world: dict[str, Any], hand: Hand) -> Iterator[Page]:
    """The workspace in a browser, nothing left open by another test."""
    for person in ("U01LIN", "U02WANG", "U03SMITH"):
        while hand.seen(person)["modals"]:  # what another test left open would cover the page
            hand.act("close", person=person)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        opened = browser.new_page(viewport=WIDE)
        opened.set_default_timeout(20_000)
        visit(opened, world["url"])
        yield opened
        browser.close()
