"""What the sheet does not say makes no line, no money and no green answer; what it does say is shown."""

import pytest

from flows.ageing import ageing_of
from tests.flows.small import Open, ask, codes

LIMITS = "customer_id,name,credit_limit,temp_limit,temp_limit_expires_on\n"
DOLLARS = "customer_id,name,credit_limit,currency\nA,甲公司,100000,CNY\nU,US Co,1000,USD\n"


@pytest.mark.parametrize("line", ["", "0"])
def test_a_temporary_limit_makes_no_line_of_none(ledger: Open, line: str) -> None:
    found = ask(ledger(customers=f"{LIMITS}A,甲公司,{line},50000,2026-12-31\n"), "A")
    assert (found["verdict"], codes(found["reasons"])[0]) == ("stop", "no_line")


def test_a_temporary_limit_adds_to_a_line(ledger: Open) -> None:
    found = ask(ledger(customers=f"{LIMITS}A,甲公司,10,50000,2026-12-31\n"), "A")
    assert (found["headroom"], "no_line" in codes(found["reasons"])) == ("49910.00", False)


@pytest.mark.parametrize(("bounced", "open_"), [("否", "40.00"), ("是", "100.00"), ("看情况", "100.00")])
def test_a_receipt_whose_return_cannot_be_read_has_not_arrived(ledger: Open, bounced: str, open_: str) -> None:
    rows = f"receipt_no,customer_id,invoice_no,amount,received_on,bounced\nR1,A,I1,60,2026-11-19,{bounced}\n"
    found = ask(ledger(payments=rows), "A")
    assert found["open"] == open_
    assert ("unreadable" in codes(found["reasons"])) == (bounced == "看情况")


def test_money_on_account_whose_return_cannot_be_read_is_not_unapplied(ledger: Open) -> None:
    rows = "receipt_no,customer_id,amount,received_on,bounced\nR1,A,60,2026-11-19,看情况\n"
    assert ask(ledger(payments=rows), "A")["unapplied"] == "0.00"


def test_totals_of_a_currency_are_null_where_somebody_s_figures_are_unknown(ledger: Open) -> None:
    bills = "invoice_no,customer_id,issued_on,due_on,amount,currency\nI1,A,2026-11-19,2026-12-19,100,CNY\n"
    desk = ledger(
        customers=DOLLARS, invoices=f"{bills}I2,A,2026-11-19,2026-12-19,5,USD\nI3,U,2026-11-01,2026-12-01,7,USD\n"
    )
    found = ageing_of(desk)["totals"]["by_currency"]
    assert (found["CNY"]["open"], found["CNY"]["ageing"]["not_due"], found["USD"]["open"]) == (None, None, "7.00")


def test_figures_in_the_customer_s_own_currency_are_shown_without_a_base_rate(ledger: Open) -> None:
    bills = "invoice_no,customer_id,issued_on,due_on,amount,currency\nI1,U,2026-11-01,2026-11-10,7,USD\n"
    found = ask(ledger(customers=DOLLARS, invoices=bills), "U")
    assert (found["verdict"], codes(found["reasons"])[0]) == (None, "rate_missing")
    assert (found["open"], found["overdue"], found["headroom"], found["score"]) == ("7.00", "7.00", "993.00", None)


CHECKED = "customer_id,checked_on,uscc_verified,references_prompt,references_adverse,rating,rating_on\n"


def test_a_stranger_who_paid_long_ago_still_has_to_be_explained(ledger: Open) -> None:
    customers = "customer_id,name,credit_limit,controller,known_payers\nA,甲公司,100000,张三,丙公司\n"
    paid = "receipt_no,customer_id,amount,received_on,payer\nR1,A,5,2019-01-01,{}\n"
    checks = f"{CHECKED}A,2026-11-01,是,,,,\n"
    found = [
        [veto for veto in ask(ledger(customers=customers, checks=checks, payments=paid.format(payer)), "A")["vetoes"]
         if veto["code"] == "V11" and veto["facts"]["problem"] == "third_party_payer"]
        for payer in ("乙公司", "丙公司", "甲公司")
    ]  # fmt: skip
    assert [len(one) for one in found] == [1, 0, 0]


@pytest.mark.parametrize(
    ("row", "points"), [("2,0,,", 2), ("1,0,,", 1), (",,good,2026-11-01", 2), (",,good,2020-01-01", 0), ("2,1,,", 0)]
)
def test_references_of_an_old_check_count_and_only_ratings_expire(ledger: Open, row: str, points: int) -> None:
    factors = ask(ledger(checks=f"{CHECKED}A,2020-01-01,是,{row}\n"), "A")["factors"]
    assert [one["points"] for one in factors if one["factor"] == "references"] == [points]
