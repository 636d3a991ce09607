"""`make bench [ARGS='--customers N']`: every figure against its floor or peer, in one run."""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import orjson
import psutil
from pydantic import BaseModel
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from benchmarks.book import change, desk_over, make_body
from benchmarks.measure import Figure, compare, median_of
from benchmarks.searching import searching
from bot.app import build_app
from bot.settings import Settings
from flows.ageing import ageing_of
from flows.answers import answer_of, fill_answers, make_answer
from flows.desk import Desk
from flows.sync import sync
from handlers.later import Later
from texts.cards import Setting, answer_card


def main() -> None:
    """Print the table and say how many lines hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=10_000, help="10 invoices each; the full size is 100000")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = run(chosen.customers, Path(folder))
    print("\n| path | ours | floor or peer | ratio | at most | holds |\n|---|---|---|---|---|---|")
    for figure in figures:
        print(figure.row())
    held = sum(figure.ratio <= figure.at_most for figure in figures)
    print(f"\n{held} of {len(figures)} hold; {chosen.customers:,} customers, {chosen.customers * 10:,} invoices")
    print(f"memory of this process {psutil.Process().memory_info().rss / 2**20:.0f} MiB (bench data included)")


def run(customers: int, home: Path) -> list[Figure]:
    body = make_body(customers)
    print(f"{customers:,} customers, body {len(body) / 2**20:.0f} MiB")
    desk = desk_over(body, home)
    figures = syncs(desk, body)
    began = time.perf_counter()
    while fill_answers(desk, 500):
        pass
    print(f"answers filled in {time.perf_counter() - began:.1f} s")
    figures += [
        answering(desk, customers),
        searching(customers),
        ageing(desk, body),
        scoring(desk),
        card(desk),
        start_up(),
    ]
    return figures


def syncs(desk: Desk, body: bytes) -> list[Figure]:
    """First sync, one percent, ten rows; fetch included, against decoding the body."""
    floor = median_of(lambda: desk.source.fetch(), 3)
    figures = []
    first = median_of(lambda: sync(desk), 1)
    figures.append(Figure("first sync", first / floor, 6, first, floor))
    rows = max(10, len(orjson.loads(body)["valueRanges"][1]["values"]) // 100)
    for name, count, at_most in (("sync, 1 % of rows changed", rows, 1.6), ("sync, 10 rows changed", 10, 0.5)):
        desk.source.body = change(body, count) if count != 10 else change(desk.source.body, 10)  # type: ignore[attr-defined]
        taken = median_of(lambda: sync(desk), 1)
        figures.append(Figure(name, taken / floor, at_most, taken, floor))
    return figures


def answering(desk: Desk, customers: int) -> Figure:
    """/credit by id through Bolt in process, any customer, against the same app answering one fixed block."""
    later = Later(2)
    client = WebClient(token="xoxb-x", base_url="http://127.0.0.1:9/", retry_handlers=[])
    app = build_app(Settings(_env_file=None), desk, client, later)
    app._authorize = lambda **_: None  # type: ignore[assignment]
    fixed = App(client=client, signing_secret="x", process_before_response=True, token_verification_enabled=False)

    @fixed.command("/credit")
    def answer(ack: Any) -> None:
        ack(
            text="ok", blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "ok"}}], response_type="ephemeral"
        )

    for one in (app, fixed):
        one._middleware_list = [step for step in one._middleware_list if "Authorization" not in type(step).__name__]
    random = Random(5)
    ids = [f"C{random.randrange(customers):06d}" for _ in range(400)]
    for account in ("U06LIU",):
        from flows.access import Reader

        person = desk.people.by_slack[account]
        reader = Reader(account=account, lang="zh-CN", person=person)
    import handlers.readers

    original = handlers.readers.Readers.reader
    handlers.readers.Readers.reader = lambda *_: reader  # type: ignore[method-assign]
    try:
        figure = compare("/credit answer, in process, p50", lambda: _ask(app, ids), lambda: _ask(fixed, ids), 2.0)
    finally:
        handlers.readers.Readers.reader = original  # type: ignore[method-assign]
    later.close()
    return Figure(figure.path, figure.ratio, figure.at_most, figure.ours / 400, figure.floor / 400)


def _ask(app: App, ids: list[str]) -> None:
    for customer in ids:
        body = {
            "command": "/credit",
            "text": customer,
            "user_id": "U06LIU",
            "team_id": "T1",
            "channel_id": "C1",
            "api_app_id": "A",
            "trigger_id": "t",
            "response_url": "",
        }
        answer = app.dispatch(BoltRequest(body=body, mode="socket_mode"))
        assert answer.status == 200, answer.body


def ageing(desk: Desk, body: bytes) -> Figure:
    """The whole book's ageing against DuckDB over the same invoices."""
    bills = orjson.loads(body)["valueRanges"][1]["values"][1:]
    base = duckdb.connect()
    base.execute("create table bills (customer varchar, due integer, amount double, paid double)")
    base.executemany(
        "insert into bills values (?, ?, ?, ?)", [[row[1], row[3], row[4], row[6]] for row in bills[:200_000]]
    )
    query = "select customer, case when 46346 <= due then 0 when 46346 - due <= 30 then 1 else 2 end b, sum(amount - paid) from bills where amount > paid group by all"
    return compare(
        "ageing of the whole book",
        lambda: ageing_of(desk),
        lambda: base.execute(query).fetchall(),
        8,
        1,
    )


class Out(BaseModel):
    """What a peer that validates an object in and out per customer would carry."""

    customer: dict[str, Any]
    invoices: list[dict[str, Any]]


def scoring(desk: Desk) -> Figure:
    """Scores explained against a pydantic object in and out per customer."""
    view = desk.latest.view
    assert view is not None
    ids = desk.mirror.customer_ids()[:500]
    row = {
        "customer": {"id": "C1", "name": "x"},
        "invoices": [{"no": str(n), "amount": "1.00", "due": "2026-01-01"} for n in range(10)],
    }
    return compare(
        "score of the book, explained (500 customers)",
        lambda: [make_answer(desk, view, one) for one in ids],
        lambda: [Out.model_validate(row).model_dump_json() for _ in ids],
        0.04, 3,
    )  # fmt: skip


def card(desk: Desk) -> Figure:
    """A card against the same JSON joined by hand."""
    view = desk.latest.view
    assert view is not None
    answered = answer_of(desk, view, desk.mirror.customer_ids()[3])
    assert answered is not None
    setting = Setting()
    made = orjson.dumps(answer_card(answered.answer, answered.details, "zh-CN", setting)).decode()
    pieces = [made[start : start + 60] for start in range(0, len(made), 60)]
    return compare(
        "card",
        lambda: [orjson.dumps(answer_card(answered.answer, answered.details, "zh-CN", setting)) for _ in range(200)],
        lambda: ["".join(f"{piece}" for piece in pieces).encode() for _ in range(200)],
        2, 5,
    )  # fmt: skip


def start_up() -> Figure:
    """`creditdesk --help` against a bare interpreter."""
    return compare(
        "creditdesk --help",
        lambda: subprocess.run([sys.executable, "-m", "bot", "--help"], capture_output=True, check=True),
        lambda: subprocess.run([sys.executable, "-c", ""], check=True),
        15, 3,
    )  # fmt: skip


if __name__ == "__main__":
    main()
