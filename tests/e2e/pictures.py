"""The README's pictures, taken from the real thing: `python -m tests.e2e.pictures`."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bot.wiring import ROOT
from sandbox.client import Hand
from sandbox.tour import accounts
from tests.e2e.browser import CHROMIUM, FLAGS, act_as, type_command, visit
from tests.e2e.desks import bot, sandbox

PICTURES = ROOT / "docs/pictures"


def shoot(page: Page, name: str) -> None:
    """One picture."""
    page.wait_for_timeout(1200)  # let the last animation end; nothing is asserted here
    page.screenshot(path=PICTURES / f"{name}.png")


def main() -> None:
    """Card, pause, details, English, Home, a decision, the ledger."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sandbox(Path(folder)) as where, bot(where, Path(folder)):
        hand = Hand(where["url"])
        hand.wait(lambda: hand.state()["connections"], "the desk to connect", 60)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_page(viewport={"width": 1180, "height": 800})
            visit(page, where["url"])
            type_command(page, hand, "/credit ACME")
            page.wait_for_timeout(1000)
            type_command(page, hand, "/credit C0017")
            shoot(page, "card")
            page.get_by_test_id("lookup.details").last.click()
            shoot(page, "details")
            page.get_by_test_id("modal-close").click()
            act_as(page, "Anna Smith")
            page.get_by_test_id("channel-C06OVERSEAS").click()
            type_command(page, hand, "/credit Pacific", "U03SMITH", "C06OVERSEAS")
            page.wait_for_timeout(1000)
            type_command(page, hand, "/credit C0002", "U03SMITH", "C06OVERSEAS")
            shoot(page, "english")
            act_as(page, "林晓梅")
            page.get_by_test_id("home-tab").click()
            shoot(page, "home")
            for step in (accounts.files, accounts.returned, accounts.resubmitted, accounts.signed):
                step(hand)
            act_as(page, "陈国华")
            page.get_by_test_id("channel-dm").click()
            shoot(page, "decision")
            visit(page, f"{where['url']}/ledger")
            shoot(page, "ledger")
            browser.close()


if __name__ == "__main__":
    main()
