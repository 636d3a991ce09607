"""`python -m sandbox.demo DEST [--on DAY] [--seed N]`: the demo ledger as a folder of CSV."""

import argparse
import csv
from datetime import date
from pathlib import Path

from sandbox.demo.book import Tables, make_book, today


def write_folder(tables: Tables, folder: Path) -> None:
    """One <tab>.csv each, keys as headers."""
    folder.mkdir(parents=True, exist_ok=True)
    for tab, rows in tables.items():
        columns = list(dict.fromkeys(key for row in rows for key in row))
        with (folder / f"{tab}.csv").open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, columns)
            writer.writeheader()
            writer.writerows({key: "" if value is None else value for key, value in row.items()} for row in rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--on", type=date.fromisoformat, default=today())
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    write_folder(make_book(chosen.on, chosen.seed), chosen.folder)
