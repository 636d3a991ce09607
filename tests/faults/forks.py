"""Processes of their own within milliseconds: one that has everything loaded forks for each line it is given.

`python -m tests.faults.forks` has no threads, so a fork of it is whole. A fork tells the story from its home; it may
be killed at any point, as a process is killed: by signal 9.
"""

import json
import logging
import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

from tests.builders import ROOT
from tests.faults.opening import start
from tests.faults.points import Mode, Points

PASSED = "passed.json"
PROBLEM = "problem.txt"
KILLED, FAILED, NOT_STARTED = -9, 1, 3
"""How a process ends that does not come to the end of the story."""


def _told(given: dict[str, Any]) -> None:
    """In a fork: the story; what it passed is left in its home by the first one that comes to the end."""
    home = Path(given["home"])
    points = Points(given["number"], given["mode"])
    code = NOT_STARTED
    try:
        office = start(home, given["where"], points)
        code = FAILED
        office.go_on()
    except BaseException:  # noqa: BLE001  (shown where the test looks)
        (home / PROBLEM).write_text(traceback.format_exc(), encoding="utf-8")
        os._exit(code)
    _keep(home, points)
    os._exit(0)


def _keep(home: Path, points: Points) -> None:
    if not (home / PASSED).exists():
        (home / PASSED).write_text(json.dumps(points.passed), encoding="utf-8")


def main() -> None:
    """The first line is told here, so that everything is loaded; then a fork for each. A number says how it ended."""
    logging.getLogger("creditdesk").addHandler(logging.NullHandler())  # what is lost on purpose is no news
    given = json.loads(sys.stdin.readline())
    points = Points()
    office = start(Path(given["home"]), given["where"], points)
    office.go_on()
    office.record.close()
    _keep(Path(given["home"]), points)
    _say(0)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _told(json.loads(line))
        _, status = os.waitpid(child, 0)
        _say(os.waitstatus_to_exitcode(status))


def _say(code: int) -> None:
    sys.stdout.write(f"{code}\n")
    sys.stdout.flush()


class Forks:
    """The process that forks, seen from a test."""

    def __init__(self) -> None:
        """Started."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.forks"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, home: Path, where: dict[str, str], number: int = 0, mode: Mode = "fail before") -> int:
        """The story from this home in a new process; how that ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(
            json.dumps({"home": str(home), "where": where, "number": number, "mode": mode}) + "\n"
        )
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """No more."""
        self._process.communicate(timeout=10)


if __name__ == "__main__":
    main()
