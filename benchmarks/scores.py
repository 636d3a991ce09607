"""Answers with their score explained, against a pydantic object in and out per customer."""

import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from benchmarks.book import Files, Served, desk_over
from benchmarks.measure import Figure, compare
from flows.answers import answer_of
from flows.sync import sync

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


def main(home: Path, _: int) -> None:
    """Ours reads the rows, types them, scores, explains and makes the JSON contract; the peer validates and dumps."""
    files = Files(home)
    desk = desk_over(Served(f"{files.address}/body-3.json"), home / "state")
    sync(desk)
    files.close()
    view = desk.latest.view
    assert view is not None
    ids = desk.mirror.customer_ids()[:CUSTOMERS]
    bill = {
        "invoice_no": "INV1", "issued_on": 46000, "due_on": 46045, "amount": 1200.5, "currency": "CNY", "paid": 0.0,
        "settled_on": None,
    }  # fmt: skip
    factor = {"factor": "debt_ratio", "value": 41.5, "points": 4.0, "max": 5.0, "missing": False}
    row: dict[str, Any] = {"customer_id": "C1", "name": "x", "bills": [bill] * 10, "factors": [factor] * 26}
    figure = compare(
        "score, explained, of 1,000 customers",
        lambda: [answer_of(desk, view, one) for one in ids],
        lambda: [Peer.model_validate(row).model_dump_json() for _ in ids],
        1 / 25,
        3,
    )
    Figure(figure.path, figure.ratio, figure.at_most, figure.ours, figure.floor).tell()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
