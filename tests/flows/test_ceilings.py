"""Amounts, rates and sums at their ceilings: below it they count, beyond it nothing is known and nothing is green."""

import pytest

from flows.ageing import ageing_of
from flows.desk import Desk
from flows.ledger import all_notes
from flows.rollups import refresh_rollups
from scoring.money import LARGEST_SUM, to_minor
from storage.rollups import whole
from storage.schema import FIGURES
from storage.totals import add_up, put_on, take_off, totals_of
from tests.flows.small import Open, ask, codes

BILL = "invoice_no,customer_id,issued_on,due_on,amount{}\n"
DOLLARS = "customer_id,name,credit_limit,currency\nA,甲公司,100000,CNY\nU,US Co,1000,USD\n"
DEBT = "invoice_no,customer_id,issued_on,due_on,amount,currency\nI1,U,2026-11-01,2026-12-10,7,USD\nI2,A,2026-11-01,2026-12-10,1,CNY\n"
LIMIT = 10**12


@pytest.mark.parametrize(
    ("typed", "open_", "note"),
    [
        ("99999999.99", "999999999900.00", None), ("99999999.9999", "999999999999.00", None),
        ("100000000", "0.00", "amount_too_long"), ("99999999999", "0.00", "amount_too_long"),
        ("-100000000", "0.00", "amount_too_long"), ("9999亿", "999900000000.00", None),
    ],
)  # fmt: skip
def test_an_amount_under_a_header_in_ten_thousands_has_the_same_ceiling(
    ledger: Open, typed: str, open_: str, note: str | None
) -> None:
    bills = f"发票号,客户编号,开票日,到期日,金额（万元）\nI1,A,2026-11-19,2026-12-19,{typed}\n"
    desk = ledger(invoices=bills, customers=f"customer_id,name,credit_limit\nA,甲公司,{LIMIT - 1}\n")
    found = ask(desk, "A")
    assert found["open"] == open_
    assert [one.code for one in all_notes(desk) if one.tab == "invoices"] == ([] if note is None else [note])
    assert (found["verdict"], "unreadable" in codes(found["reasons"])) == (
        ("approval", True) if note else (found["verdict"], False)
    )


@pytest.mark.parametrize(
    ("rate", "known"),
    [("1000000", True), ("999999.9", True), ("1000000.01", False), ("999999999999", False),
     ("0.000001", True), ("0.0000009", False), ("0", False)],
)  # fmt: skip
def test_a_rate_beyond_sense_is_no_rate(ledger: Open, rate: str, known: bool) -> None:
    desk = ledger(customers=DOLLARS, invoices=DEBT, rates=f"currency,as_of,to_base\nUSD,2026-11-18,{rate}\n")
    found = ask(desk, "U")
    assert ("rate_missing" in codes(found["reasons"])) is not known
    assert (found["verdict"] is None) is not known
    refused = "rate_not_positive" if rate == "0" else "rate_out_of_range"
    assert [one.code for one in all_notes(desk) if one.tab == "rates"] == ([] if known else [refused])
    assert (ageing_of(desk)["totals"]["base"]["open"] is None) is not known


@pytest.mark.parametrize(
    ("rows", "known"),
    [
        ("USD,2026-11-18,7.1\nUSD,2026-11-19,71000000\n", False), ("USD,2026-11-18,7.1\nUSD,2026-11-19,\n", True),
        ("USD,2026-11-18,7.1\nUSD,2026-11-18,71000000\n", False), ("USD,2026-11-19,7.1\nUSD,2026-11-18,七\n", True),
        ("USD,2026-11-18,7.1\nUSD,2026-12-19,71000000\n", True),
    ],
)  # fmt: skip
def test_an_older_rate_does_not_stand_in_for_the_newest_that_cannot_be_read(
    ledger: Open, rows: str, known: bool
) -> None:
    desk = ledger(customers=DOLLARS, invoices=DEBT, rates=f"currency,as_of,to_base\n{rows}")
    assert ("rate_missing" in codes(ask(desk, "U")["reasons"])) is not known


def _owing(ledger: Open, yuan: int) -> Desk:
    """A desk whose customer A owes that much, in pieces, with as much unapplied."""
    whole_ones, rest = divmod(yuan, LIMIT - 1)
    amounts = [*[LIMIT - 1] * whole_ones, rest]
    bills = "".join(f"I{n},A,2026-11-19,2026-12-19,{amount}\n" for n, amount in enumerate(amounts))
    paid = "".join(f"R{n},A,{amount},2026-11-19\n" for n, amount in enumerate(amounts))
    return ledger(
        invoices=BILL.format("") + bills,
        payments="receipt_no,customer_id,amount,received_on\n" + paid,
        orders="order_no,customer_id,amount,status\nO1,A,1,open\n",
    )


@pytest.mark.parametrize(("more", "known"), [(-1, True), (0, True), (1, False)])
def test_a_sum_that_cannot_be_kept_is_unknown_and_never_green(ledger: Open, more: int, known: bool) -> None:
    yuan = int(LARGEST_SUM) + more
    desk = _owing(ledger, yuan)
    found, table = ask(desk, "A"), ageing_of(desk)
    shown = f"{yuan}.00" if known else None
    assert (found["open"], found["unapplied"], found["headroom"]) == (shown, shown, "99999.00" if known else None)
    assert (found["verdict"], codes(found["reasons"])[:1]) == (
        (found["verdict"], []) if known else (None, ["figures_too_large"])
    )
    assert (found["grade_reason"] == "figures_too_large") is not known
    assert [row["open"] for row in table["rows"]] == [shown, "0.00"]
    assert (table["totals"]["base"]["open"], table["totals"]["by_currency"]["CNY"]["open"]) == (shown, shown)


def test_totals_of_the_book_that_do_not_fit_are_unknown_and_come_back(ledger: Open) -> None:
    desk = ledger()
    refresh_rollups(desk)
    largest = to_minor(LARGEST_SUM)
    figures = ", ".join(f"{name} = {largest}" for name in FIGURES)
    owner = desk.mirror.owner("A")
    copies = ("owner", "currency", "row", "customer_id", "name", *FIGURES, "open_base")
    with desk.mirror.writing() as connection:
        connection.execute(f"update rollups set {figures}, open_base = {largest}")  # noqa: S608
        for more, known in ((2, True), (3, False)):
            for number in range(900, 900 + more):
                connection.execute(
                    f"insert or replace into rollups ({', '.join(copies)}) select {number}, "  # noqa: S608
                    f"{', '.join(copies[1:])} from rollups where owner = {owner}"
                )
            add_up(connection)
            assert (totals_of(connection)[0].own is not None, whole(connection).open_base is not None) == (known, known)
        connection.execute("insert into touched (owner) values (902)")
        take_off(connection)
        connection.execute("delete from rollups where owner = 902")
        put_on(connection)
        found = totals_of(connection)[0].own
        assert (found, whole(connection).open_base) == ((4 * (largest or 0),) * len(FIGURES), 4 * (largest or 0))
