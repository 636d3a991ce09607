"""Small odd ledgers, from the files to the answer."""

from flows.ageing import ageing_of
from flows.ledger import all_notes
from tests.flows.small import CUSTOMERS, Open, ask, codes


def test_an_order_number_of_two_customers_counts_for_each_once(ledger: Open) -> None:
    orders = "order_no,customer_id,amount,status\nO1,A,30,open\nO1,B,40,open\n"
    desk = ledger(orders=orders)
    assert [ask(desk, one)["exposure"] for one in "AB"] == ["130.00", "40.00"]
    assert "duplicate_key" in codes(ask(desk, "B")["notes"])


DOLLARS = "customer_id,name,credit_limit,currency\nA,甲公司,100000,CNY\nU,US Co,1000,USD\n"
PENNIES = "invoice_no,customer_id,issued_on,due_on,amount,currency\nI1,A,2026-11-19,2026-12-19,100,CNY\n" + "".join(
    f"U{place},U,2026-11-01,2026-11-10,0.05,USD\n" for place in range(3)
)


def test_the_whole_book_in_base_adds_documents_that_were_rounded_one_by_one(ledger: Open) -> None:
    desk = ledger(customers=DOLLARS, invoices=PENNIES, rates="currency,as_of,to_base\nUSD,2026-11-18,7.10\n")
    base = ageing_of(desk)["totals"]["base"]
    assert (base["ageing"]["not_due"], base["ageing"]["1-30"], base["open"], base["overdue"]) == (
        "100.00", "1.08", "101.08", "1.08",
    )  # fmt: skip


def test_ageing_in_the_customer_s_own_currency_needs_no_rate(ledger: Open) -> None:
    found = ageing_of(ledger(customers=DOLLARS, invoices=PENNIES))
    assert [(row["currency"], row["open"]) for row in found["rows"]] == [("CNY", "100.00"), ("USD", "0.15")]
    assert found["totals"]["by_currency"]["USD"]["open"] == "0.15"
    assert (found["totals"]["base"]["open"], found["totals"]["base"]["ageing"]["1-30"]) == (None, None)


def test_rows_that_repeat_a_key_are_named_in_every_tab(ledger: Open) -> None:
    desk = ledger(
        customers=CUSTOMERS + "A,甲公司,100000,30\nB,乙公司,5,30\n",
        rates="currency,as_of,to_base\nUSD,2026-11-18,7.10\nUSD,2026-11-18,7.20\n",
        industries="industry,outlook\n机械,low\n机械,low\n",
        blacklist="uscc,name\n,丙公司\n,丙公司\n",
        suppliers="supplier_id,name\nS1,丁\nS1,戊\n",
        partners="partner_id,name\nP1,丁\nP1,丁\n",
    )
    found = {(note.tab, note.code) for note in all_notes(desk) if note.code.startswith("duplicate")}
    assert found == {
        ("customers", "duplicate_row"), ("customers", "duplicate_key"), ("rates", "duplicate_key"),
        ("industries", "duplicate_row"), ("blacklist", "duplicate_row"), ("suppliers", "duplicate_key"),
        ("partners", "duplicate_row"),
    }  # fmt: skip
    assert codes(ask(desk, "A")["notes"]) == ["duplicate_row"]
    assert "duplicate_key" in codes(ask(desk, "B")["notes"])


def test_a_parent_that_makes_no_group_is_named_in_the_answer(ledger: Open) -> None:
    rows = "customer_id,name,credit_limit,parent_id\nA,甲公司,100000,B\nB,乙公司,100000,A\nC,丙公司,100000,NOBODY\nD,丁公司,9,\n"
    desk = ledger(customers=rows)
    assert [codes(ask(desk, one)["notes"]) for one in "ABCD"] == [
        ["parent_cycle"],
        ["parent_cycle"],
        ["parent_unknown"],
        [],
    ]


def test_an_invoices_tab_that_cannot_be_read_gives_no_verdict(ledger: Open) -> None:
    found = ask(ledger(invoices="invoice_no,amount\nI1,5\n"), "A")
    assert (found["verdict"], codes(found["reasons"])[0], found["open"]) == (None, "no_invoices", None)


def test_without_an_invoices_tab_nothing_is_green(ledger: Open) -> None:
    payments = "receipt_no,customer_id,amount,received_on\nR1,A,5,2026-11-19\n"
    found = ask(ledger(invoices="", payments=payments), "A")
    assert (found["verdict"], codes(found["reasons"])) == ("approval", ["invoices_missing"])


def test_ageing_is_unknown_where_the_invoices_cannot_be_read(ledger: Open) -> None:
    desk = ledger(invoices="invoice_no,amount\nI1,5\n")
    found = ageing_of(desk)
    assert {(row["open"], row["overdue"], row["ageing"]["1-30"], row["max_days_overdue"]) for row in found["rows"]} == {
        (None, None, None, None)
    }
    assert [found["totals"]["base"]["open"], found["totals"]["by_currency"]["CNY"]["unapplied"]] == [None, None]
    assert len(found["rows"]) == 2
