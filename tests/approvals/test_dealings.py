"""What was done about a debt: what can be true, what it proves, how long a dispute counts, who has done nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.dealings import (
    WAYS,
    Dealing,
    DealingError,
    checked,
    disputes_in,
    idle_days,
    invoices_of,
    letters_now,
    proofs_in,
    unproven,
)
from approvals.dunning import Dunning, dunning
from scoring.errors import DeskError
from tests.builders import account, figures, invoice, policy

ON = date(2026, 11, 20)
ROWS = (invoice("I1", 1000, due=ON - timedelta(days=40)), invoice("I2", 500, due=ON + timedelta(days=5)))


def stood(*dealings: Dealing, on: date = ON) -> Dunning:
    position = figures(*ROWS, on=on, today=on)
    return dunning(position, account(*ROWS), "C", policy(), on, proofs_in(dealings, on), disputes_in(dealings, on))


def dealing(kind: Any = "sent", **more: Any) -> Dealing:
    fields: dict[str, Any] = {
        "dealing_id": "CL-2026-000001", "customer_id": "C1", "kind": kind, "day": ON, "person": "lin",
        "made_at": datetime(2026, 11, 20, tzinfo=UTC), "invoices": ("I1",), "letter": "demand" if kind == "sent" else "",
        "way": "express",
    }  # fmt: skip
    return Dealing(**{**fields, **more})


def refused(one: Dealing) -> str:
    try:
        checked(one, stood(), policy(), ON, ["wang"])
    except DealingError as wrong:
        return f"{wrong.facts['field']}:{wrong.code}"
    return ""


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (dealing(), ""),
        (dealing(day=ON + timedelta(days=1)), "day:dealing_day"),
        (dealing(day=ON - timedelta(days=366)), ""),
        (dealing(day=ON - timedelta(days=367)), "day:dealing_day"),
        (dealing(invoices=()), "letter:dealing_nothing_due"),
        (dealing(invoices=("I9",)), "invoice:dealing_invoice"),
        (dealing("promise", until=ON, amount=Decimal(1)), ""),
        (dealing("promise", until=ON - timedelta(days=1), amount=Decimal(1)), "until:dealing_until"),
        (dealing("promise", until=None), "until:dealing_until"),
        (dealing("promise", until=ON + timedelta(days=180)), ""),
        (dealing("promise", until=ON + timedelta(days=181)), "until:dealing_until"),
        (dealing("promise", until=ON, amount=Decimal(1000)), ""),
        (dealing("promise", until=ON, amount=Decimal("1000.01")), "amount:dealing_amount"),
        (dealing("promise", until=ON, amount=Decimal(0)), "amount:dealing_amount"),
        (dealing("promise", until=ON, amount=Decimal(1500), invoices=()), ""),
        (dealing("dispute", owner="wang"), ""),
        (dealing("dispute", owner="nobody"), "owner:dealing_owner"),
        (dealing("dispute", owner="wang", invoices=()), "invoice:dealing_invoice"),
        (dealing("dispute", owner="wang", amount=Decimal(1001)), "amount:dealing_amount"),
    ],
)  # fmt: skip
def test_what_cannot_be_true_is_refused_at_its_question(one: Dealing, said: str) -> None:
    assert refused(one) == said


def test_a_dispute_leaves_dunning_for_fifteen_days_and_is_not_set_off_twice() -> None:
    one = checked(dealing("dispute", owner="wang", amount=Decimal(400)), stood(), policy(), ON, ["wang"])
    assert one.until == ON + timedelta(days=15)
    for days, overdue in ((0, 600), (15, 600), (16, 1000)):
        on = ON + timedelta(days=days)
        position = figures(ROWS[0], on=on, today=on)
        found = dunning(position, account(ROWS[0]), "C", policy(), on, {}, disputes_in([one], on))
        assert found.overdue == overdue
        assert position.open == 1000
    whole = replace(one, amount=None)
    assert stood(whole).stage == 0
    assert stood(whole, whole).disputed == 1000
    assert stood(one.ended("wang", ON)).overdue == 1000
    with pytest.raises(DeskError):
        one.ended("wang", ON).ended("wang", ON)
    with pytest.raises(DeskError):
        dealing().ended("wang", ON)


@pytest.mark.parametrize(
    ("one", "since"),
    [
        (dealing(), ON),
        (dealing(letter="reminder", way="email"), ON),
        (dealing(way="phone"), ON - timedelta(days=40)),
        (dealing(letter="statement"), ON - timedelta(days=40)),
        (dealing("acknowledged", way="phone"), ON),
        (dealing("promise"), ON - timedelta(days=40)),
        (dealing(invoices=("I2",)), ON - timedelta(days=40)),
    ],
)  # fmt: skip
def test_what_begins_the_limitation_period_anew(one: Dealing, since: date) -> None:
    assert stood(one).claims[0].limitation.since == since


def test_a_letter_is_about_what_was_owed_on_its_day() -> None:
    found = stood()
    assert invoices_of(found, "demand", ON) == ("I1",)
    assert invoices_of(found, "demand", ON - timedelta(days=40)) == ()
    assert invoices_of(found, "due_notice", ON) == ("I2",)
    assert invoices_of(found, "statement", ON) == invoices_of(found, "", ON) == ("I1", "I2")


def test_a_demand_letter_that_never_went_out_can_still_be_sent_before_the_lawyers() -> None:
    assert letters_now(stood(), []) == ("demand", "statement")
    found = stood(on=ON + timedelta(days=20))
    assert letters_now(found, []) == ("lawyer", "statement", "demand")
    assert letters_now(found, [dealing(letter="reminder")]) == ("lawyer", "statement", "demand")
    assert letters_now(found, [dealing(day=ON - timedelta(days=40))]) == ("lawyer", "statement", "demand")
    assert letters_now(found, [dealing()]) == ("lawyer", "statement")


def test_the_letter_of_the_stage_is_wanted_until_something_shows_that_it_went_out() -> None:
    found = stood()
    assert (found.stage, found.began_on) == (4, ON - timedelta(days=10))
    assert unproven(found, []) == "demand"
    assert unproven(found, [dealing(letter="reminder")]) == "demand"
    assert unproven(found, [dealing(day=ON - timedelta(days=11))]) == "demand"
    assert unproven(found, [dealing(day=ON - timedelta(days=10))]) is None


@pytest.mark.parametrize(
    ("acts", "days"),
    [
        ([], 30),
        ([dealing(day=date(2026, 11, 17))], 3),
        ([dealing(day=date(2026, 11, 18))], 2),
        ([dealing(day=ON)], 0),
        ([dealing(day=ON + timedelta(days=1))], 30),
        ([dealing("promise", day=date(2026, 11, 2), until=date(2026, 11, 17))], 3),
        ([dealing("promise", day=date(2026, 11, 2), until=date(2026, 12, 17))], 0),
        ([dealing("dispute", day=date(2026, 11, 2), until=date(2026, 11, 17), ended_on=date(2026, 11, 13))], 5),
    ],
)  # fmt: skip
def test_working_days_without_action(acts: list[Dealing], days: int) -> None:
    assert min(30, idle_days(60, acts, ON)) == days
    assert idle_days(0, acts, ON) == 0


@given(
    st.lists(
        st.tuples(st.integers(-30, 30), st.sampled_from(WAYS), st.sampled_from(["sent", "acknowledged", "dispute"])),
        max_size=6,
    ),
    st.integers(0, 40),
)  # fmt: skip
def test_what_is_done_never_shortens_the_limitation_nor_raises_what_is_demanded(
    acts: list[tuple[int, Any, Any]], later: int
) -> None:
    on = ON + timedelta(days=later)
    done = [
        dealing(kind, day=ON + timedelta(days=offset), way=way, until=ON + timedelta(days=offset + 15))
        for offset, way, kind in acts
    ]
    with_, without = stood(*done, on=on), stood(on=on)
    assert with_.overdue <= without.overdue
    assert (with_.stage or -1) <= (without.stage or -1)
    for one, bare in zip(with_.claims, without.claims, strict=True):
        assert one.limitation.expires_on >= bare.limitation.expires_on
        assert one.demanded + one.disputed == bare.demanded + bare.disputed == one.open
