"""Slack away, a failure inside, logs: the person gets an answer, the log gets no figures."""

import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App

from flows.desk import Desk, Latest
from handlers.later import Later
from handlers.readers import FORGOTTEN_SECONDS, FRESH_SECONDS, PAUSE_SECONDS, TRUSTED_SECONDS, Readers
from tests.handlers.slack import Bolt, Slack, bolt


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Broken:
    """A view of which nothing can be asked."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(f"SECRET-FIGURES {name}")


def breaking(desk: Desk) -> Desk:
    return replace(desk, latest=Latest(Broken()))  # type: ignore[arg-type]


def test_the_first_answer_needs_no_slack_at_all(desk: Desk, workspace: Slack) -> None:
    workspace.away = 503
    with bolt(desk, workspace) as app:
        assert "可以发货" in app.command("U01LIN", "ACME")["text"]


def test_somebody_whom_nobody_can_vouch_for_gets_nothing_while_slack_is_away(desk: Desk, workspace: Slack) -> None:
    workspace.away = 503
    with bolt(desk, workspace) as app:
        assert "艾克美" not in json.dumps(app.command("U20NEW", "ACME"), ensure_ascii=False)


def test_a_failure_inside_is_answered_with_a_reference_and_logged_without_content(
    desk: Desk, workspace: Slack, caplog: pytest.LogCaptureFixture
) -> None:
    with bolt(breaking(desk), workspace) as app, caplog.at_level(logging.DEBUG, "creditdesk"):
        answer = app.command("U03SMITH", "SECRET-NAME")["text"]
        app.click("U03SMITH", "lookup.details", '{"c":"C0001","v":1}')
        app.event("E1", type="message", channel_type="im", user="U03SMITH", channel="D1", text="SECRET-TEXT")
        said = [app.slack.wait("reply")["text"], app.slack.wait("chat.postMessage")["text"]]
    for text in (answer, *said):
        assert "reference" in text
    assert "SECRET" not in caplog.text
    assert caplog.text.count("ref=") == 3


def test_a_copy_that_was_just_deleted_is_answered_by_its_own_sentence(
    desk: Desk, workspace: Slack, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    desk = replace(desk, mirror=desk.mirror.copied(tmp_path / "mirror.db"))
    desk.mirror.close()
    (tmp_path / "mirror.db").unlink()
    with bolt(desk, workspace) as app:
        assert "副本刚被删除或替换" in app.command("U01LIN", "ACME")["text"]
        app.click("U03SMITH", "lookup.choose", '{"k":"c:C0001","v":1}')
        assert "deleted or replaced just now" in app.slack.wait("reply")["text"]
    assert "ref=" not in caplog.text
    assert caplog.text.count("copy_gone") == 2


def test_what_bolt_itself_logs_has_no_content(
    desk: Desk, workspace: Slack, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    def add(app: App) -> None:
        @app.action("explodes")
        def explode(body: dict[str, Any]) -> None:
            raise RuntimeError(f"SECRET {body}")

    with bolt(desk, workspace, add) as app, caplog.at_level(logging.DEBUG):
        app.click("U01LIN", "explodes", "SECRET-VALUE")
        app.click("U01LIN", "unheard.of", "SECRET-VALUE")
    noted = [record for record in caplog.records if record.name.startswith("creditdesk")]
    assert "RuntimeError" in " ".join(record.getMessage() for record in noted)
    assert all("SECRET" not in record.getMessage() and record.exc_info is None for record in caplog.records)
    assert "SECRET" not in capsys.readouterr().err


@pytest.mark.parametrize("fault", ["cut", "echo", "dropped", 500])
def test_no_name_and_no_text_reaches_the_log_whatever_slack_answers(
    desk: Desk, workspace: Slack, caplog: pytest.LogCaptureFixture, fault: int | str
) -> None:
    with bolt(desk, workspace) as app, caplog.at_level(logging.DEBUG):
        workspace.spoilt = dict.fromkeys(("chat.postMessage", "views.open", "views.publish", "reply"), fault)
        app.click("U01LIN", "lookup.share", '{"c":"C0001","v":1}', channel={"id": "C03EAST"})
        app.click("U01LIN", "lookup.details", '{"c":"C0001","v":1}')
        app.click("U01LIN", "lookup.choose", '{"c":"C0001","v":1}')
        app.event("E1", type="message", channel_type="im", user="U01LIN", channel="D1", text="艾克美 SECRET")
        app.event("E2", type="app_home_opened", user="U01LIN", tab="home")
        for method in ("chat.postMessage", "views.open", "views.publish"):
            workspace.wait(method)
        app.later.close()
    assert "after ack" in caplog.text
    assert not any(word in caplog.text for word in ("艾克美", "SECRET", "C0001", "ACME"))


def test_readers_are_asked_again_beside_the_answer_and_forgotten_after_a_day(desk: Desk, workspace: Slack) -> None:
    from slack_sdk import WebClient

    clock, later = Clock(), Later(1)
    client = WebClient(token="xoxb-test", base_url=workspace.url, retry_handlers=[])
    readers = Readers(desk, client, later, lambda _: "T1", clock)

    def asked() -> int:
        later._pool.submit(lambda: None).result()
        return len(workspace.named("users.info"))

    assert readers.reader("U20NEW").name == "New"
    assert readers.reader("U20NEW").name == "New"
    assert asked() == 1
    clock.now += FRESH_SECONDS + 1
    readers.reader("U20NEW")
    assert asked() == 2
    workspace.away = 503
    clock.now += TRUSTED_SECONDS + 1
    assert not readers.reader("U20NEW").outsider
    assert asked() == 3
    assert not readers.reader("U20NEW").outsider
    assert asked() == 3
    clock.now += max(PAUSE_SECONDS, FORGOTTEN_SECONDS) + 1
    assert readers.reader("U20NEW").outsider
    later.close()


def test_people_are_known_before_they_ask(app: Bolt) -> None:
    app.slack.wait("users.info", 10)
    app.later._pool.submit(lambda: None).result()
    before = len(app.slack.named("users.info"))
    app.command("U01LIN", "ACME")
    assert len(app.slack.named("users.info")) == before
