"""Second computation of POLICY.md 1-3: points, vetoes, grade. Shares no code with the product."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.referee.figures import (
    Figures,
    Paying,
    RateMissingError,
    anniversary_years,
    convert,
    in_force,
    is_new,
    not_after,
    open_in_base,
    rate,
)  # fmt: skip
from tests.referee.tables import Tables, day, months_back, num, total, val, whole_months_before, within, yes

FULL = {
    "years_registered": 3, "paid_in_capital": 3, "licences": 4, "debt_ratio": 5, "current_ratio": 4, "roa": 4,
    "roe": 3, "ebit_margin": 4, "z_score": 3, "operating_cash_flow": 2, "suits": 5, "enforcement": 5, "penalties": 3,
    "references": 2, "days_beyond_terms": 12, "on_time": 6, "overdue_share": 6, "worst_lateness": 3, "promises": 3,
    "years_trading": 3, "order_months": 2, "returns": 3, "receivables_share": 2, "industry_outlook": 4,
    "market_standing": 3, "order_risk": 3,
}  # fmt: skip
NEW_HALVED = {
    "days_beyond_terms", "on_time", "overdue_share", "worst_lateness", "promises", "order_months", "returns",
    "order_risk",
}  # fmt: skip


@dataclass
class Facts:
    """What the factors look at."""

    tables: Tables
    customer: dict[str, str]
    got: Figures
    how: Paying
    on: date
    book_open: Fraction | None
    """Open of all customers in base currency."""

    def rows(self, tab: str) -> list[dict[str, str]]:
        return [row for row in self.tables.get(tab, []) if row["customer_id"] == self.customer["customer_id"]]

    def newest_check(self) -> dict[str, str] | None:
        known = [row for row in self.rows("checks") if row["checked_on"] and not_after(row["checked_on"], self.on)]
        return max(known, key=lambda row: row["checked_on"], default=None)

    def periods(self) -> list[dict[str, str]]:
        known = [row for row in self.rows("financials") if row["period_end"] and not_after(row["period_end"], self.on)]
        return sorted(known, key=lambda row: row["period_end"], reverse=True)

    def in_base(self, amount: Fraction, currency: str) -> Fraction:
        return convert(self.tables, amount, currency or self.got.currency, "CNY", self.on)


def high(value: Fraction | None, *bands: tuple[str, str], floor: str = "0") -> Fraction | None:
    if value is None:
        return None
    return next((Fraction(points) for line, points in bands if value >= Fraction(line)), Fraction(floor))


def low(value: Fraction | None, *bands: tuple[str, str]) -> Fraction | None:
    if value is None:
        return None
    return next((Fraction(points) for line, points in bands if value <= Fraction(line)), Fraction(0))


def share(part: Fraction | None, whole: Fraction | None) -> Fraction | None:
    return None if part is None or not whole else part / whole * 100


def points(facts: Facts) -> dict[str, Fraction | None]:
    """Points by factor; None = missing."""
    customer, on, how, got = facts.customer, facts.on, facts.how, facts.got
    years = anniversary_years(day(customer.get("established_on")), on)
    capital = num(customer.get("paid_in_capital"))
    if capital is not None:
        capital = facts.in_base(capital, customer.get("currency", ""))
    begun = day(customer.get("cooperation_since"))
    since = begun if begun is not None and begun <= on else how.first
    traded = anniversary_years(since, on)
    found: dict[str, Fraction | None] = {
        "years_registered": high(frac(years), ("10", "3"), ("5", "2.5"), ("3", "2"), ("1", "1")),
        "paid_in_capital": high(capital, ("50e6", "3"), ("10e6", "2.5"), ("5e6", "2"), ("1e6", "1")),
        "licences": licences(facts),
        **finance(facts),
        **outside(facts),
        "days_beyond_terms": low(how.days_beyond, ("0", "12"), ("7", "10"), ("15", "8"), ("30", "5"), ("60", "2")),
        "on_time": high(how.on_time, ("95", "6"), ("85", "4.5"), ("70", "3"), ("50", "1.5")),
        "overdue_share": low(how.overdue_share, ("0", "6"), ("5", "4.5"), ("15", "3"), ("30", "1")),
        "worst_lateness": low(frac(how.worst), ("30", "3"), ("60", "2"), ("90", "1")),
        "promises": promises(facts),
        "years_trading": high(frac(traded), ("5", "3"), ("3", "2.5"), ("1", "1.5"), floor="0.5"),
        "order_months": high(frac(how.months), ("10", "2"), ("6", "1"), floor="0.5"),
        "returns": returned(facts),
        "receivables_share": None
        if facts.book_open is None
        else low(
            share(open_in_base(facts.tables, got, facts.on), facts.book_open) or Fraction(0), ("5", "2"), ("10", "1")
        ),
        "industry_outlook": outlook(facts),
        "market_standing": {
            "leader": Fraction(3),
            "listed": Fraction(3),
            "state": Fraction(3),
            "middle": Fraction(2),
            "small": Fraction(1),
        }.get(customer.get("market_standing", "")),
        "order_risk": None,
    }
    if is_new(customer, how, on):
        for name in NEW_HALVED:
            own = found[name]
            found[name] = None if own is None else min(own, Fraction(FULL[name], 2))
    return found


def frac(value: int | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def licences(facts: Facts) -> Fraction | None:
    check, customer, on = facts.newest_check(), facts.customer, facts.on
    licence = day(customer.get("licence_expires_on"))
    if check is None or not check.get("registry_status") or licence is None:
        return None
    dates = [licence, *([permit] if (permit := day(customer.get("permit_expires_on"))) else [])]
    if check["registry_status"] != "active" or min(dates) < on:
        return Fraction(0)
    soon = sum(1 for last in dates if last <= on + timedelta(days=90))
    return Fraction(4) if soon == 0 else Fraction(2) if soon == 1 else Fraction(0)


def finance(facts: Facts) -> dict[str, Fraction | None]:
    periods = facts.periods()
    if not periods:
        return dict.fromkeys(
            ("debt_ratio", "current_ratio", "roa", "roe", "ebit_margin", "z_score", "operating_cash_flow")
        )
    row = periods[0]
    cell = {
        name: num(row.get(name)) for name in row if name not in {"customer_id", "period_end", "currency", "audited"}
    }
    assets, debts, profit = cell.get("total_assets"), cell.get("total_liabilities"), cell.get("net_profit")
    equity = None if assets is None or debts is None else assets - debts
    roe = Fraction(-1) if equity is not None and equity <= 0 else share(profit, equity)
    if roe is not None and equity is not None and equity <= 0 and profit is None:
        roe = Fraction(-1)
    owned, owed = cell.get("current_assets"), cell.get("current_liabilities")
    liquid = owned / owed if owned is not None and owed else None
    flows = [num(period.get("operating_cash_flow")) for period in periods[:2]]
    cash: Fraction | None = None
    if flows[0] is not None:
        both = len(flows) == 2 and flows[1] is not None and flows[1] > 0
        cash = Fraction(0) if flows[0] <= 0 else Fraction(2) if both else Fraction(1)
    z = z_score(cell)
    return {
        "debt_ratio": low(share(debts, assets), ("40", "5"), ("55", "4"), ("65", "3"), ("75", "1.5")),
        "current_ratio": high(liquid, ("2", "4"), ("1.5", "3"), ("1.2", "2"), ("1", "1")),
        "roa": high(share(profit, assets), ("8", "4"), ("5", "3"), ("2", "2"), ("0", "1")),
        "roe": high(roe, ("15", "3"), ("8", "2"), ("0", "1")),
        "ebit_margin": high(
            share(cell.get("ebit"), cell.get("revenue")), ("12", "4"), ("8", "3"), ("4", "2"), ("0", "1")
        ),
        "z_score": high(z, ("2.60", "3"), ("1.10", "1.5")),
        "operating_cash_flow": cash,
    }


def z_score(cell: dict[str, Fraction | None]) -> Fraction | None:
    """6.56 WC/TA + 3.26 RE/TA + 6.72 EBIT/TA + 1.05 BVE/TL."""
    needed = [
        cell.get(name)
        for name in (
            "current_assets",
            "current_liabilities",
            "retained_earnings",
            "ebit",
            "total_assets",
            "total_liabilities",
        )
    ]
    if any(value is None for value in needed):
        return None
    ca, cl, re, ebit, ta, tl = (value for value in needed if value is not None)
    if not ta or not tl:
        return None
    return (
        Fraction("6.56") * (ca - cl) / ta
        + Fraction("3.26") * re / ta
        + Fraction("6.72") * ebit / ta
        + Fraction("1.05") * (ta - tl) / tl
    )


def net_assets_base(facts: Facts) -> Fraction | None:
    periods = facts.periods()
    if not periods or not periods[0].get("total_assets") or not periods[0].get("total_liabilities"):
        return None
    return facts.in_base(
        val(periods[0]["total_assets"]) - val(periods[0]["total_liabilities"]), periods[0].get("currency", "")
    )


def outside(facts: Facts) -> dict[str, Fraction | None]:
    check, on = facts.newest_check(), facts.on
    if check is None:
        return dict.fromkeys(("suits", "enforcement", "penalties", "references"))
    suits: Fraction | None = None
    if check.get("suits_amount"):
        amount = val(check["suits_amount"])
        worth = net_assets_base(facts)
        if amount == 0:
            suits = Fraction(5)
        elif worth is not None:
            part = amount / worth * 100 if worth > 0 else Fraction(100)
            suits = Fraction(4) if part < 1 else Fraction(2) if part < 5 else Fraction(0)
    enforcement: Fraction | None = None
    if check.get("enforcement"):
        settled = day(check.get("enforcement_settled_on"))
        if yes(check.get("dishonest")) or check["enforcement"] == "current":
            enforcement = Fraction(0)
        elif check["enforcement"] == "none":
            enforcement = Fraction(5)
        else:
            enforcement = Fraction(2) if settled is not None and settled <= months_back(on, 12) else Fraction(0)
    penalties: Fraction | None = None
    if check.get("penalties"):
        clean = not yes(check.get("abnormal_list")) and not yes(check.get("tax_arrears"))
        if not clean or check["penalties"] == "major":
            penalties = Fraction(0)
        elif check["penalties"] == "none":
            penalties = Fraction(3)
        else:
            penalties = Fraction("1.5") if yes(check.get("penalties_settled")) else Fraction(0)
    fresh = within(check.get("rating_on"), months_back(on, 12), on)
    rating = check.get("rating") if fresh else ""
    references: Fraction | None = None
    if check.get("references_prompt") or check.get("references_adverse") or rating:
        prompt = val(check.get("references_prompt"))
        if val(check.get("references_adverse")) > 0 or rating == "bad":
            references = Fraction(0)
        else:
            references = (
                Fraction(2)
                if prompt >= 2 or rating == "good"
                else Fraction(1)
                if prompt >= 1 or rating == "middle"
                else Fraction(0)
            )
    return {"suits": suits, "enforcement": enforcement, "penalties": penalties, "references": references}


def promises(facts: Facts) -> Fraction | None:
    if "promises" not in facts.tables:
        return None
    made = [row for row in facts.rows("promises") if not_after(row.get("made_on"), facts.on) and row.get("outcome")]
    if not made:
        return Fraction(3)
    kept = Fraction(sum(1 for row in made if row["outcome"] == "kept") * 100, len(made))
    return high(kept, ("90", "3"), ("70", "2"), ("50", "1"))


def returned(facts: Facts) -> Fraction | None:
    if "returns" not in facts.tables:
        return None
    first, end = whole_months_before(facts.on, 12)
    back = total(
        val(row.get("amount"))
        for row in facts.rows("returns")
        if row.get("occurred_on") and within(row["occurred_on"], first, end - timedelta(days=1))
    )
    if facts.how.sales_12 <= 0:
        return None
    return low((back + facts.got.disputed) / facts.how.sales_12 * 100, ("1", "3"), ("3", "2"), ("5", "1"))


def outlook(facts: Facts) -> Fraction | None:
    name = facts.customer.get("industry")
    rows = [row for row in facts.tables.get("industries", []) if row["industry"] == name and name]
    if not rows or not rows[0].get("outlook"):
        return None
    return {"low": Fraction(4), "medium": Fraction("2.5"), "high": Fraction(1), "restricted": Fraction(0)}[
        rows[0]["outlook"]
    ]


def vetoes(facts: Facts, *, blacklisted: bool) -> dict[str, str]:
    """Veto id -> the highest grade it leaves."""
    check, customer, on, got = facts.newest_check() or {}, facts.customer, facts.on, facts.got
    found: dict[str, str] = {}
    if blacklisted:
        found["V1"] = "D"
    bad_register = check.get("registry_status") in {"revoked", "cancelled", "bankrupt"}
    if yes(check.get("dishonest")) or yes(check.get("serious_violation")) or bad_register:
        found["V2"] = "D"
    late = [(item, item.open - item.left_out) for item in got.items if item.open > item.left_out]
    try:
        big = [
            item for item, part in late
            if item.late > 90 and facts.in_base(part, item.row.get("currency") or got.currency) >= 10000
        ]  # fmt: skip
    except RateMissingError:
        big = []
    off = [
        item
        for item in got.items
        if item.written_off and (item.written_off_on is None or months_back(on, 24) <= item.written_off_on <= on)
    ]
    if big or off:
        found["V3"] = "D"
    if yes(check.get("suing_us")):
        found["V4"] = "D"
    rest = [item for item, _ in late if item.late > 60 and item not in big]
    old = total(part for item, part in late if item.late > 60)
    if rest or (got.open and old / got.open > Fraction(1, 2)):
        found["V5"] = "C"
    if not in_force(customer.get("licence_expires_on"), on) or not in_force(customer.get("permit_expires_on"), on):
        found["V6"] = "D" if yes(customer.get("regulated")) else "C"
    worth = net_assets_base(facts)
    pending = val(check.get("pending_suits_amount"))
    if yes(check.get("abnormal_list")) or (pending > 0 and worth is not None and pending >= worth / 5):
        found["V7"] = "C"
    periods = facts.periods()
    if not periods or months_back(on, 18) > date.fromisoformat(periods[0]["period_end"]):
        found["V8"] = "C"
    if periods:
        cell = {
            name: num(value)
            for name, value in periods[0].items()
            if name not in {"customer_id", "period_end", "currency", "audited"}
        }
        z, cash = z_score(cell), cell.get("operating_cash_flow")
        if (worth is not None and worth < 0) or (
            z is not None and z < Fraction("1.10") and cash is not None and cash < 0
        ):
            found["V9"] = "C"
    if is_new(customer, facts.how, on):
        found["V10"] = "C"
    else:
        since = facts.how.first or day(customer.get("cooperation_since"))
        if since is not None and months_back(on, 12) < since:
            found["V10"] = "B"
    if not yes(check.get("uscc_verified")) or not customer.get("controller"):
        found["V11"] = "-"
    return found


def grade(score: Fraction, missing: Fraction, caps: dict[str, str]) -> str | None:
    """A-D by lower bound on the unrounded sum, capped; None = unrated."""
    own = "A" if score >= 90 else "B" if score >= 80 else "C" if score >= 50 else "D"
    capped = max([own, *(cap for cap in caps.values() if cap in "ABCD")])
    if score < 50 <= score + missing and "D" not in caps.values():
        return None
    return capped


__all__ = ["FULL", "Facts", "grade", "points", "rate", "vetoes"]
