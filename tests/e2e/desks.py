"""Desks and running sandboxes for tests."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from bot.demo import environment, quick_policy
from bot.settings import Settings
from bot.wiring import ROOT, local_desk
from flows.desk import Desk
from sandbox.demo.__main__ import write_folder
from sandbox.demo.book import make_book


def local(folder: Path, on: date = date(2026, 11, 20), customers: int = 40) -> Desk:
    """A desk over a small demo ledger."""
    where = folder / "ledger"
    write_folder(make_book(on, 7, customers), where)
    return local_desk(Settings(_env_file=None), where, on)


def outside() -> dict[str, str]:
    """The environment without pytest's own words: NiceGUI would take itself for a test."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}


@contextmanager
def sandbox(home: Path, *more: str) -> Iterator[dict[str, Any]]:
    """A running sandbox on a free port."""
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--home", str(home), *more]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=outside()) as process:
        assert process.stdout is not None
        try:
            line = next(line for line in process.stdout if line.startswith("{"))
            yield json.loads(line)
        finally:
            process.terminate()
            process.wait(10)


@contextmanager
def bot(where: dict[str, Any], home: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """The desk as a process of its own, pointed at a sandbox; `more` overrides its settings."""
    quick_policy(home)
    policy = home / "policy.yaml"
    # no morning digest among the answers, whatever the hour; the digest has tests of its own
    policy.write_text(
        policy.read_text(encoding="utf-8").replace('digest_time: "08:30"', 'digest_time: "23:59"'), "utf-8"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"], cwd=ROOT, env={**outside(), **environment(where, home), **more}
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(15)
