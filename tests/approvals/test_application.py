"""The form of a new customer: every field read or refused, drafts that lose nothing, and what the ledger gets of it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.application import Application, from_json, to_json
from approvals.application_draft import Filled, application_of, filled_of, read_step
from approvals.application_fields import CREDIT_STEPS, FIELDS, Field, fields_of
from approvals.application_parse import FIELD_CODES, FieldError, Raw, parse_field
from approvals.application_rows import as_account, as_rows
from scoring.ledger import ROW_TYPES

TODAY = date(2026, 11, 20)
USCC = "91310000MA1FL4T23J"
LIMIT, DAYS, NAME, LONG = (FIELDS[name] for name in ("asked_limit", "asked_days", "name", "remarks"))
EBIT, DUE, EXPIRES = FIELDS["statement.1.ebit"], FIELDS["statement.1.period_end"], FIELDS["security.1.expires_on"]
COVER, MODE, LISTS = FIELDS["security.1.coverage_pct"], FIELDS["payment_mode"], FIELDS["listings"]


@pytest.mark.parametrize(("field", "raw", "value"), [
    (LIMIT, "500万", Decimal(5_000_000)), (LIMIT, "五百万", Decimal(5_000_000)), (LIMIT, "５００万", Decimal(5_000_000)),
    (LIMIT, "50w", Decimal(500_000)), (LIMIT, "1.2m", Decimal(1_200_000)), (LIMIT, "¥1,200,000.00", Decimal(1_200_000)),
    (LIMIT, "0.015", Decimal("0.02")), (EBIT, "(1,000)", Decimal(-1000)), (EBIT, "-5", Decimal(-5)),
    (DAYS, "30", 30), (DAYS, "３０天", 30), (DAYS, "45 days", 45), (DAYS, "三十天", 30), (DAYS, "月结60", 60), (DAYS, "365", 365),
    (NAME, "  上海\u200b艾克美  贸易有限公司 ", "上海艾克美 贸易有限公司"), (NAME, "O'Neill & <Sons>", "O'Neill & <Sons>"),
    (FIELDS["uscc"], " 9131 0000-ma1fl4t23j", USCC), (COVER, "80%", Decimal(80)), (COVER, "12.5", Decimal("12.5")),
    (DUE, "2025-12-31", date(2025, 12, 31)), (EXPIRES, "2026-11-20", TODAY), (MODE, "prepay", "prepay"),
    (FIELDS["regulated"], "yes", True), (FIELDS["regulated"], "no", False), (LISTS, ("dishonest",), ("dishonest",)),
    (LISTS, None, ()), (LIMIT, "", None), (LIMIT, " \u3000", None), (NAME, None, None), (LONG, "two\nlines", "two lines"),
])  # fmt: skip
def test_a_field_is_taken_as_people_write_it(field: Field, raw: Raw, value: object) -> None:
    assert parse_field(field, raw, today=TODAY) == value


@pytest.mark.parametrize(("raw", "value"), [
    ("80", 800_000), ("RMB 80", 800_000), ("80 rmb", 800_000), ("¥80", 800_000), ("CNY 80 元", 800_000), ("RMB 80万", 800_000),
    ("80w", 800_000), ("八十万", 800_000), ("1.2亿", 120_000_000), ("80k", 80_000), ("1m", 1_000_000),
])  # fmt: skip
def test_a_bare_number_counts_in_the_unit_of_the_statements_and_a_spelled_one_in_its_own(raw: str, value: int) -> None:
    assert parse_field(EBIT, raw, today=TODAY, unit=10_000) == value


@pytest.mark.parametrize(("field", "raw", "code"), [
    (LIMIT, "1e9", "amount_exponent"), (LIMIT, "-5", "amount_negative"), (LIMIT, "NaN", "amount_not_a_number"),
    (LIMIT, "inf", "amount_not_a_number"), (LIMIT, "50-80万", "amount_range"), (LIMIT, "约500万", "amount_approximate"),
    (LIMIT, "9" * 40, "amount_too_long"), (LIMIT, "0", "amount_zero"), (LIMIT, "0.001", "amount_zero"),
    (LIMIT, "USD 5000", "amount_unit"), (LIMIT, "=1+1", "amount_not_a_number"), (LIMIT, "5,00,000", "amount_not_a_number"),
    (DAYS, "0", "days_out_of_range"), (DAYS, "9999", "days_out_of_range"), (DAYS, "-30", "days_out_of_range"),
    (DAYS, "30-45", "days_unreadable"), (DAYS, "1e1", "days_unreadable"), (DAYS, "30.5", "days_unreadable"),
    (DAYS, "9" * 40, "days_out_of_range"), (DAYS, "NaN", "days_unreadable"), (DAYS, "366", "days_out_of_range"),
    (FIELDS["uscc"], "91310000MA1FL4T23K", "uscc_check"), (FIELDS["uscc"], "310000123456789", "uscc_length"),
    (FIELDS["uscc"], "91310000MA1FL4T2IO", "uscc_alphabet"),
    (NAME, "\u202egnp.exe上海\u202c", "text_control"), (NAME, "AC\x07ME", "text_control"), (NAME, "=IMPORTXML(1)", "text_formula"),
    (NAME, "＝1+1 公司", "text_formula"), (NAME, "!!", "name_unreadable"), (NAME, "12345", "name_unreadable"), (NAME, "公司" * 80, "text_too_long"),
    (LONG, "x" * 501, "text_too_long"), (COVER, "101", "pct_out_of_range"), (COVER, "-1", "pct_out_of_range"), (COVER, "half", "pct_unreadable"),
    (DUE, "2026-11-21", "day_future"), (EXPIRES, "2026-11-19", "day_past"), (DUE, "31/12/25", "date_two_digit_year"),
    (DUE, "2026-02-30", "date_unreadable"), (MODE, "free", "choice_unknown"), (LISTS, ("richest",), "choice_unknown"),
    (FIELDS["regulated"], "maybe", "choice_unknown"),
])  # fmt: skip
def test_what_cannot_be_taken_is_refused_with_its_code(field: Field, raw: Raw, code: str) -> None:
    with pytest.raises(FieldError) as refused:
        parse_field(field, raw, today=TODAY)
    assert refused.value.code == code
    assert code in FIELD_CODES


@given(st.sampled_from(sorted(FIELDS)), st.text(max_size=400))
def test_whatever_is_typed_is_read_or_refused(name: str, raw: str) -> None:
    try:
        parse_field(FIELDS[name], raw, today=TODAY)
    except FieldError as refused:
        assert refused.code in FIELD_CODES


WHOLE: dict[str, Any] = {
    "name": "苏州恒力新材有限公司", "uscc": USCC, "entity_type": "limited", "payment_mode": "credit", "department": "华东",
    "sales_owner": "林晓梅", "legal_representative": "周立", "controller": "周立", "registered_capital": "2000万",
    "paid_in_capital": "1500万", "established_on": "2012-05-01", "size_class": "medium", "licence_expires_on": "2032-05-01",
    "regulated": "no", "industry": "化工", "market_standing": "middle", "goods": "树脂", "planned_monthly_sales": "60万",
    "asked_limit": "150万", "asked_days": "45", "currency": "CNY", "term_basis": "invoice", "title_retention": "yes",
    "statement.unit": "wan", "statement.1.period_end": "2025-12-31", "statement.1.revenue": "6000", "statement.1.net_profit": "500",
    "statement.1.ebit": "700", "statement.1.total_assets": "2000", "statement.1.total_liabilities": "1000",
    "statement.1.current_assets": "1200", "statement.1.current_liabilities": "600", "statement.1.retained_earnings": "400",
    "statement.1.operating_cash_flow": "1亿", "checked_on": "2026-11-18", "source": "国家企业信用信息公示系统", "uscc_verified": "yes",
    "registry_status": "active", "listings": ("abnormal_list",), "suits_amount": "0", "enforcement": "none",
    "penalties": "minor_settled", "reference.1.company": "宁波化工", "reference.1.verdict": "prompt",
    "reference.3.company": "嘉兴石化", "reference.3.verdict": "adverse", "security.2.kind": "guarantee", "security.2.amount": "50万",
    "contract.late_interest_pct": "0.05", "reason": "老板是老客户，全年预计七百万",
}  # fmt: skip


def whole() -> Application:
    return application_of(Filled(typed=WHOLE), today=TODAY)


def test_a_filled_in_form_has_no_errors_and_reads_as_one_application() -> None:
    assert {step: dict(read_step(step, WHOLE, today=TODAY).errors) for step in CREDIT_STEPS} == {
        step: {} for step in CREDIT_STEPS
    }
    form = whole()
    assert (form.asked.limit, form.asked.payment_days, form.asked.currency) == (1_500_000, 45, "CNY")
    assert form.statements[0].revenue == 60_000_000
    assert form.statements[0].operating_cash_flow == 100_000_000  # 1亿 says its unit, whatever the column counts in
    assert form.background is not None
    assert (form.background.abnormal_list, form.background.dishonest) == (True, False)
    assert (form.background.penalties, form.background.penalties_settled) == ("minor", True)
    assert [one.verdict for one in form.references] == ["prompt", "adverse"]
    assert form.contract.title_retention is True


def test_the_record_gives_an_application_back_exactly_and_a_returned_one_reads_as_before() -> None:
    form = whole()
    assert from_json(to_json(form)) == form
    assert application_of(filled_of(form), today=TODAY) == form


def test_prepay_takes_the_short_form_and_asks_for_no_line() -> None:
    filled = Filled(typed={**WHOLE, "payment_mode": "prepay"})
    assert filled.steps == ("who", "company", "files", "review")
    form = application_of(filled, today=TODAY)
    assert (form.asked.limit, form.asked.payment_days, form.asked.prepay) == (0, 0, True)
    assert form.asked_limit is None


def test_a_step_replaces_its_own_fields_and_keeps_what_cannot_be_read() -> None:
    filled = (
        Filled()
        .with_step("who", {"name": "甲", "uscc": "123", "nonsense": "x"})
        .with_step("plan", {"asked_limit": "1e9"})
    )
    assert filled.typed == {"name": "甲", "uscc": "123", "asked_limit": "1e9"}
    assert filled.with_step("plan", {}).typed == {"name": "甲", "uscc": "123"}
    assert Filled.model_validate(filled.model_dump(mode="json")) == filled
    assert application_of(filled, today=TODAY).asked_limit is None


@pytest.mark.parametrize(("step", "change", "wrong"), [
    ("who", {"uscc": None}, {"uscc": "field_missing"}), ("who", {"uscc": None, "entity_type": "foreign"}, {}),
    ("company", {"paid_in_capital": "3000万"}, {"paid_in_capital": "part_above_whole"}),
    ("company", {"regulated": "yes"}, {"permit_name": "field_missing", "permit_expires_on": "field_missing"}),
    ("plan", {"asked_days": None}, {"asked_days": "field_missing"}),
    ("finances", {"statement.1.current_assets": "3000"}, {"statement.1.current_assets": "part_above_whole"}),
    ("finances", {"statement.1.total_assets": None}, {"statement.1.total_assets": "field_missing"}),
    ("finances_before", {"statement.2.period_end": "2026-06-30"}, {
        **{f"statement.2.{name}": "field_missing" for name in (
            "revenue", "net_profit", "total_assets", "total_liabilities", "current_assets", "current_liabilities")},
        "statement.2.period_end": "period_order"}),
    ("outside", {"checked_on": None}, {"checked_on": "field_missing"}),
    ("outside", {"enforcement": "settled"}, {"enforcement_settled_on": "field_missing"}),
    ("references", {"reference.2.note": "quick"}, {"reference.2.company": "field_missing", "reference.2.verdict": "field_missing"}),
    ("security", {"security.2.amount": None}, {"security.2.amount": "field_missing"}),
    ("security", {"contract.signed_on": "2026-06-01", "contract.expires_on": "2026-05-31"}, {"contract.expires_on": "contract_order"}),
])  # fmt: skip
def test_fields_are_held_against_one_another(step: Any, change: dict[str, Any], wrong: dict[str, str]) -> None:
    typed = {name: raw for name, raw in {**WHOLE, **change}.items() if raw}
    assert {name: one.code for name, one in read_step(step, typed, today=TODAY).errors.items()} == wrong


def test_fields_that_this_application_needs_beyond_the_rest_are_missed() -> None:
    errors = read_step("finances_before", WHOLE, today=TODAY, needed=("statement.2.period_end",)).errors
    assert {name: one.code for name, one in errors.items()} == {"statement.2.period_end": "field_missing"}


def test_the_account_holds_what_the_form_says() -> None:
    account = as_account(whole(), "C9001", TODAY)
    assert (account.customer.customer_id, account.customer.entity_type) == ("C9001", "有限责任公司")
    assert account.customer.planned_monthly_sales == 600_000
    assert (account.checks[0].references_prompt, account.checks[0].references_adverse) == (1, 1)
    assert (account.securities[0].amount, account.securities[0].currency) == (500_000, "CNY")
    assert account.contracts[0].contract_no == "C9001-K1"


def test_a_prospect_keeps_what_the_form_leaves_empty() -> None:
    before = as_account(whole(), "C9001", TODAY)
    again = as_account(Application(name="苏州恒力新材有限公司", goods="x"), "C9001", TODAY, known=before)
    assert again.customer == before.customer
    assert again.financials == before.financials


def test_every_row_for_the_ledger_can_be_read_back_from_it() -> None:
    rows = as_rows(whole(), "C9001", on=TODAY, checked_by="徐蕾")
    assert [(row.tab, row.mode) for row in rows] == [
        ("customers", "append"), ("financials", "upsert"), ("checks", "upsert"), ("securities", "upsert"), ("contracts", "upsert"),
    ]  # fmt: skip
    account = as_account(whole(), "C9001", TODAY)
    for row, expected in zip(
        rows,
        (account.customer, *account.financials, *account.checks, *account.securities, *account.contracts),
        strict=True,
    ):
        typed = ROW_TYPES[row.tab](**row.key, **row.values)  # type: ignore[arg-type]
        if row.tab == "checks":
            assert row.values["checked_by"] == "徐蕾"
            continue
        assert typed == expected
    assert not {"credit_limit", "status", "payment_days"} & set(rows[0].values)


def test_every_question_belongs_to_one_step() -> None:
    assert sum(len(fields_of(step)) for step in CREDIT_STEPS) == len(FIELDS)
