"""What a process of the story opens at its start: the real desk, each commit and each call a fault point."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from approvals.channels import Channels
from approvals.people import People
from bot.settings import Settings
from bot.wiring import load_channels, load_people, load_policy, resolve
from flows.desk import Desk, Latest
from flows.outgoing import Ports
from flows.reconcile import Reconciler
from flows.request_texts import CardTexts
from flows.roster import Roster
from flows.start import wake
from handlers.outgoing import SlackDoor
from scoring.policy import Policy
from sheets.columns import LedgerMap, load_ledger_map
from sheets.read import GoogleLedger
from sheets.write import LedgerWriter
from storage.baseline import Baseline
from storage.mirror import Mirror
from storage.record import Record
from tests.faults.points import CountedSlack, Points, SharedClock, counted
from tests.faults.story import Office

KEY = b"a key only for tests"


@lru_cache(maxsize=1)
def shipped() -> tuple[Policy, People, Channels, LedgerMap]:
    """The configuration as it is shipped."""
    settings = Settings(_env_file=None)
    return (
        load_policy(settings.creditdesk_policy), load_people(settings.creditdesk_people),
        load_channels(settings.creditdesk_channels), load_ledger_map(resolve(settings.creditdesk_ledger_map)),
    )  # fmt: skip


def open_office(home: Path, where: Mapping[str, Any], points: Points) -> Office:
    """What a process opens at its start, each commit and each call a point."""
    clock = SharedClock(home / "time")
    source = GoogleLedger(
        spreadsheet_id=where["spreadsheet_id"], service_account_file=where["service_account_file"],
        base_url=where["google_api"], names=shipped()[3], clock=clock.now,
    )  # fmt: skip
    google: Any = source.client()
    google.sleep = clock.forward
    counted(google.session, "sheets", points)
    counted(google.session._auth.session, "token", points)
    slack = CountedSlack(where["bot_token"], base_url=where["slack_api"], retry_handlers=[], timeout=10)
    slack.points = points
    record = Record(
        f"sqlite:///{home / 'record.db'}", KEY, clock.now, head_file=home / "audit.head", watch=points.watch
    )
    policy, people, channels, _ = shipped()
    desk = Desk(
        mirror=Mirror(home / "mirror.db"), policy=policy, roster=Roster(people), source=source, clock=clock.now, latest=Latest(),
        baseline=Baseline(home / "baseline.db"), record=record, channels=channels,
    )  # fmt: skip
    ports = Ports(slack=SlackDoor(slack, clock), texts=CardTexts(), ledger=LedgerWriter(source), timer=clock)
    return Office(desk, ports, clock, Reconciler())


def start(home: Path, where: Mapping[str, Any], points: Points) -> Office:
    """A desk that is awake."""
    office = open_office(home, where, points)
    wake(office.desk)
    return office
