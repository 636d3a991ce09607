"""`creditdesk demo`: the sandbox as a process of its own, the bot between its two addresses."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bot.terminal import print_line
from bot.wiring import ROOT

_MODULE = "sandbox"


def run_demo(port: int, *, tour: bool) -> int:
    """Start both; with `tour` play the story and stop, else run until interrupted. The exit code."""
    with tempfile.TemporaryDirectory(prefix="creditdesk-demo-") as folder:
        home = Path(folder)
        sandbox = _spawn([sys.executable, "-m", _MODULE, "--port", str(0 if tour else port), "--home", str(home)], {})
        bot: subprocess.Popen[str] | None = None
        try:
            where = _where(sandbox)
            if where is None:
                print_line(f"The sandbox did not start; is port {port} in use? Try --port 0.")
                return 2
            bot = _spawn([sys.executable, "-m", "bot", "run"], environment(where, home))
            if tour:
                return subprocess.run(  # noqa: S603  (our own module)
                    [sys.executable, "-m", f"{_MODULE}.tour", where["url"]],
                    cwd=ROOT,
                    check=False,
                    env={**os.environ, **environment(where, home)},
                ).returncode
            print_line(
                f"Credit Desk demo: open {where['url']} and type /credit ACME; the ledger is at {where['url']}/ledger"
            )
            print_line("Ctrl-C stops it.")
            return _until_stopped(bot)
        finally:
            for child in (bot, sandbox):
                _stop(child)


def environment(where: dict[str, Any], home: Path) -> dict[str, str]:
    """The settings that point the bot at a compatible workspace and ledger."""
    return {
        "SLACK_BOT_TOKEN": where["bot_token"],
        "SLACK_APP_TOKEN": where["app_token"],
        "SLACK_SIGNING_SECRET": where["signing_secret"],
        "SLACK_API_URL": where["slack_api"],
        "GOOGLE_SERVICE_ACCOUNT_FILE": where["service_account_file"],
        "GOOGLE_API_URL": where["google_api"],
        "LEDGER_SPREADSHEET_ID": where["spreadsheet_id"],
        "CREDITDESK_HOME": str(home / "state"),
        "CREDITDESK_POLICY": str(home / "policy.yaml"),
        "CREDITDESK_PEOPLE": str(ROOT / "people.yaml"),
        "CREDITDESK_LEDGER_MAP": str(ROOT / "ledger.yaml"),
        "CREDITDESK_CHANNELS": str(ROOT / "channels.yaml"),
        "CREDITDESK_TRANSPORT": "socket",
    }


def quick_policy(home: Path) -> None:
    """The shipped policy, syncing every few seconds so that an edit shows while one watches."""
    text = (ROOT / "policy.yaml").read_text(encoding="utf-8")
    (home / "policy.yaml").write_text(
        text.replace("sync_seconds: 60", "sync_seconds: 5").replace("undo_seconds: 60", "undo_seconds: 3"),
        encoding="utf-8",
    )


def _spawn(command: list[str], extra: dict[str, str]) -> subprocess.Popen[str]:
    if extra:
        quick_policy(Path(extra["CREDITDESK_HOME"]).parent)
    return subprocess.Popen(  # noqa: S603  (our own modules)
        command, cwd=ROOT, env={**os.environ, **extra}, text=True,
        stdout=subprocess.PIPE if not extra else None, start_new_session=True,
    )  # fmt: skip


def _where(sandbox: subprocess.Popen[str]) -> dict[str, Any] | None:
    """The line in which the sandbox says where everything is."""
    for line in sandbox.stdout or ():
        if line.startswith("{"):
            found: dict[str, Any] = json.loads(line)
            return found
    return None


def _until_stopped(bot: subprocess.Popen[str]) -> int:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        return bot.wait()
    except KeyboardInterrupt:
        return 0


def _stop(child: subprocess.Popen[str] | None) -> None:
    if child is None or child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        child.kill()
