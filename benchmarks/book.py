"""A synthetic book: customers with Chinese names, ten invoices each, as the Sheets API would answer it."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import orjson
import requests

from bot.settings import Settings
from bot.wiring import load_people, load_policy, resolve
from flows.desk import Desk, Latest, LedgerSource
from flows.roster import Roster
from sandbox.demo.names import CITIES, TRADES
from scoring.ledger import RawTab
from sheets.columns import load_ledger_map
from sheets.layout import lay_out
from sheets.read import parse_values
from sheets.reading import Reading
from storage.baseline import Baseline
from storage.mirror import Mirror

DAY = date(2026, 11, 20)
SERIAL = (DAY - date(1899, 12, 30)).days
SYLLABLES = "永昌华瑞金泰鸿运德盛万和新宇博远嘉禾隆兴诚信达东升凯旋立宏图佳美天世通源富民海润鼎恒百川长青启明卓越众合汇丰同济中正安康"
CUSTOMERS = ["customer_id", "name", "department", "currency", "credit_limit", "payment_days", "limit_expires_on"]
INVOICES = ["invoice_no", "customer_id", "issued_on", "due_on", "amount", "currency", "paid", "settled_on"]


def make_names(customers: int, random: Random) -> list[str]:
    """So many different names: city, two or three syllables, trade, legal form."""
    names: set[str] = set()
    while len(names) < customers:
        middle = "".join(random.choice(SYLLABLES) for _ in range(random.choice((2, 2, 3))))
        names.add(f"{random.choice(CITIES)}{middle}{random.choice(TRADES)}有限公司")
    return sorted(names)


def make_body(customers: int, seed: int = 3) -> bytes:
    """The body of a values:batchGet for customers and invoices."""
    random = Random(seed)
    people: list[list[Any]] = [CUSTOMERS]
    bills: list[list[Any]] = [INVOICES]
    for place, name in enumerate(make_names(customers, random)):
        key = f"C{place:06d}"
        people.append([key, name, "华东", "CNY", 500_000, 45, SERIAL + 200])
        for number in range(10):
            issued = SERIAL - 30 * number - random.randint(0, 20)
            amount = round(random.uniform(1_000, 60_000), 2)
            due, paid_on = issued + 45, issued + 45 + random.randint(-6, 20)
            paid = paid_on <= SERIAL
            bills.append(
                [
                    f"INV{place:06d}{number:02d}",
                    key,
                    issued,
                    due,
                    amount,
                    "CNY",
                    amount if paid else 0,
                    paid_on if paid else "",
                ]
            )
    return orjson.dumps({"valueRanges": [{"values": people}, {"values": bills}]})


class Served:
    """A ledger source over HTTP that decodes a body as the Google one does; `address` may change between syncs."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._session = requests.Session()
        self._names = load_ledger_map(resolve(Path("ledger.yaml")))

    def body(self) -> bytes:
        """Fetch the whole answer."""
        return self._session.get(self.address, timeout=60).content

    def fetch(self) -> Reading:
        """All tabs, rows undecoded."""
        tabs: dict[str, RawTab] = {}
        for tab, found in zip(("customers", "invoices"), parse_values(self.body()).ranges, strict=True):
            raw, _ = lay_out(tab, found.values, self._names)
            assert raw is not None
            tabs[tab] = raw
        return Reading(tabs=tabs, title="bench", locale="zh_CN")

    def version(self) -> str | None:
        """Unknown: every sync fetches."""
        return None


class Files:
    """A web server over a folder, in a process of its own: fetching costs what it costs, and nobody's GIL."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self._process.stdout is not None
        self.address = "http://" + self._process.stdout.readline().split("http://")[1].split("/")[0]

    def close(self) -> None:
        """Stop serving."""
        self._process.kill()
        self._process.wait()


def change(body: bytes, rows: int) -> bytes:
    """The same body with this many invoices paid in full by one cent less."""
    loaded = orjson.loads(body)
    bills = loaded["valueRanges"][1]["values"]
    step = max(1, (len(bills) - 1) // rows)
    for place in range(1, 1 + step * rows, step):
        bills[place][4] = round(bills[place][4] + 0.01, 2)
    return orjson.dumps(loaded)


def desk_over(source: LedgerSource, home: Path, clock: Callable[[], datetime] | None = None) -> Desk:
    """A desk whose day is the book's."""
    settings = Settings(_env_file=None)
    noon = datetime(DAY.year, DAY.month, DAY.day, 4, tzinfo=UTC)
    return Desk(
        mirror=Mirror(home / "mirror.db"),
        policy=load_policy(settings.creditdesk_policy),
        roster=Roster(load_people(settings.creditdesk_people)),
        source=source,
        clock=clock or (lambda: noon),
        latest=Latest(),
        baseline=Baseline(home / "baseline.db"),
    )
