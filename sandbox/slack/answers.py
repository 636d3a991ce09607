"""Answers of the app to what a person did: in the acknowledgement, or through a response_url."""

import copy
import json
from typing import Any

from sandbox.slack.calls import Refused
from sandbox.slack.hands import Hands
from sandbox.slack.limits import LIMIT
from sandbox.slack.people import BOT_USER
from sandbox.slack.posts import content
from sandbox.slack.state import Posted, with_ids


class Answers(Hands):
    """Where an answer is shown, to whom, and how often an address may be used."""

    def reply(self, person: str, channel: str, answer: dict[str, Any], replaces: str | None = None) -> str:
        """Show an answer; "" or Slack's word for what is wrong with it."""
        changes = replaces is not None and (answer.get("replace_original") or answer.get("delete_original"))
        if not (changes and answer.get("delete_original")):
            try:
                content(answer)
            except Refused as refusal:
                word = str(refusal)
                reasons = refusal.answer.get("errors") or [""]
                self.notice(person, channel, f"{word}: {reasons[0]}")
                return word
        if changes:
            return self._change(channel, str(replaces), answer)
        message = Posted(
            self.workspace.ts(),
            channel,
            BOT_USER,
            self._text(answer),
            with_ids(copy.deepcopy(answer.get("blocks") or [])),
        )
        message.only_for = None if answer.get("response_type") == "in_channel" else person
        message.attachments, message.thread_ts = answer.get("attachments") or [], answer.get("thread_ts") or None
        self.workspace.post(message)
        return ""

    @staticmethod
    def _text(answer: dict[str, Any]) -> str:
        return str(answer.get("text") or answer.get("markdown_text") or "")[: LIMIT["message_text"]]

    def _change(self, channel: str, ts: str, answer: dict[str, Any]) -> str:
        message = self.workspace.find(channel, ts)
        if message is None:
            return "message_not_found"
        if answer.get("delete_original"):
            self.workspace.messages[channel].remove(message)
        else:
            message.text, message.blocks = self._text(answer), with_ids(copy.deepcopy(answer.get("blocks") or []))
            message.edited, message.revision = True, message.revision + 1
        self.workspace.changed()
        return ""

    def respond(self, key: str, body: bytes) -> tuple[int, str]:
        """A post to a response_url: five uses within thirty minutes."""
        address = self.workspace.addresses.get(key)
        if address is None:
            return 404, "no_such_url"
        if self.workspace.clock() - address.made > LIMIT["response_url_seconds"]:
            return 404, "expired_url"
        if address.uses >= LIMIT["response_url_uses"]:
            return 404, "used_url"
        try:
            answer = json.loads(body or b"{}")
        except ValueError:
            return 400, "invalid_payload"
        if not isinstance(answer, dict):
            return 400, "invalid_payload"
        address.uses += 1
        wrong = self.reply(address.person, address.channel, answer, address.message_ts)
        if wrong:
            return (404 if wrong == "message_not_found" else 400), wrong
        return 200, "ok"
