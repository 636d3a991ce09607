"""Files to a person's direct messages: sent once, and how that ended."""

from collections.abc import Sequence
from typing import Any

from flows.letters import File
from flows.replies import Posted
from handlers.sending import ended


def hand_over(client: Any, account: str, files: Sequence[File], words: str) -> Posted:
    """One message with all of the files. An upload that is cut off before its last step is seen by nobody."""

    def send() -> object:
        place = str(client.conversations_open(users=account)["channel"]["id"])
        uploads = [{"filename": one.name, "title": one.title, "content": one.content} for one in files]
        return client.files_upload_v2(channel=place, file_uploads=uploads, initial_comment=words)

    return ended(send)
