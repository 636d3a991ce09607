"""A dozen situations a salesperson meets, as the JSON contract and the details hold them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from scoring.answer import number
from scoring.policy import FACTORS
from texts.cards import Setting

Situation = tuple[dict[str, Any], dict[str, Any]]
TODAY = "2026-11-24"
SETTING = Setting(
    synced_at=datetime(2026, 11, 24, 9, 40, tzinfo=UTC),
    today=TODAY,
    links={"customers": "https://sheet.example/#gid=1&range=A", "invoices": "https://sheet.example/#gid=2&range=A"},
)
_MAX = dict(
    zip(
        FACTORS,
        (3, 3, 4, 5, 4, 4, 3, 4, 3, 2, 5, 5, 3, 2, 12, 6, 6, 3, 3, 3, 2, 3, 2, 4, 3, 3),
        strict=True,
    )
)  # fmt: skip
_VALUES: dict[str, Any] = {
    "years_registered": 12, "paid_in_capital": 20000000, "licences": "valid", "debt_ratio": 52.3, "current_ratio": 1.62,
    "roa": 5.1, "roe": 11.4, "ebit_margin": 8.7, "z_score": 2.9, "operating_cash_flow": "both", "suits": "none",
    "enforcement": "never", "penalties": "none", "references": "good", "days_beyond_terms": 3.2, "on_time": 91.5,
    "overdue_share": 0, "worst_lateness": 18, "promises": 100, "years_trading": 6, "order_months": 12, "returns": 0.4,
    "receivables_share": 3.1, "industry_outlook": "medium", "market_standing": "middle",
}  # fmt: skip


def factors() -> list[dict[str, Any]]:
    """All 26, order risk without data."""
    return [
        {
            "factor": name,
            "value": _VALUES.get(name),
            "points": 0 if name not in _VALUES else number(Decimal(most) * 8 / 10),
            "max": most,
            "missing": name not in _VALUES,
            "source": {"tab": "customers", "key": "C0001", "row": 5} if name in _VALUES else None,
        }
        for name, most in _MAX.items()
    ]


def finding(
    code: str, severity: str, *, tab: str = "customers", key: str = "C0001", row: int | None = 5, **facts: Any
) -> dict[str, Any]:
    """A reason, veto, warning or note."""
    return {"code": code, "severity": severity, "facts": facts, "source": {"tab": tab, "key": key, "row": row}}


def answer(**changes: Any) -> dict[str, Any]:
    """A good B with room."""
    whole: dict[str, Any] = {
        "customer_id": "C0001", "name": "艾克美贸易(上海)有限公司", "verdict": "ok", "reasons": [],
        "score": 84.25, "grade": "B", "grade_reason": None, "coverage": 97,
        "credit_limit": "1000000.00", "temp_limit": None, "limit_expires_on": "2027-03-31",
        "exposure": "614000.00", "headroom": "386000.00", "utilisation": 61.4,
        "open": "560000.00", "unapplied": "0.00", "disputed": "0.00", "overdue": "0.00", "max_days_overdue": 0,
        "ageing": {
            "not_due": "560000.00", "1-30": "0.00", "31-60": "0.00", "61-90": "0.00", "91-180": "0.00",
            "181-365": "0.00", "over-365": "0.00",
        },
        "payment_days": 45, "status": "active", "payment_mode": "credit",
        "last_payment": {"on": "2026-11-18", "amount": "128000.00"},
        "next_release": [{"on": "2026-12-12", "amount": "310000.00"}],
        "behaviour": {
            "days_beyond_terms": 3.2, "on_time_pct": 91.5, "worst": 18, "payment_score": 77.87, "dso": 48.1,
            "bpdso": 45.0, "add": 3.1,
        },
        "group": None, "factors": factors(), "vetoes": [],
        "proposal": {"limit": "1150000.00", "payment_days": 45, "binding": "need", "conditions": ["open_account"]},
        "warnings": [], "notes": [], "currency": "CNY", "as_of": TODAY, "policy": "3f1c9a7b",
    }  # fmt: skip
    return whole | changes


def line(number: str, due: str, amount: str, days: int, *, disputed: str = "0.00", row: int = 12) -> dict[str, Any]:
    """An open invoice."""
    return {
        "invoice_no": number, "issued_on": "2026-10-01", "due_on": due, "amount": amount, "open": amount,
        "disputed": disputed, "days_overdue": days, "bucket": "not_due" if not days else "31-60", "row": row,
    }  # fmt: skip


def details(**changes: Any) -> dict[str, Any]:
    """What a card shows beyond the contract."""
    whole: dict[str, Any] = {
        "department": "华东", "sales_owner": "林晓梅", "parent_id": "", "region": "上海", "uscc": "91310000MA1K4XXXXX",
        "temp_limit_expires_on": None, "limit": "1000000.00", "orders": "54000.00", "deposits": "0.00", "colour": None,
        "row": 5, "lines": [line("INV-77", "2026-12-12", "310000.00", 0), line("INV-81", "2026-12-30", "250000.00", 0)],
        "next_grade": {
            "grade": "A", "caps": [], "points_needed": 5.75, "together": 6.5, "enough": True,
            "ways": [
                {"factor": "promises", "gain": 3, "value": None, "missing": True, "low": False},
                {"factor": "days_beyond_terms", "gain": 2, "value": 0, "missing": False, "low": True},
                {"factor": "industry_outlook", "gain": 1.5, "value": "low", "missing": False, "low": False},
            ],
        },
        "proposal_cut": None, "missing_tabs": [], "missing_points": 3, "unblock": None,
    }  # fmt: skip
    return whole | changes


def way(code: str, *who: str, **facts: Any) -> dict[str, Any]:
    """What unblocks."""
    return {"code": code, "who": list(who), "facts": facts}


def _ok() -> Situation:
    return answer(), details()


def _warned() -> Situation:
    """Room, but the limit ends soon, it is well used, and the group has less left than the customer."""
    warnings = [
        finding("utilisation", "yellow", have=88.2, line=85.0, escalated=None),
        finding("limit_expiring", "yellow", expires_on="2026-12-31", days=37, escalated=None),
    ]
    group = {"id": "G01", "limit": "2000000.00", "exposure": "1950000.00", "headroom": "50000.00"}
    changed = answer(warnings=warnings, group=group, exposure="882000.00", headroom="118000.00", utilisation=88.2)
    return changed, details(colour="yellow")


def _overdue() -> Situation:
    reason = finding("overdue", "approval", tab="invoices", key="INV-52", row=88, have=37, allow=15, amount="124000.00")
    red = finding("oldest_overdue", "red", tab="invoices", key="INV-52", row=88, have=37, line=30, escalated=None)
    warned = finding(
        "warning", "approval", tab="invoices", key="INV-52", row=88,
        warning="oldest_overdue", colour="red", have=37, line=30, escalated=None,
    )  # fmt: skip
    held = answer(
        verdict="approval", reasons=[reason, warned], overdue="124000.00", max_days_overdue=37, warnings=[red],
        ageing=answer()["ageing"] | {"not_due": "436000.00", "31-60": "124000.00"},
        proposal={"limit": "0.00", "payment_days": 0, "binding": "need", "conditions": ["prepay"]},
    )  # fmt: skip
    lines = [line("INV-52", "2026-10-18", "124000.00", 37, row=88), *details()["lines"]]
    higher = {"grade": "A", "caps": ["V10"], "points_needed": 0, "ways": [], "together": 0, "enough": True}
    return held, details(
        lines=lines, unblock=way("pay_overdue", amount="124000.00", days=37), colour="red", next_grade=higher,
        proposal_cut={"colour": "red", "share_pct": 0},
    )  # fmt: skip


def _limit() -> Situation:
    reason = finding("limit", "approval", have="1124000.00", allow="1000000.00")
    over = answer(
        verdict="approval", reasons=[reason], exposure="1124000.00", headroom="-124000.00", utilisation=112.4,
        warnings=[finding("utilisation", "orange", have=112.4, line=100.0, escalated=None)],
    )  # fmt: skip
    bills = [line("INV-77", "2026-12-12", "310000.00", 0)]
    unblock = way(
        "frees", "sales_manager", on="2026-12-12", free="186000.00", over="124000.00", bills=bills, total=1, more=0
    )
    return over, details(unblock=unblock)


def _expired() -> Situation:
    reason = finding("limit_expired", "approval", expired_on="2026-10-31")
    return (
        answer(verdict="approval", reasons=[reason], limit_expires_on="2026-10-31"),
        details(unblock=way("renew_limit", "sales_owner", expired_on="2026-10-31")),
    )


def _prepay() -> Situation:
    reason = finding("prepay", "info", unapplied="80000.00")
    prepaid = answer(
        verdict="prepay", reasons=[reason], payment_mode="prepay", credit_limit=None, limit_expires_on=None,
        exposure="-80000.00", headroom=None, utilisation=None, open="0.00", unapplied="80000.00", payment_days=0,
        ageing=dict.fromkeys(answer()["ageing"], "0.00"), behaviour=answer()["behaviour"] | {"dso": 0.0},
    )  # fmt: skip
    return prepaid, details(limit=None, lines=[], unblock=way("prepay", unapplied="80000.00"))


def _blacklisted() -> Situation:
    reason = finding(
        "blacklist", "stop", tab="blacklist", key="91310000MA1K4XXXXX", row=3, reason="骗货 2024", added_on="2024-06-01"
    )
    veto = finding("V1", "stop", tab="blacklist", key="91310000MA1K4XXXXX", row=3, cap="D", reason="骗货 2024")
    return (
        answer(verdict="stop", reasons=[reason], grade="D", grade_reason="V1", vetoes=[veto]),
        details(unblock=way("leave_blacklist", "responsible_vp", "risk", reason="骗货 2024", added_on="2024-06-01")),
    )


def _only_listed() -> Situation:
    """A blacklist entry that no customer row belongs to: everything else is null."""
    reason = finding("blacklist", "stop", tab="blacklist", key="鸿运贸易", row=4, reason="", added_on=None)
    kept = {"customer_id": None, "name": "鸿运贸易有限公司", "verdict": "stop", "reasons": [reason]}
    return (
        dict.fromkeys(answer(), None) | kept,
        {
            "unblock": way("leave_blacklist", "responsible_vp", "risk"),
            "department": "",
            "sales_owner": "",
            "limit": None,
        },
    )


def _unrated() -> Situation:
    reason = finding("prospect", "stop", limit=None)
    fresh = answer(
        verdict="stop", reasons=[reason], score=31.5, grade=None, grade_reason="missing_data", coverage=48,
        status="prospect", credit_limit=None, limit_expires_on=None, exposure="0.00", headroom=None, utilisation=None,
        open="0.00", ageing=dict.fromkeys(answer()["ageing"], "0.00"), last_payment=None, next_release=[],
        behaviour=dict.fromkeys(answer()["behaviour"], None), payment_days=None,
        vetoes=[
            finding("V8", "info", limit="500000.00", cap="C", period_end=None),
            finding("V11", "info", cap=None, problem="uscc_not_verified", limit="0.00"),
        ],
        proposal={"limit": "0.00", "payment_days": 0, "binding": "missing_data", "conditions": ["prepay"]},
    )  # fmt: skip
    missing = [{"tab": "financials", "points": 25}, {"tab": "checks", "points": 19}]
    lacking = [{"tab": "customers", "factors": ["years_registered"], "points": 3}]
    gains = {"current_ratio": {"value": 2, "points": 0.8}, "industry_outlook": {"value": "low", "points": 0.8}}
    more = {"missing_tabs": missing, "lacking": lacking, "gains": gains}
    return fresh, details(limit=None, lines=[], **more, unblock=way("apply", "sales_owner", limit=None))


def _rate_missing() -> Situation:
    reason = finding("rate_missing", "stop", currencies=["USD"])
    unknown = answer(
        verdict=None, reasons=[reason], score=None, grade=None, grade_reason="rate_missing", coverage=None,
        exposure=None, headroom=None, utilisation=None, open=None, unapplied=None, disputed=None, overdue=None,
        max_days_overdue=None, ageing=None, last_payment=None, next_release=None, behaviour=None, factors=None,
        proposal=None, currency="USD",
    )  # fmt: skip
    return unknown, details(lines=[], next_grade=None, unblock=way("add_rate", "finance", currencies=["USD"]))


def _hold() -> Situation:
    return (
        answer(verdict="approval", status="hold", reasons=[finding("status", "approval", status="hold")]),
        details(unblock=way("release_hold", "sales_manager", "finance", status="hold")),
    )


def _stale() -> Situation:
    reason = finding("stale", "approval", newest_on="2026-11-16", allow=3)
    return answer(verdict="approval", reasons=[reason]), details(unblock=way("refresh_ledger", "finance"))


def _group() -> Situation:
    """A group's limit in yuan, its member trading in dollars."""
    reason = finding("group_limit", "approval", key="G01", row=None, group="G01", have="2240000.00", allow="2000000.00")
    group = {"id": "G01", "limit": "281690.14", "exposure": "315492.96", "headroom": "-33802.82"}
    return (
        answer(verdict="approval", reasons=[reason], group=group, currency="USD"),
        details(parent_id="G01", unblock=way("group_frees", "sales_manager", group="G01")),
    )


def _dollars() -> Situation:
    return answer(name="Pacific Rim Trading LLC", currency="USD", headroom="38650.75"), details(
        sales_owner="Anna Smith"
    )


def _faulty() -> Situation:
    """An amount nobody can read: never green, and the cell is named."""
    reason = finding("unreadable", "approval", tab="invoices", key="INV-77", row=12)
    notes = [
        finding("amount_approximate", "note", tab="invoices", key="INV-77", row=12, column="amount", found="约31万"),
        finding("paid_mismatch", "note", tab="invoices", key="INV-81", row=13, column="paid", found="50000.00"),
        finding("uscc_check", "note", column="uscc", found="91310000MA1K4XXXXX"),
        finding("unapproved_edit", "note", column="credit_limit", found="2000000.00"),
        finding("duplicate_row", "note", tab="invoices", key="INV-80", row=19, column=None, found="18"),
    ]
    return (
        answer(verdict="approval", reasons=[reason], notes=notes),
        details(unblock=way("fix_cell", "finance")),
    )


def _disputed() -> Situation:
    """One invoice in dispute as a whole, one in part."""
    lines = [
        line("INV-61", "2026-11-20", "30000.00", 4, disputed="30000.00"),
        line("INV-62", "2026-11-30", "50000.00", 0, disputed="8000.00"),
    ]
    known = {"have": 4, "line": 3, "escalated": None}
    warnings = [
        finding("utilisation", "orange", have=100.4, line=95.0, escalated=None),
        finding("oldest_overdue", "yellow", tab="invoices", key="INV-61", row=12, **known),
    ]
    veto = finding("V10", "info", cap="C", since="2026-06-11", settled=7)
    return (
        answer(open="80000.00", disputed="38000.00", warnings=warnings, vetoes=[veto], max_days_overdue=4),
        details(lines=lines),
    )


def _written_off() -> Situation:
    facts = {"written_off_on": "2025-08-30"}
    reason = finding("V3", "stop", tab="invoices", row=None, cap="D", **facts)
    return (
        answer(verdict="stop", reasons=[reason], grade="D", grade_reason="V3", vetoes=[reason]),
        details(unblock=way("pay_overdue", amount="0.00", days=0)),
    )


SITUATIONS: Mapping[str, Callable[[], Situation]] = {
    "ok": _ok, "warned": _warned, "overdue": _overdue, "limit": _limit, "expired": _expired, "prepay": _prepay,
    "blacklisted": _blacklisted, "only_listed": _only_listed, "unrated": _unrated, "rate_missing": _rate_missing,
    "hold": _hold, "stale": _stale, "group": _group, "dollars": _dollars, "faulty": _faulty,
    "written_off": _written_off, "disputed": _disputed,
}  # fmt: skip
