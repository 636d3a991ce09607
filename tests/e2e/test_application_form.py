"""The application form where people fill it in: in a browser, and through the sandbox's protocols to the end."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sandbox.client import Hand, all_text
from tests.e2e.browser import IN_A_BROWSER
from tests.flows.requests import WHOLE

TYPED = "application.typed."
PDF = "%PDF-1.4\n%%EOF\n"


def modal(hand: Hand, person: str) -> dict[str, Any]:
    """What is on somebody's screen."""
    found: dict[str, Any] = hand.wait(lambda: hand.seen(person)["modals"], f"a modal for {person}")[-1]
    return found


def fill(hand: Hand, person: str, values: dict[str, Any]) -> None:
    """Type and choose whatever the step asks for."""
    asked = {one["block_id"]: one["element"] for one in modal(hand, person)["view"]["blocks"] if one["type"] == "input"}
    typed = {name: {asked[name]["action_id"]: value} for name, value in values.items() if name in asked}
    done = hand.act("fill", person=person, values=typed)
    assert done["ok"], done


def step(hand: Hand, person: str) -> str:
    return str(modal(hand, person)["view"]["callback_id"]).removeprefix("application.")


@pytest.mark.e2e
@pytest.mark.xdist_group("world")
def test_the_whole_form_goes_from_its_first_step_to_a_request(hand: Hand) -> None:
    whole = {**WHOLE, "name": "嘉兴远帆新材有限公司", "uscc": "91330400MA2BC3D43E"}
    while hand.seen("U01LIN")["modals"]:  # left open by another test
        hand.act("close", person="U01LIN")
    assert hand.act("command", person="U01LIN", channel="C03EAST", command="/credit", text="新客户")["ok"]
    if step(hand, "U01LIN") == "drafts":  # another test has begun one
        assert hand.act("click_view", person="U01LIN", surface="modal", action_id="application.fresh")["ok"]
        hand.wait(lambda: step(hand, "U01LIN") == "who", "a new form")
    seen = []
    while step(hand, "U01LIN") != "review":
        seen.append(step(hand, "U01LIN"))
        fill(hand, "U01LIN", whole)
        if seen[-1] == "files":
            wrong = hand.act("upload", person="U01LIN", name="licence.pdf", content="not a pdf")["result"]
            fill(hand, "U01LIN", {"files.licence": [wrong]})
            assert hand.act("submit", person="U01LIN", values={})["ok"]
            assert "PDF" in modal(hand, "U01LIN")["errors"]["files.licence"]
            right = hand.act("upload", person="U01LIN", name="licence.pdf", content=PDF)["result"]
            fill(hand, "U01LIN", {"files.licence": [right]})
        assert hand.act("submit", person="U01LIN", values={})["ok"]
        assert modal(hand, "U01LIN")["errors"] == {}
        assert seen.count(seen[-1]) == 1, seen
    assert "licence.pdf" in all_text(modal(hand, "U01LIN")["view"])
    fill(hand, "U01LIN", {"reason": whole["reason"]})
    assert hand.act("submit", person="U01LIN", values={})["ok"]
    assert "已提交" in all_text(modal(hand, "U01LIN")["view"])
    assert hand.state()["unknown"] == []


class TestInABrowser:
    """What one types into the page."""

    pytestmark = IN_A_BROWSER

    def test_a_wrong_code_stands_at_its_field_and_a_closed_window_loses_nothing(self, page: Page, hand: Hand) -> None:
        def open_form() -> None:
            page.get_by_test_id("composer").fill("/credit new")
            page.get_by_test_id("composer").press("Enter")
            expect(page.get_by_test_id("modal")).to_be_visible()

        open_form()
        if step(hand, "U01LIN") == "drafts":  # another test has begun one
            page.get_by_test_id("application.fresh").click()
        page.get_by_test_id(f"{TYPED}name").fill("绍兴越城丝绸有限公司")
        page.get_by_test_id(f"{TYPED}uscc").fill("91330600MA2D4E5F7G")
        page.get_by_test_id(f"{TYPED}entity_type").click()
        page.get_by_role("option", name="有限责任公司").click()
        expect(page.get_by_test_id("modal")).to_contain_text("未评级")
        page.get_by_test_id("modal-submit").click()
        expect(page.get_by_test_id("error-uscc")).to_contain_text("校验码")
        page.get_by_test_id("modal-close").click()
        expect(page.get_by_test_id("modal")).to_have_count(0)
        open_form()
        expect(page.get_by_test_id("modal")).to_contain_text("绍兴越城丝绸有限公司")
        draft = page.locator(".bk-text", has_text="绍兴越城丝绸有限公司")
        draft.locator("xpath=following::button").first.click()
        expect(page.get_by_test_id(f"{TYPED}uscc")).to_have_value("91330600MA2D4E5F7G")
        page.get_by_test_id("application.save").click()
        expect(page.get_by_test_id("modal")).to_contain_text("草稿已存")

    def test_a_file_is_chosen_in_the_page_and_attached(self, page: Page, hand: Hand, tmp_path: Path) -> None:
        short = {**WHOLE, "name": "湖州南浔木业有限公司", "uscc": "91330500MA2B1C2D3A", "payment_mode": "prepay"}
        licence = tmp_path / "licence.pdf"
        licence.write_text(PDF, encoding="ascii")
        assert hand.act("command", person="U01LIN", channel="C03EAST", command="/credit", text="new")["ok"]
        expect(page.get_by_test_id("modal")).to_be_visible()
        if step(hand, "U01LIN") == "drafts":
            page.get_by_test_id("application.fresh").click()
            hand.wait(lambda: step(hand, "U01LIN") == "who", "a new form")
        for _ in ("who", "company"):
            fill(hand, "U01LIN", short)
            assert hand.act("submit", person="U01LIN", values={})["ok"]
        page.get_by_test_id(f"{TYPED}files.licence").locator("input[type=file]").set_input_files(licence)
        expect(page.get_by_test_id("modal")).to_contain_text("📎 licence.pdf")
        page.get_by_test_id("modal-submit").click()
        expect(page.get_by_test_id("modal")).to_contain_text("营业执照：licence.pdf")

    def test_a_message_s_menu_and_the_lightning_open_the_form(self, page: Page, hand: Hand) -> None:
        assert hand.act("say", person="U01LIN", channel="C03EAST", text="台州临海机电有限公司想做月结")["ok"]
        said = page.locator('[data-testid="message"]', has_text="台州临海机电有限公司想做月结")
        said.hover()
        said.get_by_test_id("shortcut-credit_new_from_message").click()
        expect(page.get_by_test_id(f"{TYPED}name")).to_have_value("台州临海机电有限公司")
        page.get_by_test_id("modal-close").click()
        page.get_by_test_id("lightning").click()
        page.get_by_test_id("global-credit_new").click()
        expect(page.get_by_test_id("modal")).to_be_visible()
