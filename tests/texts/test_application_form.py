"""Every step of the form in both languages is something that Slack shows, whatever was typed."""

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from approvals.application_draft import Filled
from approvals.application_fields import CREDIT_STEPS, FIELDS, PENALTIES, TICKS, Step
from approvals.application_parse import FIELD_CODES, FieldError
from approvals.attachments import FILE_CODES, FileError
from approvals.prospect import Clash
from sandbox.slack.view_checks import view_problems
from texts.application_errors import clash_text, error_text
from texts.application_form import step_view
from texts.application_inputs import choices_of, word_key
from texts.application_lists import drafts_view, refused_view, route_view, told_view
from texts.application_sheet import DraftLine, RouteStop, Sheet, StatementRule
from texts.formats import LANGS
from texts.render import words

HOSTILE = "<!channel> *x* `y` \u202e:smile: @here " + "长" * 3000
OPTIONS = {
    "department": ("华东",),
    "sales_owner": ("林晓梅", "A" * 75),
    "currency": ("CNY", "USD"),
    "industry": ("化工",),
}
RULE = StatementRule(amount=Decimal(500_000), days=45, limit=Decimal(500_000))


def sheet(step: Step, **more: Any) -> Sheet:
    return Sheet(**{
        "draft_id": "a" * 24, "step": step, "filled": Filled(), "today": date(2026, 11, 20), "base_currency": "CNY",
        "options": OPTIONS, "statements": RULE, **more,
    })  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("step", CREDIT_STEPS)
def test_every_step_can_be_shown_whatever_stands_in_it(lang: str, step: Step) -> None:
    hostile: dict[str, str | tuple[str, ...]] = {
        name: tuple(field.options) if field.kind == "ticks" else HOSTILE for name, field in FIELDS.items()
    }
    clash = Clash(kind="name", customer_id="C1", name=HOSTILE, stops=False)
    for filled in (Filled(), Filled(typed=hostile, request_no="CR-2026-0001")):
        view = step_view(
            lang, sheet(step, filled=filled, clashes=(clash,), problem=HOSTILE, presets={"currency": "CNY"})
        )
        assert view_problems(view, "modal") == []
        for text in re.findall(r'"text": "((?:[^"\\]|\\.)*)", "verbatim"', json.dumps(view)):
            assert "<!channel>" not in text


@pytest.mark.parametrize("lang", LANGS)
def test_every_question_choice_and_step_has_its_words(lang: str) -> None:
    say = words(lang)
    table = {name: say.topic("application", name) for name in ("field", "option", "step", "hint")}
    assert {word_key(name) for name in FIELDS} == set(table["field"])
    assert set(table["step"]) == set(CREDIT_STEPS)
    assert set(table["hint"]) <= set(table["field"])
    wanted = {
        f"flag.{one}" if field.kind == "flag" else f"{word_key(name)}.{one}"
        for name, field in FIELDS.items()
        for one in (*choices_of(field, sheet("who", options={})), *(TICKS if field.kind == "ticks" else ()))
    }
    clashes = {f"clash.{one}" for one in ("different", "same", "member")}
    assert wanted | clashes == set(table["option"])
    assert {f"penalties.{one}" for one in PENALTIES} <= wanted


FACTS: dict[str, Any] = {
    "found": HOSTILE, "most": 30, "whole": "total_assets", "newest": "2025-12-31", "why": HOSTILE, "name": HOSTILE,
}  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_everything_that_can_be_wrong_is_said_in_one_short_sentence(lang: str) -> None:
    said = [error_text(lang, FieldError(code, **FACTS)) for code in FIELD_CODES]
    said += [error_text(lang, FileError(code, **FACTS)) for code in FILE_CODES]
    assert all(0 < len(one) <= 300 for one in said)
    assert error_text(lang, FieldError("part_above_whole", whole="registered_capital")) != error_text(
        lang, FieldError("part_above_whole", whole="total_assets")
    )


@pytest.mark.parametrize("lang", LANGS)
def test_lists_refusals_and_the_route_can_be_shown(lang: str) -> None:
    at = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    lines = [DraftLine(draft_id=f"{n:024x}", name=HOSTILE if n else "", step="plan", changed_at=at) for n in range(30)]
    stops = [
        RouteStop(kind="vouch", role="customer_admin", names=("徐蕾",), mode="any", decides=False),
        RouteStop(kind="cosign", role="risk", names=(HOSTILE, "马丽"), mode="all", decides=False),
        RouteStop(
            kind="post", role="dept_gm", names=("陈国华",), mode="any", decides=True, passed_up=("dept_deputy_gm",)
        ),
    ]
    views = [
        drafts_view(lang, lines), route_view(lang, stops, ("grade_c",)), told_view(lang, "kept", name=HOSTILE),
        told_view(lang, "submitted", number="CR-2026-0001", name=HOSTILE), refused_view(lang, FieldError("draft_gone")),
    ]  # fmt: skip
    assert [view_problems(view, "modal") for view in views] == [[]] * len(views)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", ["uscc", "name", "group", "blacklist", "prospect", "request"])
def test_a_likeness_is_named(lang: str, kind: Any) -> None:
    said = clash_text(lang, Clash(kind=kind, customer_id="C0001", name="艾克美", stops=True, reason="拖欠货款"))
    assert "艾克美" in said
