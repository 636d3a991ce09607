"""What is said about requests: within Slack's limits, harmless whatever people wrote, no figures on a lock screen."""

import re
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.request import State
from approvals.terms import Terms
from sandbox.slack.blocks import problems
from sandbox.slack.view_checks import view_problems
from scoring.errors import DeskError
from tests.texts.request_sheets import FORM, SHEETS, at, request_pages, sheet, terms, together
from tests.texts.situations import SETTING
from tests.texts.test_cards import HOSTILE
from texts.formats import LANGS, harmless
from texts.request_card import request_card, request_card_blocks
from texts.request_file import request_file
from texts.request_lists import bulk_modal, home_sections, queue_message
from texts.request_mine import applicant_card, told_message
from texts.request_modals import ask_modal, confirm_terms
from texts.request_refusal import refusal_sentence
from texts.request_sheet import Signed, Stop

FIGURE = re.compile(r"[¥万]|[0-9]{2},[0-9]{3}|艾克美")


def refused_by_slack(shown: Any) -> list[str]:
    """What Slack would say no to."""
    if shown.get("type") == "modal":
        return list(view_problems(shown, "modal"))
    return list(problems(shown["blocks"], "message"))


@pytest.mark.parametrize("lang", LANGS)
def test_slack_takes_everything_that_is_said(lang: str) -> None:
    assert {name: found for name, shown in request_pages(lang) if (found := refused_by_slack(shown))} == {}


@pytest.mark.parametrize("lang", LANGS)
def test_what_a_lock_screen_shows_tells_no_name_and_no_figure(lang: str) -> None:
    texts = {name: str(shown["text"]) for name, shown in request_pages(lang) if "text" in shown}
    assert {name for name, text in texts.items() if not text or FIGURE.search(text)} == set()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("text", HOSTILE)
def test_foreign_text_is_shown_and_never_interpreted(lang: str, text: str) -> None:
    signed = Signed(act="return", who=text, role="risk", at=at(9), reason=text, for_whom=text, to=text)
    stop = Stop(kind="post", role="risk", names=(text, text), mode="all")
    form = {**FORM, "name": text, "controller": text, "goods": text, "attachments": [{"name": text, "kind": text, "size": 1}],
            "references": [{"company": text, "note": text, "verdict": text}], "securities": [{"kind": text, "amount": text}],
            "contract": {"expires_on": text, "contract_no": text}, "statements": [{"period_end": text, "revenue": text}]}  # fmt: skip
    made = sheet(
        name=text, department=text, applicant=text, reason=text, signed=(signed, signed), earlier=(signed,), waiting=(stop,),
        form=form, proposed=terms(1, 1, guarantee=text),
    )  # fmt: skip
    shown: list[Any] = [
        request_card(made, lang), applicant_card(made, lang), request_file(made, lang, SETTING),
        told_message(made, signed, lang, alone=True), {"blocks": request_card_blocks(made, lang)},
        ask_modal("hand_on", made, lang, people=[("刘建军", "liu")]), {"blocks": home_sections(lang, [made], TOGETHER, [made], 1)},
    ]  # fmt: skip
    for one in shown:
        assert refused_by_slack(one) == []
        said = orjson.dumps(one).decode()
        for trap in ("<!channel>", "<!here>", "<@U07HE>", "<https://evil.example", "\u202e", "\\u202e"):
            assert trap not in said


TOGETHER = together()


@pytest.mark.parametrize("name", SHEETS)
def test_both_languages_offer_the_same_buttons(name: str) -> None:
    def offered(lang: str) -> list[str]:
        blocks = request_card(SHEETS[name](), lang)["blocks"]
        elements = [one for block in blocks for one in block.get("elements", ()) if "action_id" in one]
        return [
            f"{one['action_id']} {one.get('value') or [entry['value'] for entry in one['options']]}" for one in elements
        ]

    assert offered("zh-CN") == offered("en")


@pytest.mark.parametrize("state", ["approved", "rejected", "withdrawn", "expired", "returned"])
def test_what_is_over_has_no_buttons_and_no_table(state: State) -> None:
    blocks = request_card(sheet(state=state, buttons=(), waiting=(), expires_on=None), "en")["blocks"]
    assert {block["type"] for block in blocks} == {"section"}


def test_line_one_says_what_is_asked_and_what_is_proposed() -> None:
    first = request_card(sheet(), "zh-CN")["blocks"][0]["text"]["text"].split("\n")[0]
    assert first == "*新客户开户：申请 150.0 万 / 45 天，规则建议 115.0 万 / 45 天*"


def test_a_modal_has_lines_where_a_message_has_a_table() -> None:
    assert [block["type"] for block in request_card(sheet(), "en")["blocks"]][:2] == ["section", "table"]
    blocks = request_card_blocks(sheet(), "en")
    assert "table" not in [block["type"] for block in blocks]
    assert "Used: ¥0 → ¥1,150,000" in str(blocks)
    assert (
        view_problems({"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": blocks}, "modal") == []
    )


@given(st.decimals(0, 10**9, places=2), st.integers(0, 365), st.sampled_from(LANGS))
def test_what_is_ticked_repeats_amount_and_days(limit: Any, days: int, lang: str) -> None:
    wanted = Terms(limit=limit, payment_days=days, currency="CNY")
    said = confirm_terms(wanted, sheet(), lang, deciding=True)
    above = limit > 1_150_000 or days > 45
    assert (("more than" if lang == "en" else "高于") in said) == above
    assert str(days) in said


def test_refusals_name_persons_posts_and_acts() -> None:
    late = DeskError("request_moved", request_no="CR-2026-0007", act="return", person="wang", state="returned")
    assert "王强" in refusal_sentence("zh-CN", late, {"wang": "王强"})
    assert "asks for changes" in refusal_sentence("en", late, {})
    assert "department GM" in refusal_sentence("en", DeskError("beyond_authority", request_no="1", post="dept_gm"), {})


@pytest.mark.parametrize("lang", LANGS)
def test_the_queue_counts_also_those_that_it_has_no_room_for(lang: str) -> None:
    shown = [replace(sheet(), request_no=f"CR-2026-{number:04d}") for number in range(30)]
    made = queue_message(lang, shown, TOGETHER, 45)
    assert "45" in str(made["text"])
    assert "25" in str(made["blocks"][21])


def test_names_are_cut_before_they_push_the_amount_out_of_an_entry() -> None:
    long = replace(sheet(), name="很长的名字" * 30)

    made = bulk_modal("zh-CN", replace(TOGETHER, fit=(long, long)))
    entry = made["blocks"][1]["element"]["options"][0]["text"]["text"]
    assert len(entry) <= 75
    assert entry.endswith("115.0 万 / 45 天")
    assert harmless(entry)
