"""What the tests in a browser have in common."""

import os
import shutil
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from sandbox.client import Hand

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM = os.environ.get("CREDITDESK_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.xdist_group("world"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; see README"),
]
WIDE = ViewportSize(width=1280, height=860)
PHONE = ViewportSize(width=390, height=844)


def visit(page: Page, address: str) -> None:
    """Go there and wait until the page listens to what one does."""
    page.goto(address)
    page.wait_for_function("() => window.socket && window.socket.connected && window.did_handshake")


def type_command(page: Page, hand: Hand, text: str, person: str = "U01LIN", channel: str = "C03EAST") -> Locator:
    """Type a command as this person in this channel; the message that answers it, once the page shows it."""
    before = len(private(hand, person, channel))
    page.get_by_test_id("composer").fill(text)
    page.get_by_test_id("composer").press("Enter")
    answer = hand.wait(lambda: private(hand, person, channel)[before:], f"an answer to {text}")[-1]
    card = message(page, answer["ts"])
    expect(card).to_be_visible()
    return card


def private(hand: Hand, person: str, channel: str) -> list[dict[str, Any]]:
    """What only this person sees there: a digest that comes meanwhile answers nothing."""
    return [one for one in hand.messages(person, channel) if one["ephemeral"]]


def message(page: Page, ts: str) -> Locator:
    """A message as the page shows it."""
    return page.locator(f'[data-testid="message"][data-ts="{ts}"]')


def act_as(page: Page, name: str) -> None:
    """Be somebody else."""
    page.get_by_test_id("act-as").click()
    page.get_by_role("option", name=name).click()
    expect(page.get_by_role("option", name=name)).to_have_count(0)
