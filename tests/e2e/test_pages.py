"""In a real browser: the pages themselves keep their place, speak the reader's language and fit a phone."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect
from slack_sdk import WebClient

from sandbox.client import Hand
from tests.e2e.browser import IN_A_BROWSER, PHONE, act_as, message, private, type_command, visit

pytestmark = IN_A_BROWSER
FROM_THE_END = "stream => Math.round(-stream.scrollTop)"
TOP_OF = "found => Math.round(found.getBoundingClientRect().top)"


def post(world: dict[str, Any], channel: str, text: str, thread_ts: str | None = None) -> str:
    """A message of the app."""
    client = WebClient(world["bot_token"], base_url=world["slack_api"])
    return str(client.chat_postMessage(channel=channel, text=text, thread_ts=thread_ts)["ts"])


def test_a_hint_goes_into_the_box_and_waits_for_enter(page: Page, hand: Hand) -> None:
    before = len(private(hand, "U02WANG", "C03EAST"))
    act_as(page, "王强")
    page.get_by_test_id("hint").filter(has_text="C0004").click()
    expect(page.get_by_test_id("composer")).to_have_value("/credit C0004")
    expect(page.get_by_test_id("composer")).to_be_focused()
    assert len(private(hand, "U02WANG", "C03EAST")) == before


def test_every_hint_is_answered_as_it_says(page: Page, hand: Hand) -> None:
    act_as(page, "Anna Smith")
    page.get_by_test_id("channel-C06OVERSEAS").click()
    expect(page.get_by_test_id("welcome")).to_contain_text("#海外销售")
    hints = page.get_by_test_id("hint").locator(".hint-typed")
    expect(hints).to_have_count(4)
    for typed in hints.all_text_contents():
        expect(type_command(page, hand, typed, "U03SMITH", "C06OVERSEAS")).to_contain_text("Grade")


def test_times_are_those_of_the_person_who_acts(page: Page, world: dict[str, Any]) -> None:
    ts = post(world, "C03EAST", "几点了")
    there = datetime.fromtimestamp(float(ts), ZoneInfo("Asia/Shanghai"))
    expect(message(page, ts).get_by_test_id("at")).to_have_text(there.strftime("%H:%M"))


def test_the_pages_speak_the_language_of_whoever_acts(page: Page) -> None:
    expect(page.get_by_test_id("send")).to_have_text("发送")
    act_as(page, "Anna Smith")
    expect(page.get_by_test_id("send")).to_have_text("Send")
    expect(page.locator(".top")).to_contain_text("members")
    expect(page.get_by_test_id("composer")).to_have_attribute("placeholder", "Write a message, or type /credit ACME")


def test_a_command_that_nobody_registered_is_refused_by_slack(page: Page, hand: Hand) -> None:
    expect(type_command(page, hand, "/unknown x")).to_contain_text("/unknown is not a valid command")


def test_enter_that_picks_a_word_sends_nothing(page: Page, hand: Hand) -> None:
    before = len(private(hand, "U01LIN", "C03EAST"))
    composer = page.get_by_test_id("composer")
    composer.fill("/credit hengda")
    composer.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    composer.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "bubbles": True})
    expect(composer).to_have_value("/credit hengda")
    composer.fill("/credit 恒达")
    composer.press("Enter")
    answers = hand.wait(lambda: private(hand, "U01LIN", "C03EAST")[before:], "an answer")
    assert len(answers) == 1


def test_a_reply_stands_under_its_parent(page: Page, world: dict[str, Any]) -> None:
    parent = post(world, "C03EAST", "谁去催款")
    later = post(world, "C03EAST", "另一件事")
    reply = post(world, "C03EAST", "我去", thread_ts=parent)
    expect(message(page, reply)).to_be_visible()
    places = [message(page, ts).evaluate(TOP_OF) for ts in (parent, reply, later)]
    assert places == sorted(places)
    expect(page.get_by_test_id("replies").filter(has=message(page, reply))).to_contain_text("1 条回复")


def test_a_new_message_moves_nobody_who_reads_above(page: Page, world: dict[str, Any]) -> None:
    last = [post(world, "C03EAST", f"第 {number} 条") for number in range(30)][-1]
    stream = page.get_by_test_id("stream")
    expect(message(page, last)).to_be_in_viewport()
    assert stream.evaluate(FROM_THE_END) == 0
    visit(page, world["url"])
    expect(message(page, last)).to_be_in_viewport()
    stream.evaluate("stream => { stream.scrollTop = -600 }")
    middle = page.get_by_text("第 15 条", exact=True).last
    before = middle.evaluate(TOP_OF)
    newest = post(world, "C03EAST", "更新的一条")
    expect(message(page, newest)).to_have_count(1)
    expect(message(page, newest)).not_to_be_in_viewport()
    assert middle.evaluate(TOP_OF) == before
    stream.evaluate("stream => { stream.scrollTop = 0 }")
    expect(message(page, post(world, "C03EAST", "最新的一条"))).to_be_in_viewport()


def test_home_has_no_composer(page: Page) -> None:
    page.get_by_test_id("home-tab").click()
    expect(page.get_by_test_id("home")).to_be_visible()
    expect(page.get_by_test_id("composer")).to_be_hidden()
    page.get_by_test_id("channel-C01GENERAL").click()
    expect(page.get_by_test_id("composer")).to_be_visible()


def test_on_a_phone_the_channels_are_in_a_drawer(page: Page, hand: Hand) -> None:
    page.set_viewport_size(PHONE)
    expect(page.get_by_test_id("channel-C01GENERAL")).to_be_hidden()
    box = page.get_by_test_id("composer").bounding_box()
    assert box is not None
    assert box["width"] > 200
    page.get_by_test_id("menu").click()
    page.get_by_test_id("channel-C01GENERAL").click()
    expect(page.get_by_test_id("channel-C01GENERAL")).to_be_hidden()
    expect(type_command(page, hand, "/credit ACME", channel="C01GENERAL")).to_contain_text("可以发货")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_link_into_the_ledger_marks_its_row_under_the_headers(page: Page, world: dict[str, Any]) -> None:
    visit(page, f"{world['url']}/ledger?tab=应收&row=1400")
    expect(page.locator(".ag-pinned-left-cols-container .linked")).to_contain_text("1400")
    expect(page.locator(".ag-pinned-left-cols-container .linked")).to_be_in_viewport()
    frozen = page.locator(".ag-floating-top")
    for title in ("发票号", "开票日", "金额"):
        expect(frozen).to_contain_text(title)
    page.get_by_test_id("filter").fill("C0003 86,500")
    expect(page.locator('.ag-center-cols-container [role="row"]')).to_have_count(1)
    expect(frozen).to_contain_text("发票号")


def test_what_others_write_appears_in_an_open_ledger(page: Page, hand: Hand, world: dict[str, Any]) -> None:
    visit(page, f"{world['url']}/ledger?tab=客户")
    row = page.locator('.ag-center-cols-container [role="row"]').filter(has_text="广州南粤包装有限公司")
    expect(row).to_contain_text("900,000")
    assert hand.edit("客户", "客户编号", "C0006", "备注", "老客户")
    page.get_by_test_id("filter").fill("老客户")
    expect(row).to_have_count(1)
    expect(page.locator('.ag-center-cols-container [role="row"]')).to_have_count(1)
