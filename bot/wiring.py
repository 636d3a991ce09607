"""Settings -> Desk: the one place that builds everything."""

import os
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from approvals.channels import Channels, parse_channels
from approvals.people import People, parse_people
from bot.settings import Settings
from flows.desk import Desk, Latest
from flows.groups import restore_groups
from flows.ledger import LocalLedger
from flows.roster import Roster
from flows.sync import Progress, sync
from scoring.errors import MisuseError, PolicyError
from scoring.policy import Policy, parse_policy
from sheets.columns import load_ledger_map
from storage.baseline import Baseline
from storage.files import Files
from storage.mirror import Mirror
from storage.record import Record, open_record
from storage.watches import Watches

if TYPE_CHECKING:
    from sheets.read import GoogleLedger
    from sheets.write import LedgerWriter

ROOT = Path(__file__).resolve().parents[1]


def now() -> datetime:
    """The real time; everything below takes it from the desk."""
    return datetime.now(UTC)


def resolve(path: Path) -> Path:
    """A configured file: as given, else beside the code (running from anywhere)."""
    return path if path.is_absolute() or path.exists() else ROOT / path


def read_text(path: Path) -> str:
    """A configuration file's text; PolicyError says which one is missing, a folder or not text."""
    if resolve(path).is_dir():
        raise PolicyError("file_is_folder", file=str(path), line=0, found="")
    try:
        return resolve(path).read_text(encoding="utf-8")
    except (FileNotFoundError, PermissionError):
        raise PolicyError("file_missing", file=str(path), line=0, found="") from None
    except UnicodeDecodeError:
        raise PolicyError("policy_not_text", file=path.name, line=1, found="") from None


def load_policy(path: Path) -> Policy:
    """The policy in force."""
    return parse_policy(read_text(path), path.name)


def load_people(path: Path) -> People:
    """Who holds which role."""
    return parse_people(read_text(path), path.name)


def state_folder(settings: Settings) -> Path:
    """The folder of mirror, baseline and watches, made for the desk's own account; MisuseError if it cannot be."""
    home = settings.creditdesk_home
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise MisuseError("setting_wrong", name="CREDITDESK_HOME", why=f"{home}: {problem.strerror}") from None
    if not os.access(home, os.W_OK | os.X_OK):
        raise MisuseError("setting_wrong", name="CREDITDESK_HOME", why=f"{home}: not writable")
    return home


def load_channels(path: Path) -> Channels:
    """Which channel is whose."""
    return parse_channels(read_text(path), path.name)


def local_desk(
    settings: Settings,
    ledger: Path,
    day: date | None,
    *,
    clock: Callable[[], datetime] = now,
    progress: Progress | None = None,
) -> Desk:
    """A desk over a local ledger, which has been read."""
    desk = unread_desk(settings, ledger, day, clock=clock)
    sync(desk, progress)
    return desk


def unread_desk(settings: Settings, ledger: Path, day: date | None, *, clock: Callable[[], datetime] = now) -> Desk:
    """A desk over a local ledger that is still to be read, with a mirror of its own."""
    return Desk(
        mirror=Mirror(_passing_folder() / "mirror.db"),
        policy=load_policy(settings.creditdesk_policy),
        roster=Roster(load_people(settings.creditdesk_people)),
        source=LocalLedger(ledger, load_ledger_map(resolve(settings.creditdesk_ledger_map))),
        clock=clock,
        latest=Latest(),
        day=day,
        default_lang=settings.creditdesk_lang,
    )


def _passing_folder() -> Path:
    """A folder that goes when the process does."""
    home = tempfile.TemporaryDirectory(prefix="creditdesk-")
    _KEPT.append(home)
    return Path(home.name)


_KEPT: list[tempfile.TemporaryDirectory[str]] = []


def record_of(settings: Settings, *, clock: Callable[[], datetime] = now) -> Record:
    """The record alone, brought to the tables of this version."""
    url, key = settings.database_url.get_secret_value(), settings.creditdesk_audit_key.get_secret_value()
    return open_record(state_folder(settings), url, key, clock)


def google_source(settings: Settings) -> "GoogleLedger":
    """The Google Sheet alone; nobody is asked yet."""
    from sheets.read import GoogleLedger

    return GoogleLedger(
        spreadsheet_id=settings.ledger_spreadsheet_id,
        service_account_file=settings.google_service_account_file,
        base_url=settings.google_api_url,
        names=load_ledger_map(resolve(settings.creditdesk_ledger_map)),
    )


def google_desk(
    settings: Settings,
    day: date | None = None,
    *,
    clock: Callable[[], datetime] = now,
    nudge: Callable[[], None] = lambda: None,
) -> Desk:
    """A desk over the Google Sheet, with its mirror, baseline and watches in the state folder.

    For another day it works on a copy of the mirror: the figures of a running desk stay those of today.
    """
    policy, people = load_policy(settings.creditdesk_policy), load_people(settings.creditdesk_people)
    source = google_source(settings)
    home = state_folder(settings)
    mirror = Mirror(home / "mirror.db")
    desk = Desk(
        mirror=mirror if day is None else mirror.copied(_passing_folder() / "mirror.db"),
        policy=policy,
        roster=Roster(people),
        source=source,
        clock=clock,
        latest=Latest(),
        day=day,
        baseline=Baseline(home / "baseline.db"),
        watches=Watches(home / "watches.db"),
        record=record_of(settings, clock=clock),
        files=Files(home / "files"),
        channels=load_channels(settings.creditdesk_channels),
        nudge=nudge,
        default_lang=settings.creditdesk_lang,
    )
    restore_groups(desk)
    return desk


def ledger_writer(desk: Desk) -> "LedgerWriter | None":
    """What writes decisions into the sheet; None over a local ledger."""
    from sheets.read import GoogleLedger
    from sheets.write import LedgerWriter

    return LedgerWriter(desk.source) if isinstance(desk.source, GoogleLedger) else None
