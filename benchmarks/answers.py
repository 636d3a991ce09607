"""`/credit` by id or name against the same Bolt app answering one fixed block: in process, over HTTP, ten times larger."""

import subprocess
import sys
import tempfile
import threading
import time
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import psutil
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from waitress import create_server

from benchmarks.asking import form
from benchmarks.book import Files, Served, desk_over, make_body
from benchmarks.measure import Figure, each_in_turn
from bot.app import build_app
from bot.settings import Settings
from flows.access import Reader
from flows.desk import Desk
from flows.sync import sync
from handlers.later import Later
from handlers.readers import Readers
from schedules.jobs import fill_all

SECRET = "bench"
ASKED = 2000


def main(home: Path, customers: int) -> None:
    """All answers are made ahead first, as in a running desk's quiet moments."""
    files = Files(home)
    desk = desk_over(Served(f"{files.address}/body-3.json"), home / "state")
    sync(desk)
    files.close()
    began = time.perf_counter()
    made = fill_all(desk, 3600)
    print(f"{made:,} cards made ahead in {time.perf_counter() - began:.0f} s")
    person = desk.people.by_slack["U06LIU"]
    reader = Reader(account="U06LIU", lang="zh-CN", person=person)
    Readers.reader = lambda *_: reader  # type: ignore[method-assign]  # who asks costs Slack's answer, not ours
    later = Later(2)
    ours, fixed = our_app(desk, later), fixed_app()
    asked = questions(desk, customers)
    calls = [partial(in_process, ours, text) for text in asked]
    others = [partial(in_process, fixed, text) for text in asked]
    each_in_turn(calls[:200], others[:200])
    one, other = each_in_turn(calls, others)
    Figure("`/credit` answer by id or name, in process, p50", one / other, 2, one, other).tell()
    over_http(ours, fixed, asked)
    larger(one, customers // 10)
    later.close()
    rss = psutil.Process().memory_info().rss / 2**20
    Figure("memory of a desk that has synced and answers", rss / 600, 1, rss, 600, "MiB").tell()


def our_app(desk: Desk, later: Later) -> App:
    """The desk's app, nobody asked for tokens."""
    client = WebClient(token="xoxb-x", base_url="http://127.0.0.1:9/", retry_handlers=[])
    app = build_app(Settings(_env_file=None, slack_signing_secret=SECRET), desk, client, later)
    return unauthorized(app)


def fixed_app() -> App:
    """The peer: one listener, one block."""
    client = WebClient(token="xoxb-x", base_url="http://127.0.0.1:9/", retry_handlers=[])
    app = App(client=client, signing_secret=SECRET, process_before_response=True, token_verification_enabled=False)

    @app.command("/credit")
    def answer(ack: Any) -> None:
        block = {"type": "section", "text": {"type": "mrkdwn", "text": "ok"}}
        ack(text="ok", blocks=[block], response_type="ephemeral")

    return unauthorized(app)


def unauthorized(app: App) -> App:
    """Without the middleware that asks Slack who the bot is: the same for both."""
    app._middleware_list = [step for step in app._middleware_list if "Authorization" not in type(step).__name__]
    return app


def questions(desk: Desk, customers: int) -> list[str]:
    """Ids and full names of any customers, in turn."""
    random = Random(5)
    names = [found[1] for found in desk.mirror.named()]
    places = [random.randrange(customers) for _ in range(ASKED)]
    return [f"C{place:06d}" if turn % 2 else names[place] for turn, place in enumerate(places)]


def in_process(app: App, text: str) -> None:
    """One command through Bolt."""
    answer = app.dispatch(BoltRequest(body=dict(form(text)), mode="socket_mode"))
    assert answer.status == 200, answer.body


def over_http(ours: App, fixed: App, asked: list[str]) -> None:
    """The same two apps behind the same web server; who asks is another process, as Slack is."""
    servers = []
    for app in (ours, fixed):
        server = create_server(SlackRequestHandler(app, path="/slack/events"), host="127.0.0.1", port=0, threads=4)
        threading.Thread(target=server.run, daemon=True).start()
        servers.append(server)
    ports = [str(server.effective_port) for server in servers]
    command = [sys.executable, "-m", "benchmarks.asking", SECRET, *ports]
    told = subprocess.run(command, input="\n".join(asked[:1000]), capture_output=True, text=True, check=True).stdout
    one, other = (float(part) for part in told.split())
    Figure("the same over HTTP, p50", one / other, 1.25, one, other).tell()
    for server in servers:
        server.close()


def larger(large: float, customers: int) -> None:
    """The same answer from a ledger of a tenth: how much the size of a ledger weighs."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "body.json").write_bytes(make_body(customers))
        files = Files(home)
        desk = desk_over(Served(f"{files.address}/body.json"), home / "state")
        sync(desk)
        files.close()
        fill_all(desk, 3600)
        later = Later(2)
        app, fixed = our_app(desk, later), fixed_app()
        asked = questions(desk, customers)
        calls = [partial(in_process, app, text) for text in asked]
        each_in_turn(calls[:200], calls[:200])
        small, _ = each_in_turn(calls, [partial(in_process, fixed, text) for text in asked])
        later.close()
    Figure("the same, ledger 10 x larger", large / small, 1.1, large, small).tell()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
