"""The doctor on one wrong setting at a time: the check that fails, and a sentence that says what to do."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.doctor import examine
from bot.settings import Settings
from bot.wiring import ROOT
from tests.handlers.slack import Slack, slack
from tests.sheets.google import Google, google, key_file


@dataclass
class World:
    """Everything in order, until a test breaks one thing."""

    settings: Settings
    slack: Slack
    google: Google
    home: Path

    def said(self, lang: str = "en", **wrong: Any) -> dict[str, tuple[str, str]]:
        """Check -> (state, sentence) with these settings instead."""
        results = examine(self.settings.model_copy(update=wrong), lang)
        assert len({result.what for result in results}) == len(results)
        return {result.what: (result.state, result.sentence) for result in results}

    def wrong(self, **wrong: Any) -> dict[str, str]:
        """What the doctor finds wrong."""
        return {what: sentence for what, (state, sentence) in self.said(**wrong).items() if state == "wrong"}


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> str:
    return key_file(tmp_path_factory.mktemp("key"), "http://127.0.0.1:9/token").read_text(encoding="utf-8")


@pytest.fixture
def world(tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.chdir(tmp_path)
    with slack() as workspace, google() as doors:
        (tmp_path / "key.json").write_text(key.replace("http://127.0.0.1:9", doors.url), encoding="utf-8")
        settings = Settings(
            _env_file=None, slack_bot_token=SecretStr("xoxb-1"), slack_app_token=SecretStr("xapp-1"),
            slack_signing_secret=SecretStr("s"), slack_api_url=workspace.url, google_api_url=doors.url,
            google_service_account_file=str(tmp_path / "key.json"), ledger_spreadsheet_id="x",
            creditdesk_home=tmp_path / "state",
        )  # fmt: skip
        yield World(settings, workspace, doors, tmp_path)


def test_all_is_well(world: World) -> None:
    found = world.said()
    assert world.wrong() == {}
    assert [found[what][0] for what in ("policy", "people", "channels", "stores", "slack", "socket", "ledger")] == [
        "good"
    ] * 7


MISSING = {
    "slack_bot_token": ("slack", "SLACK_BOT_TOKEN"), "slack_app_token": ("socket", "SLACK_APP_TOKEN"),
    "ledger_spreadsheet_id": ("ledger", "LEDGER_SPREADSHEET_ID"),
    "google_service_account_file": ("ledger", "GOOGLE_SERVICE_ACCOUNT_FILE"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISSING)
def test_a_setting_that_is_missing_is_named(world: World, name: str) -> None:
    empty: Any = SecretStr("") if name.startswith("slack") else ""
    what, spoken = MISSING[name]
    wrong = world.wrong(**{name: empty})
    assert list(wrong) == [what]
    assert spoken in wrong[what]


def test_http_mode_needs_its_secret_and_no_app_token(world: World) -> None:
    http = {"creditdesk_transport": "http", "slack_app_token": SecretStr("")}
    assert world.wrong(**http) == {}
    assert "SLACK_SIGNING_SECRET" in world.wrong(**http, slack_signing_secret=SecretStr(""))["socket"]


FILES = {"policy": "policy", "people": "people", "channels": "channels", "ledger_map": "ledger"}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [None, "grades: [broken", "", "\x00\xff"])
def test_a_file_that_cannot_be_read_is_named(world: World, name: str, content: str | None) -> None:
    path = world.home / "mine.yaml"
    if content is not None:
        path.write_text(content, encoding="latin-1")
    wrong = world.wrong(**{f"creditdesk_{name}": path})
    assert list(wrong) == [FILES[name]]
    assert "mine.yaml" in next(iter(wrong.values()))


def test_a_policy_with_a_wrong_value_names_its_line(world: World) -> None:
    text = (ROOT / "policy.yaml").read_text(encoding="utf-8").replace("sync_seconds: 60", "sync_seconds: sixty")
    (world.home / "mine.yaml").write_text(text, encoding="utf-8")
    assert "sync_seconds" in world.wrong(creditdesk_policy=world.home / "mine.yaml")["policy"]


def test_a_state_folder_that_is_a_file_or_readable_by_others_is_said(world: World) -> None:
    (world.home / "plain").write_text("", encoding="utf-8")
    assert "CREDITDESK_HOME" in world.wrong(creditdesk_home=world.home / "plain")["stores"]
    (world.home / "open").mkdir(mode=0o755)
    assert world.said(creditdesk_home=world.home / "open")["stores"][0] == "unknown"


@pytest.mark.parametrize(
    ("fault", "part"),
    [("invalid_auth", "check the token"), ("account_inactive", "check the token"), ("ratelimited", "cannot be reached"),
     (503, "cannot be reached"), ("dropped", "cannot be reached"), ("cut", "cannot be reached"), ("echo", "cannot be reached")],
)  # fmt: skip
@pytest.mark.parametrize(("method", "what"), [("auth.test", "slack"), ("apps.connections.open", "socket")])
def test_a_token_that_slack_refuses_differs_from_a_slack_that_is_away(
    world: World, method: str, what: str, fault: int | str, part: str
) -> None:
    world.slack.spoilt[method] = fault
    wrong = world.wrong()
    assert list(wrong) == [what]
    assert part in wrong[what]


def test_a_missing_scope_is_named(world: World) -> None:
    world.slack.scopes = "commands,chat:write,users:read,im:history,im:write"
    assert "app_mentions:read" in world.wrong()["slack"]


@pytest.mark.parametrize(
    ("door", "fault", "part"),
    [
        ("book", (403, {}), "share it with desk@example.iam"), ("book", (404, {}), "LEDGER_SPREADSHEET_ID"),
        ("book", (401, {}), "key.json"), ("token", (400, {"error": "invalid_grant"}), "key.json"),
        ("book", (503, b""), "cannot be reached"), ("values", (200, {}), "could not be read"),
        ("values", (200, b"{"), "could not be read"), ("book", (400, {}), "could not be read"),
    ],
)  # fmt: skip
def test_a_sheet_that_cannot_be_read_says_why(
    world: World, monkeypatch: pytest.MonkeyPatch, door: str, fault: Any, part: str
) -> None:
    monkeypatch.setattr("sheets.client.BoundedClient._pause", lambda *_: 0.0)
    world.google.plan[door] = [fault] * 20
    wrong = world.wrong()
    assert list(wrong) == ["ledger"]
    assert part in wrong["ledger"]


@pytest.mark.parametrize("content", [None, "", "{}", '{"type": "authorized_user"}'])
def test_a_key_file_that_is_none_is_named(world: World, content: str | None) -> None:
    path = world.home / "other.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert "other.json" in world.wrong(google_service_account_file=str(path))["ledger"]


def test_headers_and_duplicate_keys_are_named_with_their_tab(world: World) -> None:
    good = json.loads(json.dumps(world.google.good["values"]))
    customers, invoices = good["valueRanges"]
    customers["values"] += [["C1", "甲"]] * 3
    invoices["values"][0][0] = "单据"
    world.google.good["values"] = good
    wrong = world.wrong()
    assert set(wrong) == {"ledger customers", "ledger invoices"}
    assert "单据" in wrong["ledger invoices"]
    assert "1%" in wrong["ledger customers"].replace(" ", "") or "percent" in wrong["ledger customers"]


def test_it_speaks_chinese_too(world: World) -> None:
    found = world.said("zh-CN", slack_bot_token=SecretStr(""))
    assert "缺少设置 SLACK_BOT_TOKEN" in found["slack"][1]


def test_a_user_group_that_cannot_be_read_or_that_nobody_is_in_is_named(world: World) -> None:
    people = world.home / "people.yaml"
    people.write_text(
        (ROOT / "people.yaml").read_text(encoding="utf-8")
        + "groups:\n  - {group: S01EAST, role: sales_manager, departments: [华东]}\n  - {group: S03RISK, role: risk}\n",
        encoding="utf-8",
    )
    world.slack.usergroups = {"S01EAST": ["U01LIN", "U02WANG"], "S03RISK": []}
    found = world.said(creditdesk_people=people)
    assert found["groups S01EAST"] == ("good", "2")
    assert found["groups S03RISK"][0] == "wrong"
    assert "Nobody is in the user group S03RISK" in found["groups S03RISK"][1]
    del world.slack.usergroups["S03RISK"]
    assert "disabled: correct S03RISK in people.yaml" in world.wrong(creditdesk_people=people)["groups S03RISK"]
    world.slack.spoilt["usergroups.users.list"] = "missing_scope"
    assert "install it again" in world.wrong(creditdesk_people=people)["groups S01EAST"]
