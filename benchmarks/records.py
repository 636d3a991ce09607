"""Against a bot that calls `get_all_records()` per question: 100,000 rows, network time zero."""

import statistics
import sys
import time
from pathlib import Path
from typing import Any

import gspread
import orjson
from gspread.http_client import HTTPClient

from benchmarks.answers import in_process, our_app
from benchmarks.book import Files, Served, desk_over
from benchmarks.measure import Figure
from flows.access import Reader
from flows.cards import keep_card
from flows.sync import sync
from handlers.later import Later
from handlers.readers import Readers

ROWS = 100_000


class Ready(HTTPClient):
    """Google's answer as it would arrive, without the way there."""

    body: bytes = b""

    def request(self, *_: Any, **__: Any) -> Any:
        """The same answer whatever is asked."""
        return self

    def json(self) -> Any:
        """Decoding is part of the bot's work."""
        return orjson.loads(self.body)


def main(home: Path, _: int) -> None:
    """The bot reads all invoices and adds up one customer's open ones; ours answers the whole card."""
    rows = orjson.loads((home / "body-0.json").read_bytes())["valueRanges"][1]["values"][: ROWS + 1]
    Ready.body = orjson.dumps({"range": "A1:H100001", "majorDimension": "ROWS", "values": rows})
    client = gspread.Client(auth=None, session=object(), http_client=Ready)  # type: ignore[arg-type]
    grid = {"sheetId": 1, "title": "invoices", "index": 0, "gridProperties": {"rowCount": ROWS, "columnCount": 8}}
    book = gspread.Spreadsheet.__new__(gspread.Spreadsheet)  # its constructor asks for the titles of all tabs
    book.client, book._properties = client.http_client, {"id": "1"}
    tab = gspread.Worksheet(book, grid, "1", client.http_client)

    def bot() -> float:
        records = tab.get_all_records()
        return sum(float(row["amount"]) - float(row["paid"]) for row in records if row["customer_id"] == "C000007")

    files = Files(home)
    desk = desk_over(Served(f"{files.address}/body-3.json"), home / "state")
    sync(desk)
    files.close()
    reader = Reader(account="U06LIU", lang="zh-CN", person=desk.people.by_slack["U06LIU"])
    Readers.reader = lambda *_: reader  # type: ignore[method-assign]
    keep_card(desk, "C000007", "zh-CN")
    later = Later(1)
    app = our_app(desk, later)
    taken = []
    for _ in range(400):
        began = time.perf_counter()
        in_process(app, "C000007")
        taken.append(time.perf_counter() - began)
    theirs = []
    for _ in range(3):
        began = time.perf_counter()
        bot()
        theirs.append(time.perf_counter() - began)
    ours, peer = statistics.median(taken), statistics.median(theirs)
    Figure("against a bot calling `get_all_records()`, 100,000 rows", ours / peer, 1 / 8000, ours, peer).tell()
    later.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
