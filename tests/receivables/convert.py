"""The public sample of late-payment histories as a ledger folder: `python -m tests.receivables.convert SRC DEST`."""

import csv
import sys
from datetime import date
from pathlib import Path

SOURCE = "accounts-receivable.csv"


def rows_of(source: Path) -> list[dict[str, str]]:
    """The sample's rows as they are."""
    with (source / SOURCE).open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def iso(text: str) -> str:
    """M/D/YYYY as ISO."""
    month, day, year = text.split("/")
    return date(int(year), int(month), int(day)).isoformat()


def convert(source: Path, folder: Path) -> Path:
    """customers, invoices and rates; amounts in USD, one dated rate."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = rows_of(source)
    _write(
        folder / "customers.csv",
        ["customer_id", "name", "currency", "credit_limit", "payment_days"],
        [[customer, customer, "USD", "5000", "30"] for customer in sorted({row["customerID"] for row in rows})],
    )
    _write(
        folder / "invoices.csv",
        ["invoice_no", "customer_id", "issued_on", "due_on", "amount", "currency", "disputed", "settled_on"],
        [
            [row["invoiceNumber"], row["customerID"], iso(row["InvoiceDate"]), iso(row["DueDate"]),
             row["InvoiceAmount"], "USD", row["Disputed"], iso(row["SettledDate"])]
            for row in rows
        ],
    )  # fmt: skip
    _write(folder / "rates.csv", ["currency", "as_of", "to_base"], [["USD", "2012-01-01", "6.30"]])
    return folder


def _write(path: Path, head: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([head, *rows])


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
