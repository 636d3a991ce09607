"""Who waits for a customer is told once: again only when the word surely did not go out."""

from functools import partial

import pytest
from slack_sdk import WebClient

from flows.desk import Desk
from flows.watchers import tell_watchers
from handlers.sending import notify
from storage.watches import Watch
from tests.handlers.slack import Slack

FREE = "C0001"


@pytest.mark.parametrize(
    ("fault", "sent"),
    [
        (None, [1, 0]), ("dropped", [1, 0]), ("cut", [1, 0]), (500, [1, 0]), (503, [1, 0]), ("internal_error", [1, 0]),
        ("account_inactive", [1, 0]), ("ratelimited", [0, 1]), (429, [0, 1]),
    ],
)  # fmt: skip
def test_a_word_that_may_have_arrived_is_not_repeated(
    desk: Desk, workspace: Slack, fault: int | str | None, sent: list[int]
) -> None:
    assert desk.watches is not None
    desk.watches.add(Watch("U01LIN", FREE, "2026-11-20", "zh-CN"))
    post = partial(notify, WebClient(token="xoxb-test", base_url=workspace.url, retry_handlers=[]))
    if fault is not None:
        workspace.spoilt["chat.postMessage"] = fault
    told = [tell_watchers(desk, post)]
    workspace.spoilt.clear()
    told.append(tell_watchers(desk, post))
    assert (told, len(workspace.named("chat.postMessage"))) == (sent, 1 + sent[1])
    assert desk.watches.all() == []


@pytest.mark.parametrize("nowhere", ["http://127.0.0.1:9/", "http://no-such-host.invalid/"])
def test_a_word_that_nobody_was_there_to_take_is_told_later(desk: Desk, workspace: Slack, nowhere: str) -> None:
    assert desk.watches is not None
    desk.watches.add(Watch("U01LIN", FREE, "2026-11-20", "zh-CN"))
    away, back = (
        partial(notify, WebClient(token="xoxb-test", base_url=url, retry_handlers=[]))
        for url in (nowhere, workspace.url)
    )
    assert [tell_watchers(desk, post) for post in (away, back, back)] == [0, 1, 0]
