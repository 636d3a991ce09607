"""Scorecard bands, vetoes, grades, proposal, warnings and the verdict table."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from scoring.bands import Band, Bands
from scoring.blacklist import in_force, listed
from scoring.findings import Finding
from scoring.grades import rate
from scoring.ledger import BlacklistEntry, Check, Customer, Financials, GroupFigures, Invoice
from scoring.policy import FACTORS
from scoring.proposal import propose
from scoring.results import Scorecard, Veto
from tests.builders import DAY, account, book, codes, customer, invoice, judged, order, policy

YESTERDAY, LONG_AGO = DAY - timedelta(days=1), date(2015, 1, 1)


def history(late: int = -2, count: int = 14) -> list[Invoice]:
    """Settled invoices, one a month, each this many days late."""
    rows = []
    for back in range(1, count + 1):
        issued = DAY - timedelta(days=30 * back + 40)
        rows.append(
            invoice(
                f"H{back}",
                10_000,
                issued=issued,
                due=issued + timedelta(days=30),
                settled_on=issued + timedelta(days=30 + late),
            )
        )
    return rows


def checked(**given: Any) -> Check:
    fields: dict[str, Any] = {
        "customer_id": "C1", "checked_on": DAY - timedelta(days=20), "uscc_verified": True, "registry_status": "active",
        "suits_amount": Decimal(0), "enforcement": "none", "penalties": "none", "references_prompt": 2, "row": 3,
    }  # fmt: skip
    return Check(**{**fields, **given})


def statement(**given: Any) -> Financials:
    fields: dict[str, Any] = {
        "customer_id": "C1", "period_end": date(2025, 12, 31), "revenue": Decimal(60_000_000), "net_profit": Decimal(2_000_000),
        "ebit": Decimal(8_000_000), "total_assets": Decimal(20_000_000), "intangible_assets": Decimal(1_000_000),
        "total_liabilities": Decimal(10_000_000), "current_assets": Decimal(12_000_000), "current_liabilities": Decimal(5_000_000),
        "retained_earnings": Decimal(5_000_000), "operating_cash_flow": Decimal(3_000_000), "row": 4,
    }  # fmt: skip
    return Financials(**{**fields, **given})


GOOD: dict[str, Any] = {
    "controller": "某人", "established_on": LONG_AGO, "paid_in_capital": Decimal(60_000_000), "cooperation_since": LONG_AGO,
    "licence_expires_on": DAY + timedelta(days=400), "market_standing": "leader",
}  # fmt: skip


def good(*rows: Any, **said: Any) -> Any:
    """A well-known customer who pays early."""
    return judged(*history(), checked(), statement(), *rows, **{**GOOD, **said})


def test_scorecard_lists_the_26_factors_in_order_and_marks_what_is_missing() -> None:
    rating = good().rating
    assert tuple(factor.factor for factor in rating.scorecard.factors) == FACTORS
    assert rating.score == sum(factor.points for factor in rating.scorecard.factors)
    assert rating.coverage == 100 - sum(factor.max for factor in rating.scorecard.factors if factor.missing)


@pytest.mark.parametrize(("value", "points"), [("9.99", "2.5"), ("10", "3"), ("10.01", "3"), ("0.9", "0")])
def test_a_value_reaches_a_lower_bound_at_the_number_itself(value: str, points: str) -> None:
    bands = policy().bands["years_registered"]
    assert bands.points(Decimal(value)) == Decimal(points)


@pytest.mark.parametrize(
    ("value", "points"), [("0", "12"), ("0.01", "10"), ("7", "10"), ("7.01", "8"), ("60", "2"), ("60.1", "0")]
)
def test_a_value_reaches_an_upper_bound_at_the_number_itself(value: str, points: str) -> None:
    assert policy().bands["days_beyond_terms"].points(Decimal(value)) == Decimal(points)


def test_next_band_says_what_would_gain_and_how_much() -> None:
    bands = Bands("x", "identity", Decimal(3), "high", (Band(Decimal(10), Decimal(3)), Band(Decimal(5), Decimal(2))))
    assert bands.next_band(Decimal(0)) == (Decimal(5), Decimal(2))
    assert bands.next_band(Decimal(3)) is None


def card(score: str, missing: str = "0") -> Scorecard:
    return Scorecard(factors=(), score=Decimal(score), coverage=100 - Decimal(missing), missing_points=Decimal(missing))


@pytest.mark.parametrize(
    ("score", "grade"),
    [("90", "A"), ("89.5", "B"), ("80", "B"), ("79.99", "C"), ("50", "C"), ("49.99", "D"), ("0", "D")],
)
def test_grade_by_lower_bound_on_the_unrounded_sum(score: str, grade: str) -> None:
    assert rate(card(score), (), policy()).grade == grade


def cap(name: str, grade: Any) -> Veto:
    return Veto(id=name, cap_grade=grade, cap_limit_base=None, stops=False, finding=Finding(name, "info"))


def test_a_cap_never_raises_a_grade_and_the_worst_wins() -> None:
    assert rate(card("95"), (cap("V8", "C"),), policy()).grade == "C"
    assert rate(card("40"), (cap("V8", "C"),), policy()).grade == "D"
    both = rate(card("95"), (cap("V8", "C"), cap("V2", "D")), policy())
    assert (both.grade, both.grade_reason) == ("D", "V2")


def test_missing_data_that_could_reach_credit_leaves_a_customer_unrated_unless_a_veto_makes_him_d() -> None:
    unrated = rate(card("30", "20"), (), policy())
    assert (unrated.grade, unrated.grade_reason) == (None, "missing_data")
    assert rate(card("30", "19"), (), policy()).grade == "D"
    assert rate(card("30", "60"), (cap("V2", "D"),), policy()).grade == "D"


VETOES: list[tuple[str, Any, Any]] = [
    ("V1", {"status": "blacklist"}, {"status": "stop"}),
    ("V2", [checked(dishonest=True)], [checked(dishonest=False)]),
    (
        "V3",
        [invoice("L1", 10_000, due=DAY - timedelta(days=91))],
        [invoice("L1", 10_000, due=DAY - timedelta(days=90))],
    ),
    ("V4", [checked(suing_us=True)], [checked()]),
    ("V5", [invoice("L1", 9_999, due=DAY - timedelta(days=61))], [invoice("L1", 9_999, due=DAY - timedelta(days=60))]),
    ("V6", {"licence_expires_on": YESTERDAY}, {"licence_expires_on": DAY}),
    (
        "V7",
        [checked(pending_suits_amount=Decimal(2_000_000)), statement()],
        [checked(pending_suits_amount=Decimal(1_999_999)), statement()],
    ),
    ("V8", [statement(period_end=date(2025, 5, 19))], [statement(period_end=date(2025, 5, 20))]),
    ("V9", [statement(total_liabilities=Decimal(20_000_001))], [statement()]),
    ("V10", [history()[0]], history()),
    ("V11", [checked(uscc_verified=False)], [checked()]),
]


@pytest.mark.parametrize(("name", "fires", "rests"), VETOES, ids=[name for name, _, _ in VETOES])
def test_veto_fires_at_its_line_and_not_before(name: str, fires: Any, rests: Any) -> None:
    def found(case: Any) -> list[str]:
        rows, said = (case, {}) if isinstance(case, list) else ([], case)
        base = {**GOOD, **said}
        return [veto.id for veto in judged(*rows, **base).vetoes]

    assert name in found(fires)
    assert name not in found(rests)


def test_write_off_within_24_months_is_v3_and_regulated_goods_make_v6_a_d() -> None:
    off = invoice("W1", 500, written_off=Decimal(500), written_off_on=date(2024, 11, 20))
    assert "V3" in [veto.id for veto in judged(off).vetoes]
    older = replace(off, written_off_on=date(2024, 11, 19))
    assert "V3" not in [veto.id for veto in judged(older).vetoes]
    undated = next(veto for veto in judged(replace(off, written_off_on=None)).vetoes if veto.id == "V3")
    assert undated.finding.facts["written_off_on"] is None
    v6 = next(veto for veto in judged(regulated=True, permit_expires_on=YESTERDAY).vetoes if veto.id == "V6")
    assert v6.cap_grade == "D"


def test_worked_example_of_the_policy() -> None:
    """Score 84 (B), 600,000 a month, 45 days, net worth 9m, revenue 60m, request 1.5m: 1,150,000 bound by need."""
    bills = [
        invoice(f"M{month}", 600_000, issued=date(2025, 11, 15) + timedelta(days=30 * month), due=date(2025, 12, 20) + timedelta(days=30 * month), settled_on=date(2025, 12, 20) + timedelta(days=30 * month))
        for month in range(11)
    ]  # fmt: skip
    assessment = judged(*bills, checked(), statement(), **GOOD)
    assert assessment.rating is not None
    assert assessment.behaviour is not None
    assert assessment.position is not None
    rating = replace(assessment.rating, score=Decimal(84), grade="B", vetoes=())
    found = propose(
        account(*bills, checked(), statement(), **GOOD), assessment.position, assessment.behaviour, rating, None, book(), policy(),
        on=DAY, request=Decimal(1_500_000),
    )  # fmt: skip
    assert (found.limit, found.binding, found.payment_days) == (1_150_000, "need", 45)
    assert found.parts["need"] == 1_152_000
    assert found.parts["capacity"] == 1_350_000


def proposed(*rows: Any, grade: Any = "A", colour: Any = None, of_book: Any = None, **said: Any) -> Any:
    """The proposal for a well-known customer with this grade and colour of the day."""
    assessment = good(*rows, of_book=of_book, **said)
    rating = replace(assessment.rating, score=Decimal(92), grade=grade, vetoes=())
    given = account(*history(), checked(), statement(), *rows, **{**GOOD, **said})
    return propose(
        given, assessment.position, assessment.behaviour, rating, colour, of_book or book(), policy(), on=DAY
    )


@pytest.mark.parametrize("held", [0, 30, 45, 60, 90, None])
def test_a_worse_colour_never_proposes_a_longer_term(held: int | None) -> None:
    by_colour = [proposed(colour=one, payment_days=held).payment_days for one in (None, "yellow", "orange", "red")]
    assert by_colour == [60, 60 if held is None else min(60, held), 45 if held is None else min(45, held), 0]


@pytest.mark.parametrize(
    ("size", "held", "over"), [("public", 30, False), ("public", 31, True), ("large", 61, True), ("medium", 90, False), ("large", None, False)]
)  # fmt: skip
@pytest.mark.parametrize("colour", [None, "red"])
def test_a_granted_term_above_the_law_is_flagged(size: str, held: int | None, colour: Any, *, over: bool) -> None:
    found = proposed(colour=colour, size_class=size, payment_days=held)
    assert ("over_statutory_term" in found.conditions) == over
    assert found.payment_days <= {"public": 30, "large": 60, "medium": 60}[size]


@pytest.mark.parametrize(
    ("said", "points"),
    [({"rating": "bad"}, 0), ({"rating": "good"}, 2), ({"rating": None}, 2), ({"references_adverse": 1}, 0)],
)
def test_one_adverse_reference_outweighs_the_prompt_ones(said: dict[str, Any], points: int) -> None:
    found = judged(checked(**{"rating_on": DAY - timedelta(days=30), **said}), **GOOD).rating
    assert found is not None
    assert next(one.points for one in found.scorecard.factors if one.factor == "references") == points


def test_planned_sales_count_for_new_customers_only() -> None:
    idle = [
        replace(bill, issued_on=date(2024, 1, 10), due_on=date(2024, 2, 9), settled_on=date(2024, 2, 9))
        for bill in history()
    ]
    needs = []
    rows: list[Invoice]
    for rows in (idle, []):
        assessment: Any = judged(*rows, checked(), statement(), **GOOD)
        rating = replace(assessment.rating, score=Decimal(92), grade="A", vetoes=())
        given = account(*rows, checked(), statement(), planned_monthly_sales=Decimal(100_000), **GOOD)
        found = propose(given, assessment.position, assessment.behaviour, rating, None, book(), policy(), on=DAY)
        needs.append(found.parts["need"])
    assert needs == [0, 300_000]


def group(limit: int, exposure: int) -> Any:
    figures = GroupFigures(
        parent_id="P", limit=Decimal(limit), currency="CNY", limit_base=Decimal(limit), exposure_base=Decimal(exposure),
        receivables_base=Decimal(0), members=("C1", "P"),
    )  # fmt: skip
    return book(groups={"P": figures}, group_roots={"C1": "P"})


VERDICTS: list[tuple[str, str | None, str, dict[str, Any], list[Any], Any]] = [
    ("stopped", "stop", "status", {"status": "stop"}, [], None),
    ("closed", "stop", "status", {"status": "closed"}, [], None),
    ("blacklisted by status", "stop", "blacklist", {"status": "blacklist"}, [], None),
    ("sued", "stop", "V4", {}, [checked(suing_us=True)], None),
    ("licence expired", "stop", "licence", {"licence_expires_on": YESTERDAY}, [], None),
    ("prepay", "prepay", "prepay", {"payment_mode": "prepay", "credit_limit": None}, [], None),
    ("a stopped prepay customer is stopped", "stop", "status", {"payment_mode": "prepay", "status": "stop"}, [], None),
    ("no line", "stop", "no_line", {"credit_limit": None}, [], None),
    ("zero line", "stop", "no_line", {"credit_limit": Decimal(0)}, [], None),
    ("prospect", "stop", "prospect", {"credit_limit": None, "status": "prospect"}, [], None),
    ("hold", "approval", "status", {"status": "hold"}, [], None),
    ("limit expired", "approval", "limit_expired", {"limit_expires_on": YESTERDAY}, [], None),
    ("over the limit", "approval", "limit", {}, [order("O1", 100_001)], None),
    ("group over its limit", "approval", "group_limit", {}, [], group(1000, 1001)),
    ("stale ledger", "approval", "stale", {}, [], book(newest_document_on=DAY - timedelta(days=9))),
    (
        "unreadable limit",
        "approval",
        "unreadable",
        {"credit_limit": None, "unread": frozenset({"credit_limit"})},
        [],
        None,
    ),
    ("invoices never read", None, "no_invoices", {}, [], book(invoices_readable=False)),
    ("no invoices tab", "approval", "invoices_missing", {}, [], book(tabs=frozenset({"customers", "payments"}))),
    ("a rate is missing", None, "rate_missing", {}, [invoice("E1", 5, currency="EUR")], None),
]


@pytest.mark.parametrize(
    ("verdict", "code", "said", "rows", "of_book"), [case[1:] for case in VERDICTS], ids=[case[0] for case in VERDICTS]
)
def test_verdict_table(verdict: str | None, code: str, said: dict[str, Any], rows: list[Any], of_book: Any) -> None:
    found = judged(*history(), *rows, of_book=of_book, **{**GOOD, **said})
    assert found.verdict == verdict
    assert found.reasons[0].code == code


def test_otherwise_he_may_be_shipped_to_and_exposure_equal_to_the_limit_passes() -> None:
    assert good().verdict == "ok"
    exact = good(order("O1", 100_000))
    assert exact.verdict == "ok"
    assert exact.position.headroom == 0
    assert good(limit_expires_on=DAY).verdict == "ok"
    assert good(of_book=group(1000, 1000)).verdict == "ok"


@pytest.mark.parametrize(("days", "verdict"), [(6, "ok"), (7, "approval")])
def test_undisputed_overdue_holds_an_unrated_customer_from_the_c_line(days: int, verdict: str) -> None:
    found = judged(*history(), invoice("L1", 500, due=DAY - timedelta(days=days)))
    assert found.rating is not None
    assert found.rating.grade is None
    assert found.verdict == verdict


def test_blacklist_by_code_or_exact_name_and_only_a_likeness_asks() -> None:
    entry = BlacklistEntry(uscc="", name="甲 公司", row=2)
    assert listed(Customer(customer_id="C", name="甲公司"), [entry], DAY)[0] is entry
    same, alike = listed(
        Customer(customer_id="C", name="上海恒大贸易有限公司"), [BlacklistEntry(name="上海恒达贸易有限公司")], DAY
    )
    assert same is None
    assert len(alike) == 1
    found = judged(*history(), of_book=book(blacklist=(BlacklistEntry(name="甲公司", row=2),)), **GOOD)
    assert (found.verdict, found.reasons[0].code) == ("stop", "blacklist")


def test_removed_on_is_the_first_free_day() -> None:
    assert in_force(BlacklistEntry(name="x", removed_on=DAY + timedelta(days=1)), DAY)
    assert not in_force(BlacklistEntry(name="x", removed_on=DAY), DAY)


def test_a_blacklist_entry_holds_whatever_day_it_was_added_on() -> None:
    assert in_force(BlacklistEntry(name="x", added_on=DAY + timedelta(days=1)), DAY)


def test_two_differing_rows_with_one_customer_id_give_no_verdict() -> None:
    from scoring.assess import assess

    twin = replace(account(*history(), **GOOD), twins=(customer(name="乙公司"),))
    assert assess(twin, book(), policy(), on=DAY, today=DAY).verdict is None


@pytest.mark.parametrize(
    ("used", "colour"), [(74_999, None), (75_000, "yellow"), (89_999, "yellow"), (90_000, "orange")]
)
def test_utilisation_warns_and_its_colour_alone_does_not_hold(used: int, colour: str | None) -> None:
    found = judged(*history(), order("O1", used))
    assert [one.severity for one in found.warnings if one.code == "utilisation"] == ([colour] if colour else [])
    assert found.verdict == "ok"


@pytest.mark.parametrize(
    ("said", "red"),
    [({}, False), ({"enforcement": "settled"}, False), ({"enforcement": "current"}, True), ({"dishonest": True}, True)],
)
def test_enforcement_of_the_newest_check_is_a_red_warning(said: dict[str, Any], *, red: bool) -> None:
    older = checked(checked_on=DAY - timedelta(days=90), enforcement="current")
    later = checked(checked_on=DAY + timedelta(days=1), enforcement="current")
    found = judged(*history(), older, checked(**said), later, statement(), **GOOD)
    assert ("enforcement" in codes(found.warnings)) == red
    assert (found.colour == "red") == red


def test_expiring_limit_warns_from_the_grade_s_day() -> None:
    assert "limit_expiring" in codes(judged(*history(), limit_expires_on=DAY + timedelta(days=90)).warnings)
    assert "limit_expiring" not in codes(judged(*history(), limit_expires_on=DAY + timedelta(days=91)).warnings)
