"""`creditdesk digest`: a digest on the terminal, or on its way to Slack."""

import time
from dataclasses import replace

import typer

from bot.settings import Settings
from bot.terminal import print_card, print_json, print_line
from bot.wiring import load_channels
from flows.deliver_digest import shown_digest
from flows.desk import Desk
from flows.digest import how_sent, preview_digest, send_digest
from flows.digest_audience import audience_called
from scoring.errors import MisuseError

PATIENCE_SECONDS = 10.0
"""The running desk takes it up within a second; without one it waits in the outbox."""


def show(settings: Settings, desk: Desk, name: str, lang: str | None, *, as_json: bool) -> None:
    """What would be sent now."""
    named = desk if desk.channels is not None else replace(desk, channels=load_channels(settings.creditdesk_channels))
    digest = preview_digest(named, name)
    if as_json:
        print_json(digest.as_json())
        return
    print_card(shown_digest(named, digest, lang or audience_called(named, name).channel.lang))


def send(desk: Desk, name: str, lang: str | None, *, as_json: bool) -> None:
    """Hand it to the running desk and wait a moment for what came of it; exit code 1 when it is not sent."""
    if desk.record is None:
        raise MisuseError("digest_needs_record")
    item = send_digest(desk, desk.record, name)
    until = time.monotonic() + PATIENCE_SECONDS
    spoken = lang or desk.default_lang
    state, sentence = how_sent(desk, item, name, spoken)
    while state == "waiting" and time.monotonic() < until:
        time.sleep(0.2)
        state, sentence = how_sent(desk, item, name, spoken)
    if as_json:
        print_json({"item": item, "state": state})
    else:
        print_line(sentence)
    if state in {"parked", "twice"}:
        raise typer.Exit(1)
