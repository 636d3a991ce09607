"""Every situation reads as it should, in both languages, and stays within what Slack takes."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest
from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.views import View as SlackView

from tests.texts.plain import page
from tests.texts.situations import SETTING, SITUATIONS, answer, details, finding, line, way
from tests.texts.snapshots import FOLDER, pages
from texts.blocks import Message
from texts.cards import Setting, answer_card, verdict_line
from texts.details import details_view
from texts.formats import LANGS
from texts.messages import (
    broken,
    choose,
    freed,
    grade_only,
    help_message,
    home,
    modal,
    not_found,
    sentence,
    shared,
)  # fmt: skip
from texts.render import words

HOSTILE = (
    "<!channel> <!here> <@U07HE> <https://evil.example|click>",
    "@here @channel @everyone",
    '=IMPORTXML("http://evil.example","//a")',
    "\u202egnp.exe\u202c \u2066hidden\u2069",
    "a" * 3000,
    "公司" * 1500,
    "line one\nline two\r\n> quoted\t*bold* _it_ ~gone~ `code` :smile:",
    "{{ 7 * 7 }} {% raw %} %s %(x)s {0}",
    "&amp; & <b>",
    "\x00\x07\x1b[31m",
    "2026-02-30",
    "-99999999999.00",
)


def limits_broken(blocks: list[dict[str, Any]], most: int) -> Iterator[str]:
    """What Slack would refuse (SLACK.md 1.3, 1.4)."""
    if len(blocks) > most:
        yield f"{len(blocks)} blocks"
    for block in blocks:
        SlackBlock.parse(block).validate_json()  # type: ignore[union-attr]
        if block["type"] == "section":
            yield from (
                f"section {len(block['text']['text'])}"
                for _ in [0]
                if len(block.get("text", {}).get("text", " ")) > 3000
            )
            yield from ("field" for one in block.get("fields", ()) if not 1 <= len(one["text"]) <= 2000)
            if len(block.get("fields", ())) > 10:
                yield "fields"
        if block["type"] == "context" and not 1 <= len(block["elements"]) <= 10:
            yield "context"
        if block["type"] == "header" and len(block["text"]["text"]) > 150:
            yield "header"
        buttons = (
            block["elements"] if block["type"] == "actions" else [block["accessory"]] if "accessory" in block else []
        )
        for one in buttons:
            if len(one["text"]["text"]) > 30 or len(one["value"]) > 2000:
                yield f"button {one}"
    if len({block["block_id"] for block in blocks if "block_id" in block}) != sum(
        "block_id" in block for block in blocks
    ):
        yield "block_id twice"


@pytest.mark.parametrize("lang", LANGS)
def test_every_page_reads_as_its_snapshot(lang: str) -> None:
    for name, text in pages(lang):
        assert text == (FOLDER / lang / f"{name}.txt").read_text(encoding="utf-8"), name


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", SITUATIONS)
def test_slack_takes_every_card_and_every_details_view(lang: str, name: str) -> None:
    found, more = SITUATIONS[name]()
    card = answer_card(found, more, lang, SETTING)
    assert list(limits_broken(card["blocks"], 50)) == []
    assert card["text"]
    assert "\n" not in card["text"]
    if found["customer_id"]:
        view = details_view(found, more, lang, SETTING)
        assert list(limits_broken(view["blocks"], 100)) == []
        SlackView(**view).validate_json()
        assert len(orjson.dumps(view)) < 250_000


def other_messages(lang: str, text: str) -> Iterator[Message]:
    """Everything else that is said, with foreign text wherever some can stand."""
    hits = [{"customer_id": text, "name": text, "match": "typo", "value": "{}"}] * 12
    named = answer(name=text)
    yield help_message(lang)
    yield broken(lang, "ab12")
    yield not_found(lang, text)
    yield choose(lang, "choices", text, [{**hit, "value": f"{place}"} for place, hit in enumerate(hits)])
    yield grade_only(lang, named)
    yield shared(lang, text, named)
    yield freed(lang, named)
    yield sentence(lang, "nothing")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("text", HOSTILE)
def test_foreign_text_is_shown_and_never_interpreted(lang: str, text: str) -> None:
    found = answer(
        name=text, customer_id="C0001", verdict="approval",
        reasons=[
            finding("unreadable", "approval", tab="invoices", key=text, row=3),
            finding("blacklist_likeness", "approval", name=text),
            finding("blacklist", "stop", reason=text, added_on=None),
        ],
        notes=[finding("amount_not_a_number", "note", tab="invoices", key=text, column="amount", found=text)] * 40,
        vetoes=[finding("V1", "stop", cap="D", reason=text)],
        group={"id": text, "limit": None, "exposure": "1.00", "headroom": None}, currency=text[:3] or "X",
    )  # fmt: skip
    more = details(
        sales_owner=text, lines=[line(text, "2026-12-12", "310000.00", 0)] * 60,
        unblock={"code": "renew_limit", "who": ["sales_owner"], "facts": {}},
    )  # fmt: skip
    setting = replace(
        SETTING, held=[finding("key_column_missing", "approval", tab="invoices", column=text, found=text)]
    )
    setting.held[0]["facts"]["tab"] = "invoices"
    view = details_view(found, more, lang, setting)
    said = [answer_card(found, more, lang, setting), *other_messages(lang, text)]
    assert list(limits_broken(view["blocks"], 100)) == []
    for message in said:
        assert list(limits_broken(message["blocks"], 50)) == []
    for one in [
        page(view),
        *(page(message) for message in said),
        page(home(lang, [{"customer_id": text, "name": text, "verdict": "x"}], 1, Setting())),
    ]:
        shown = one.replace("<https://sheet.example/", "")
        assert "<!" not in shown
        assert "<@" not in shown
        assert "<http" not in shown
        assert "@here" not in shown
        assert "@channel" not in shown
        assert ":smile:" not in shown
        assert "*bold*" not in shown
        assert "`code`" not in shown
        assert not {char for char in shown if char in "\u202e\u202c\u2066\u2069\x00\x07\x1b\r\t"}
        assert "49" not in shown.replace("2149", "") or "{{" not in text
        assert "<b>" not in shown


@pytest.mark.parametrize("lang", LANGS)
def test_home_and_a_message_as_modal_are_views_slack_takes(lang: str) -> None:
    recent = [{"customer_id": f"C{place}", "name": "艾克美" * 60, "verdict": "🟢"} for place in range(30)]
    seen = home(lang, recent, 120, SETTING)
    assert list(limits_broken(seen["blocks"], 100)) == []
    SlackView(**seen).validate_json()
    SlackView(**modal(lang, help_message(lang))).validate_json()


def test_the_verdict_line_says_what_sales_may_do() -> None:
    said = {name: verdict_line(make()[0], words("zh-CN")) for name, make in SITUATIONS.items()}
    assert said["ok"] == "🟢 可以发货，最多 38.6 万"
    assert said["overdue"] == "🟡 暂停：逾期 37 天 12.4 万"
    assert said["warned"] == "🟢 可以发货，最多 5.0 万"
    assert said["prepay"] == "🔵 款到发货"
    assert verdict_line(answer(headroom="0.00"), words("en")) == "🟢 In order, but the limit is fully used"


def test_what_may_ship_is_rounded_down_and_never_up() -> None:
    assert "38.6 万" in verdict_line(answer(headroom="386999.99"), words("zh-CN"))
    assert "¥386,999" in verdict_line(answer(headroom="386999.99"), words("en"))


def test_a_shared_verdict_carries_no_figure() -> None:
    for make in SITUATIONS.values():
        found = make()[0]
        for lang in LANGS:
            assert not set("0123456789") & set(shared(lang, "Lin", {**found, "customer_id": "X", "name": "Y"})["text"])


def test_what_other_departments_see_carries_the_grade_and_no_figure() -> None:
    for lang in LANGS:
        text = page(grade_only(lang, answer(customer_id="X")))
        assert not set("0123456789") & set(text.replace("艾克美", ""))


def test_the_age_of_the_copy_never_falls_off_the_card() -> None:
    notes = [finding("amount_missing", "note", tab="invoices", row=place, column="amount") for place in range(30)]
    warnings = [finding("contract_expiring", "yellow", expires_on="2026-12-31", days=37)] * 9
    held = [{"code": "tab_shrunk", "severity": "approval", "facts": {"tab": "invoices"}, "source": None}] * 4
    setting = replace(SETTING, age_minutes=200, held=held)
    card = answer_card(answer(notes=notes, warnings=warnings), details(), "en", setting)
    small = next(block["elements"] for block in card["blocks"] if block["type"] == "context")
    assert len(small) <= 10
    assert small[-1]["text"] == "⚠️ The ledger was last read 3 hours ago · Other tabs as of 09:40"


@pytest.mark.parametrize(
    ("changed", "chinese", "english"),
    [
        (
            {"problem": "sheet_forbidden"},
            "⚠️ 刚才没有读到台账（无权限），数据截至 09:40",
            "⚠️ The ledger could not be read just now (no permission); data as of 09:40",
        ),
        (
            {"problem": "sheet_unreachable", "age_minutes": 40},
            "⚠️ 台账已 40 分钟没有读到（连不上 Google），数据截至 09:40",
            "⚠️ The ledger was last read 40 minutes ago (Google away); data as of 09:40",
        ),
        (
            {"held": [{"code": "tab_missing", "facts": {"tab": "invoices"}}]},
            "⚠️ “应收”表没有读到（缺少此表），沿用上次的数据\n  . 其他表截至 09:40",
            (
                "⚠️ Invoices tab could not be read (the tab is missing); its last good data is still in use\n"
                "  . Other tabs as of 09:40"
            ),
        ),
    ],
)
def test_a_ledger_that_could_not_be_read_is_said_on_the_card(
    changed: dict[str, Any], chinese: str, english: str
) -> None:
    for lang, wanted in zip(("zh-CN", "en"), (chinese, english), strict=True):
        assert wanted in page(answer_card(answer(), details(), lang, replace(SETTING, **changed)))


def test_a_figure_of_another_day_names_the_day() -> None:
    card = answer_card(answer(as_of="2012-06-30"), details(), "en", replace(SETTING, synced_at=None))
    assert "Figures for 30 Jun 2012" in page(card)


def test_the_excess_and_what_is_free_below_nothing_are_the_same_figure() -> None:
    reason = finding("limit", "approval", have="1415449.51", allow="300000.00")
    changed = answer(verdict="approval", reasons=[reason], exposure="1415449.51", headroom="-1115449.51")
    text = page(answer_card(changed, details(), "zh-CN", SETTING))
    assert "暂停：超额度 111.5 万" in text
    assert "*可用* -111.5 万" in text


def test_what_a_worse_reason_already_says_is_not_said_again() -> None:
    reasons = [
        finding(
            "V5", "stop", tab="invoices", key="INV-9", cap="C", amount="86500.00", days=75, over=60, invoice_no="INV-9"
        ),
        finding("overdue", "approval", tab="invoices", key="INV-9", have=75, allow=7, amount="86500.00"),
    ]
    changed = answer(verdict="stop", reasons=reasons, overdue="86500.00", max_days_overdue=75)
    assert "*Why*  ¥86,500 has been overdue for up to 75 days\n" in page(answer_card(changed, details(), "en", SETTING))


@pytest.mark.parametrize(("lang", "said"), [("en", "More than 45 days overdue"), ("zh-CN", "逾期超过 45 天")])
def test_the_days_of_v5_are_the_policy_s(lang: str, said: str) -> None:
    veto = finding("V5", "stop", tab="invoices", key="INV-9", cap="C", amount="86500.00", days=75, over=45)
    assert f"V5 {said}" in page(details_view(answer(vetoes=[veto]), details(), lang, SETTING))


def test_cells_that_cannot_be_read_are_named_as_written_and_once() -> None:
    reasons = [
        finding("unreadable", "approval", tab="invoices", key="INV-77", row=12),
        finding("unreadable", "approval"),
    ]
    notes = [
        finding("date_ambiguous", "note", tab="invoices", key="INV-77", row=12, column="due_on", found="3/4/2026"),
        finding("amount_approximate", "note", column="credit_limit", found="约80万"),
        finding("uscc_alphabet", "note", column="uscc", found="91310000MA1K4XXXXX"),
    ]
    held = answer(verdict="approval", reasons=reasons, notes=notes)
    card = page(answer_card(held, details(unblock=way("fix_cell", "finance")), "zh-CN", SETTING))
    assert "*原因*  到期日写成“3/4/2026”、授信额度写成“约80万”，无法识别\n" in card
    assert "*怎么放行*  请财务部改正下列单元格：应收 INV-77 第 12 行、客户 第 5 行" in card
    assert "⚠️" not in card
    whole = page(details_view(held, details(), "en", SETTING))
    assert 'Due date "3/4/2026" could be 3 Apr or 4 Mar (Invoices INV-77 · row 12)' in whole


@pytest.mark.parametrize("status", ["hold", "stop"])
def test_nothing_is_free_for_a_customer_who_is_stopped_or_frozen(status: str) -> None:
    verdict = "approval" if status == "hold" else "stop"
    held = answer(verdict=verdict, reasons=[finding("status", verdict, status=status)], status=status)
    assert "*可用* —（不可用）" in page(answer_card(held, details(), "zh-CN", SETTING))


def test_a_limit_that_cannot_be_read_is_not_called_none() -> None:
    note = finding("amount_approximate", "note", column="credit_limit", found="约80万")
    card = answer_card(answer(notes=[note], headroom=None, utilisation=None), details(limit=None), "en", SETTING)
    assert "*Limit* unreadable" in page(card)
