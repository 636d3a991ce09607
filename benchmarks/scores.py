"""The whole book scored, every factor explained, against a pydantic object in and out per customer."""

import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from benchmarks.book import Files, Served, desk_over
from benchmarks.measure import Figure, median_of
from flows.answers import answer_of
from flows.sync import sync
from schedules.jobs import fill_all
from scoring.rescore import BookScores

CUSTOMERS = 1000


class Bill(BaseModel):
    """An invoice as a bot would declare it."""

    invoice_no: str
    issued_on: int
    due_on: int
    amount: float
    currency: str
    paid: float
    settled_on: int | None


class Factor(BaseModel):
    """One line of an explanation."""

    factor: str
    value: float | str | None
    points: float
    max: float
    missing: bool


class Peer(BaseModel):
    """A customer with his invoices in, and 26 factors out."""

    customer_id: str
    name: str
    bills: list[Bill]
    factors: list[Factor]


def main(home: Path, customers: int) -> None:
    """Ours reads the kept facts of everybody and has every factor's value and points; the peer validates and dumps."""
    files = Files(home)
    desk = desk_over(Served(f"{files.address}/body-3.json"), home / "state")
    sync(desk)
    files.close()
    fill_all(desk, 3600)
    view = desk.latest.view
    assert view is not None
    bill = {
        "invoice_no": "INV1", "issued_on": 46000, "due_on": 46045, "amount": 1200.5, "currency": "CNY", "paid": 0.0,
        "settled_on": None,
    }  # fmt: skip
    factor = {"factor": "debt_ratio", "value": 41.5, "points": 4.0, "max": 5.0, "missing": False}
    row: dict[str, Any] = {"customer_id": "C1", "name": "x", "bills": [bill] * 10, "factors": [factor] * 26}

    def ours() -> BookScores:
        return BookScores(desk.mirror.facts(view.stamp)[1], desk.policy)

    scores = ours()
    assert len(scores) == customers, len(scores)
    assert len(scores.explain(customers // 2)) == 26
    whole = median_of(ours, 5) / customers
    peer = median_of(lambda: [Peer.model_validate(row).model_dump_json() for _ in range(CUSTOMERS)], 5) / CUSTOMERS
    Figure("score of the whole book, explained, a customer", whole / peer, 1 / 25, whole, peer).tell()
    ids = desk.mirror.customer_ids()[:CUSTOMERS]
    one = median_of(lambda: [answer_of(desk, view, customer) for customer in ids], 3) / CUSTOMERS
    print(f"a whole answer made anew from the rows, JSON included: {one * 1e6:.0f} us")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
