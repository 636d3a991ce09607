"""A turn given away and taken back where people do it: the window, the notes to both, Home; over the real protocols."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.wiring import now
from sandbox.client import Hand, all_text
from tests.e2e.browser import IN_A_BROWSER, act_as
from tests.e2e.test_application_form import modal

ZHAO, CHEN = "U04ZHAO", "U05CHEN"


def notes(hand: Hand, person: str) -> list[str]:
    seen = hand.seen(person)
    return [all_text(one) for one in seen["messages"].get(seen["dm"], [])]


def day(ahead: int) -> str:
    return (now() + timedelta(days=ahead)).date().isoformat()


def clear(hand: Hand, person: str) -> None:
    while hand.seen(person)["modals"]:  # left open by another test
        hand.act("close", person=person)


def give(hand: Hand, ends: str, starts: str = "") -> dict[str, Any]:
    """赵敏 gives her turn to 陈国华; what is on her screen then."""
    values: dict[str, Any] = {"to": {"to": "chen"}, "ends": {"ends": ends}}
    if starts:
        values["starts"] = {"starts": starts}
    assert hand.act("fill", person=ZHAO, values=values)["ok"]
    assert hand.act("submit", person=ZHAO, values={})["ok"]
    return modal(hand, ZHAO)


@pytest.mark.e2e
@pytest.mark.xdist_group("world")
def test_a_turn_is_given_corrected_told_to_both_and_ended(hand: Hand) -> None:
    clear(hand, ZHAO)
    assert hand.act("command", person=ZHAO, channel="C03EAST", command="/credit", text="委托")["ok"]
    modal(hand, ZHAO)
    wrong = give(hand, day(60), starts=day(20))
    assert "30 天" in wrong["errors"]["ends"]
    # corrected in the same window: a new answer, not a repeated one
    right = give(hand, day(24))
    assert right["errors"] == {}
    assert "由 陈国华 代 赵敏 审批" in all_text(right["view"])
    hand.wait(lambda: any("由您代办" in one for one in notes(hand, CHEN)), "a note to the one who stands in")
    hand.wait(lambda: any("代您审批" in one for one in notes(hand, ZHAO)), "a note to the one who is away")
    assert hand.act("click_view", person=ZHAO, surface="modal", action_id="absence.end")["ok"]
    hand.wait(lambda: "不再代 赵敏" in all_text(modal(hand, ZHAO)["view"]), "the end in the window")
    hand.wait(lambda: any("您不再代" in one for one in notes(hand, CHEN)), "a note that it is over")
    assert hand.state()["unknown"] == []


class TestInABrowser:
    """What one clicks in the page."""

    pytestmark = IN_A_BROWSER

    def test_home_opens_the_window_and_ends_what_was_given(self, page: Page, hand: Hand) -> None:
        clear(hand, ZHAO)
        act_as(page, "赵敏")
        page.get_by_test_id("home-tab").click()
        page.get_by_test_id("absence.open").click()
        expect(page.get_by_test_id("modal")).to_contain_text("由谁代办")
        right = give(hand, day(24), starts=day(20))
        assert right["errors"] == {}
        expect(page.get_by_test_id("modal")).to_contain_text("由 陈国华 代 赵敏 审批")
        page.get_by_test_id("modal-close").click()
        home = page.get_by_test_id("home")
        expect(home).to_contain_text("陈国华 代 赵敏")
        home.get_by_test_id("absence.end").click()
        expect(home.get_by_test_id("absence.end")).to_have_count(0)
        hand.wait(lambda: any("您不再代" in one for one in notes(hand, CHEN)), "a note that it is over")
