"""Letters reach the direct messages of a workspace as files, once, and nobody else's."""

from pathlib import Path

import pytest

from flows.letters import File
from handlers.hand_over import hand_over
from sandbox.faults import Fault
from tests.sandbox.slacks import LIN, running

FILES = (File("a.docx", "甲 · Demand letter", b"one"), File("b.docx", "甲 · 催款函", b"two"))


def test_the_files_of_a_letter_are_one_message_in_the_direct_messages(tmp_path: Path) -> None:
    with running(tmp_path) as slack:
        assert hand_over(slack.client, LIN, FILES, "ready") == "done"
        place = slack.workspace.dm_of(LIN)
        (message,) = slack.workspace.messages[place]
        found = [slack.workspace.files[number] for number in message.files]
        assert (message.text, [(one.name, one.content) for one in found]) == (
            "ready", [(one.name, one.content) for one in FILES],
        )  # fmt: skip


@pytest.mark.parametrize(("kind", "how"), [("error:no_permission", "refused"), ("lost", "unknown"), ("429", "busy")])
def test_how_an_upload_ended_is_told(tmp_path: Path, kind: str, how: str) -> None:
    with running(tmp_path) as slack:
        slack.workspace.faults.plan(Fault("files.completeUploadExternal", kind))
        assert hand_over(slack.client, LIN, FILES[:1], "ready") == how
