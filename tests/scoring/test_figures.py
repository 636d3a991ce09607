"""POLICY 0, sentence by sentence: paid at D, open, ageing, disputes, orders, deposits, limits, currencies."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ledger import Rate
from tests.builders import DAY, codes, deposit, figures, invoice, order, receipt

LATE = DAY - timedelta(days=10)
USD: dict[str, tuple[Rate, ...]] = {"USD": (Rate(currency="USD", as_of=date(2026, 11, 18), to_base=Decimal("7.10")),)}


def test_receipts_by_the_day_pay_an_invoice() -> None:
    rows = (invoice("I1", 1000), receipt("R1", 300, LATE, "I1"), receipt("R2", 200, DAY + timedelta(days=1), "I1"))
    assert figures(*rows).open == 700


def test_bounced_receipt_pays_nothing_and_is_taken_off_a_paid_cell_that_contains_it() -> None:
    found = figures(
        invoice("I1", 1000, paid=Decimal(500)),
        receipt("R1", 300, LATE, "I1"),
        receipt("R2", 200, LATE, "I1", bounced=True),
    )
    assert found.open == 700
    assert "paid_includes_bounced" in codes(found.notes)


def test_today_a_filled_paid_cell_wins_over_a_different_sum_with_a_note() -> None:
    rows = (invoice("I1", 1000, paid=Decimal(900)), receipt("R1", 300, LATE, "I1"))
    assert figures(*rows).open == 100
    assert "paid_mismatch" in codes(figures(*rows).notes)
    assert figures(*rows, today=DAY + timedelta(days=5)).open == 700


def test_settled_day_decides_without_receipts() -> None:
    assert figures(invoice("I1", 1000, settled_on=DAY)).open == 0
    assert figures(invoice("I1", 1000, settled_on=DAY + timedelta(days=1)), today=DAY + timedelta(days=9)).open == 1000


def test_settled_by_date_but_paid_short_stays_open_with_a_note() -> None:
    found = figures(invoice("I1", 1000, paid=Decimal(600), settled_on=LATE))
    assert found.open == 400
    assert "settled_but_open" in codes(found.notes)


def test_paid_in_full_without_a_settled_day_is_closed_and_left_out_of_behaviour() -> None:
    found = figures(invoice("I1", 1000, paid=Decimal(1000)))
    assert (found.open, found.settled) == (0, ())
    assert "settled_on_missing" in codes(found.notes)


def test_what_is_paid_beyond_the_amount_is_unapplied() -> None:
    found = figures(
        invoice("I1", 1000), receipt("R1", 1250, LATE, "I1"), receipt("R2", 70, LATE), receipt("R3", 30, LATE, "ELSE")
    )
    assert (found.open, found.unapplied) == (0, 350)


def test_credit_note_is_unapplied_unless_it_names_an_invoice() -> None:
    assert figures(invoice("I1", 1000), invoice("N1", -300)).unapplied == 300
    named = figures(invoice("I1", 1000), invoice("N1", -300, order_no="I1"))
    assert (named.open, named.unapplied) == (700, 0)
    larger = figures(invoice("I1", 200), invoice("N1", -300, order_no="I1"))
    assert (larger.open, larger.unapplied) == (0, 100)


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(-1, "not_due"), (0, "not_due"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"), (90, "61-90"),
     (91, "91-180"), (180, "91-180"), (181, "181-365"), (365, "181-365"), (366, "over-365")],
)  # fmt: skip
def test_bucket_by_days_past_due(days: int, bucket: str) -> None:
    found = figures(invoice("I1", 1000, due=DAY - timedelta(days=days), issued=date(2020, 1, 1)))
    assert {name for name, amount in found.ageing.items() if amount} == {bucket}


@pytest.mark.parametrize(("age", "overdue"), [(15, 400), (16, 1000)])
def test_dispute_leaves_overdue_until_it_is_too_old_and_stays_in_open(age: int, overdue: int) -> None:
    found = figures(
        invoice(
            "I1", 1000, due=LATE, disputed=True, disputed_amount=Decimal(600), disputed_on=DAY - timedelta(days=age)
        )
    )
    assert (found.open, found.overdue, found.disputed) == (1000, overdue, 600)


def test_dispute_without_amount_is_the_whole_and_without_day_stays_with_a_note() -> None:
    found = figures(invoice("I1", 1000, due=LATE, disputed=True))
    assert (found.overdue, found.max_days_overdue) == (0, 0)
    assert "dispute_undated" in codes(found.notes)


def test_due_day_is_derived_from_terms_else_from_the_issue_day() -> None:
    issued = DAY - timedelta(days=40)
    assert figures(invoice("I1", 1000, due=None, issued=issued)).max_days_overdue == 10
    assert figures(invoice("I1", 1000, due=None, issued=issued), payment_days=None).max_days_overdue == 40
    undated = figures(invoice("I1", 1000, due=LATE, issued=None))
    assert (undated.ageing["not_due"], undated.exposure) == (1000, 1000)


def test_order_and_its_invoice_are_never_counted_twice() -> None:
    rows = (order("O1", 1000, invoiced=Decimal(300)), invoice("I1", 400, order_no="O1"))
    assert figures(*rows).exposure == 1000
    assert figures(order("O1", 1000, prepaid=Decimal(1200))).orders == 0


@pytest.mark.parametrize(
    ("said", "counts"),
    [({}, True), ({"status": "shipped"}, True), ({"status": "invoiced"}, False), ({"status": "cancelled"}, False),
     ({"release": "requested"}, False), ({"release": "refused"}, False), ({"release": "released"}, True),
     ({"deliver_on": DAY + timedelta(days=180)}, True), ({"deliver_on": DAY + timedelta(days=181)}, False),
     ({"ordered_on": DAY + timedelta(days=1)}, False)],
)  # fmt: skip
def test_which_orders_count(said: dict[str, object], *, counts: bool) -> None:
    assert figures(order("O1", 500, **said)).orders == (500 if counts else 0)


def test_deposit_reduces_exposure_until_its_last_good_day() -> None:
    assert figures(invoice("I1", 1000), deposit(300, expires_on=DAY)).exposure == 700
    assert figures(invoice("I1", 1000), deposit(300, expires_on=DAY - timedelta(days=1))).exposure == 1000


def test_temporary_limit_is_an_addition_while_its_last_day_lasts() -> None:
    given_limit: dict[str, Any] = {"temp_limit": Decimal(20_000)}
    assert figures(**given_limit, temp_limit_expires_on=DAY).limit == 120_000
    assert figures(**given_limit, temp_limit_expires_on=DAY - timedelta(days=1)).limit == 100_000
    assert figures(**given_limit).limit == 100_000
    assert figures(credit_limit=None).headroom is None
    assert figures(credit_limit=Decimal(0)).utilisation is None


def test_foreign_documents_are_converted_one_by_one_and_a_missing_rate_is_never_one() -> None:
    assert figures(
        invoice("I1", "10.01", currency="USD"), invoice("I2", "10.01", currency="USD"), rates=USD
    ).open == Decimal("142.14")
    assert figures(invoice("I1", 10, currency="EUR"), rates=USD).missing_rates == ("EUR",)


def test_base_figures_round_each_document_and_need_the_rate_of_the_customer_s_currency() -> None:
    pennies = [invoice(f"I{place}", "0.05", due=LATE) for place in range(3)]
    found = figures(*pennies, receipt("R1", "0.05", LATE), order("O1", "0.05"), rates=USD, currency="USD")
    assert (found.open_base, found.exposure_base) == (Decimal("1.08"), Decimal("1.08"))
    assert found.base_figures is not None
    assert [found.base_figures[name] for name in ("1-30", "overdue", "unapplied")] == [
        Decimal("1.08"), Decimal("1.08"), Decimal("0.36"),
    ]  # fmt: skip
    unknown = figures(*pennies, currency="USD")
    assert (unknown.own_known, unknown.open, unknown.base_figures, unknown.missing_rates) == (
        True, Decimal("0.15"), None, ("USD",),
    )  # fmt: skip
    assert not figures(invoice("I1", 5, currency="CNY"), currency="USD").own_known


def test_of_two_rates_of_one_day_the_higher_one_counts() -> None:
    twice = {"USD": tuple(replace(USD["USD"][0], to_base=Decimal(rate)) for rate in ("7.10", "7.20", "7.15"))}
    assert figures(invoice("I1", 100, currency="USD"), rates=twice).open == 720


def test_receipt_in_another_currency_counts_in_that_of_the_invoice_it_names() -> None:
    assert figures(invoice("I1", 1000), receipt("R1", 50, LATE, "I1", currency="USD"), rates=USD).open == Decimal(645)
    bill = invoice("I1", 100, currency="USD")
    paid_in_yuan = figures(bill, receipt("R1", 710, LATE, "I1"), rates=USD)
    assert (paid_in_yuan.open, paid_in_yuan.unapplied) == (0, 0)
    too_much = figures(bill, receipt("R1", 781, LATE, "I1", currency="CNY"), rates=USD)
    assert (too_much.open, too_much.unapplied) == (0, 71)
    assert figures(bill, receipt("R1", 50, LATE, "I1", currency="EUR"), rates=USD).missing_rates == ("EUR",)


def test_less_favourable_of_two_differing_rows_counts() -> None:
    found = figures(invoice("I1", 1000, row=5), invoice("I1", 900, row=6))
    assert found.open == 1000
    assert "duplicate_key" in codes(found.notes)
    assert figures(invoice("I1", 1000, row=5), invoice("I1", 1000, row=6)).open == 1000
    assert figures(invoice("I1", 1000), receipt("R1", 300, LATE, "I1"), receipt("R1", 200, LATE, "I1")).open == 800


def test_money_without_a_day_has_not_arrived_unless_the_paid_cell_says_so_today() -> None:
    undated = receipt("R1", 400, None, "I1")
    found = figures(invoice("I1", 1000), undated, receipt("R2", 50, None))
    assert (found.open, found.unapplied) == (1000, 0)
    assert codes(found.notes) == ["received_on_missing", "received_on_missing"]
    assert figures(invoice("I1", 1000, paid=Decimal(400)), undated).open == 600
    assert figures(invoice("I1", 1000, paid=Decimal(400)), undated, today=DAY + timedelta(days=1)).open == 1000
    bounced = receipt("R3", 300, None, "I1", bounced=True)
    taken_off = figures(invoice("I1", 1000, paid=Decimal(700)), undated, bounced)
    assert (taken_off.open, "paid_includes_bounced" in codes(taken_off.notes)) == (600, True)


def test_rows_without_a_number_are_nobody_s_double() -> None:
    bills = (invoice("", 1000, row=5), invoice("", 1000, row=6))
    money_in = (receipt("", 30, LATE, row=7), receipt("", 30, LATE, row=8))
    found = figures(*bills, *money_in)
    assert (found.open, found.unapplied) == (2000, 60)


def test_unreadable_terms_matter_where_a_due_day_had_to_be_derived_from_them() -> None:
    said: dict[str, Any] = {"payment_days": None, "unread": frozenset({"payment_days"})}
    assert [source.tab for source in figures(invoice("I1", 5, due=None), **said).unread] == ["customers"]
    assert figures(invoice("I1", 5), **said).unread == ()
    assert figures(invoice("I1", 5, due=None, settled_on=LATE), **said).unread == ()


def test_unreadable_cell_of_an_open_invoice_is_named() -> None:
    assert figures(invoice("I1", 1000, unread=frozenset({"due_on"}))).unread != ()
    assert figures(invoice("I1", 1000, settled_on=LATE, unread=frozenset({"due_on"}))).unread == ()


DOCUMENTS = st.lists(
    st.tuples(
        st.integers(1, 99_999),
        st.integers(-400, 60),
        st.integers(0, 120_000),
        st.booleans(),
        st.integers(0, 40),
        st.booleans(),
    ),
    max_size=8,
)


@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_sums_hold_whatever_the_documents_and_their_order(
    documents: list[tuple[int, int, int, bool, int, bool]], shuffled: object
) -> None:
    rows: list[object] = []
    for place, (amount, offset, paid, disputed, age, credit) in enumerate(documents):
        due = DAY + timedelta(days=offset)
        sign = -1 if credit else 1
        rows.append(
            invoice(
                f"I{place}",
                sign * amount,
                due=due,
                issued=due - timedelta(days=30),
                disputed=disputed,
                disputed_on=DAY - timedelta(days=age),
            )
        )
        if paid and not credit:
            rows.append(receipt(f"R{place}", paid, DAY - timedelta(days=age), f"I{place}"))
    found = figures(*rows)
    assert sum(found.ageing.values()) == found.open
    assert 0 <= found.overdue <= found.open
    assert found.unapplied >= 0
    assert found.exposure == found.open + found.orders - found.unapplied - found.deposits
    mixed = list(rows)
    shuffled.shuffle(mixed)  # type: ignore[attr-defined]
    again = figures(*mixed)
    assert (again.open, again.overdue, again.ageing, again.unapplied) == (
        found.open,
        found.overdue,
        found.ageing,
        found.unapplied,
    )
