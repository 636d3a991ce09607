"""The whole book's ageing by customer against DuckDB over the same table, whole and after one percent changed."""

import sys
from pathlib import Path
from typing import Any

import duckdb
import orjson
import requests

from benchmarks.book import SERIAL, Files, Served, change, desk_over
from benchmarks.measure import Figure, median_of
from flows.ageing import ageing_of, totals_of
from flows.sync import sync

_LINES = ((-10_000, 0), (1, 30), (31, 60), (61, 90), (91, 180), (181, 365), (366, 10_000))
_SUMS = ", ".join(
    f"sum(case when {SERIAL} - due between {low} and {high} then amount - paid else 0 end)" for low, high in _LINES
)
QUERY = f"select customer, {_SUMS}, sum(amount - paid) from bills where amount > paid group by customer"

TOTALS = QUERY.replace("select customer, ", "select ").removesuffix(" group by customer")


def main(home: Path, customers: int) -> None:
    """Ours is ready for JSON, every amount as text; DuckDB's rows are what its driver hands out."""
    files = Files(home)
    source = Served(f"{files.address}/body-3.json")
    desk = desk_over(source, home / "state")
    sync(desk)
    base = table(requests.get(source.address, timeout=60).content)
    floor = median_of(lambda: base.execute(QUERY).fetchall(), 7)
    ours = median_of(lambda: ageing_of(desk), 5)
    Figure("ageing of the whole book, by customer, ready for JSON", ours / floor, 8, ours, floor).tell()
    (home / "body-4.json").write_bytes(change((home / "body-3.json").read_bytes(), customers // 10))
    source.address = f"{files.address}/body-4.json"
    sync(desk)
    files.close()
    again = median_of(lambda: base.execute(TOTALS).fetchall(), 7)
    after = median_of(lambda: totals_of(desk), 7)
    Figure("ageing of the whole book, totals, after 1 % changed", after / again, 0.6, after, again).tell()


def table(body: bytes) -> Any:
    """The invoices as a DuckDB table."""
    import numpy as np

    bills = orjson.loads(body)["valueRanges"][1]["values"][1:]
    columns = {
        "customer": np.array([row[1] for row in bills], dtype=object),
        "due": np.array([row[3] for row in bills], dtype=np.int32),
        "amount": np.array([row[4] for row in bills], dtype=np.float64),
        "paid": np.array([row[6] for row in bills], dtype=np.float64),
    }
    base = duckdb.connect()
    base.register("given", columns)
    base.execute("create table bills as select * from given")
    return base


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
