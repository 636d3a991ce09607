"""The demo command plays its whole story and says so by its exit code."""

import subprocess
import sys

import pytest

from bot.wiring import ROOT
from tests.e2e.desks import outside

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("tour")]


def test_tour_holds_from_start_to_end() -> None:
    command = [sys.executable, "-m", "bot", "demo", "--tour"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, env=outside())
    assert done.returncode == 0, done.stdout + done.stderr
    assert "25 steps held" in done.stdout
