"""In a real browser: type the command, read the card, switch person, edit the grid, see the answer change."""

from typing import Any

from playwright.sync_api import Page, expect

from sandbox.client import Hand
from tests.e2e.browser import IN_A_BROWSER, act_as, type_command, visit

pytestmark = IN_A_BROWSER


def test_salesperson_types_the_command_and_reads_the_card(page: Page, hand: Hand) -> None:
    card = type_command(page, hand, "/credit ACME")
    expect(card).to_contain_text("可以发货")
    expect(card).to_contain_text("艾克美贸易(上海)有限公司")
    expect(card).to_contain_text("仅对你可见")
    card.get_by_test_id("lookup.details").click()
    expect(page.get_by_test_id("modal")).to_contain_text("账龄")
    page.get_by_test_id("modal-close").click()
    expect(page.get_by_test_id("modal")).to_have_count(0)


def test_another_person_sees_neither_the_answer_nor_the_figures(page: Page, hand: Hand) -> None:
    card = type_command(page, hand, "/credit ACME")
    expect(card).to_contain_text("可以发货")
    act_as(page, "王强")
    expect(card).to_have_count(0)
    act_as(page, "Anna Smith")
    page.get_by_test_id("channel-C01GENERAL").click()
    expect(page.locator(".top")).to_contain_text("全员")
    other = type_command(page, hand, "/credit ACME", "U03SMITH", "C01GENERAL")
    expect(other).to_contain_text("Grade A")
    expect(other).not_to_contain_text("¥")


def test_home_searches_and_lists_recent_customers(page: Page, hand: Hand) -> None:
    expect(type_command(page, hand, "/credit C0013")).to_contain_text("恒达")
    page.get_by_test_id("home-tab").click()
    expect(page.get_by_test_id("home")).to_contain_text("恒达")
    page.get_by_test_id("home.search").fill("C0005")
    page.get_by_test_id("home.search").press("Enter")
    expect(page.get_by_test_id("modal")).to_contain_text("款到发货")


def test_a_payment_typed_into_the_grid_changes_the_answer(page: Page, hand: Hand, world: dict[str, Any]) -> None:
    expect(type_command(page, hand, "/credit C0003")).to_contain_text("75 天")
    browser = page.context.browser
    assert browser is not None
    ledger = browser.new_page()
    visit(ledger, f"{world['url']}/ledger?tab=应收")
    ledger.get_by_test_id("filter").fill("C0003 86,500")
    row = ledger.locator('.ag-center-cols-container [role="row"]')
    expect(row).to_have_count(1)
    row.locator('[col-id="c7"]').dblclick()
    ledger.keyboard.press("Control+A")
    ledger.keyboard.type("86500")
    ledger.keyboard.press("Enter")
    expect(row.locator('[col-id="c7"]')).to_have_text("86,500")
    expect(ledger.get_by_test_id("saved")).to_contain_text("应收!H")
    for _ in range(12):
        card = type_command(page, hand, "/credit C0003")
        if "可以发货" in (card.text_content() or ""):
            break
        page.wait_for_timeout(1500)  # the pace of asking again until the desk has synced
    expect(card).to_contain_text("可以发货")
