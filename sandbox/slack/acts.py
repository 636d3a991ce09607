"""What people in the workspace do: type, mention, open Home, use shortcuts. Each act is one payload to the app."""

import base64
import re
from typing import Any

from sandbox.slack import files
from sandbox.slack.answers import Answers
from sandbox.slack.hands import ActError, author_of
from sandbox.slack.limits import LIMIT
from sandbox.slack.modals import Modals
from sandbox.slack.people import APP, BOT_USER, CHANNELS, PEOPLE, TEAM
from sandbox.slack.state import Posted

__all__ = ["ActError", "Acts"]
_REFERENCE = re.compile(r"&lt;(@[UW][A-Z0-9]+|#C[A-Z0-9]+)(\|[^&]*)?&gt;")

NOT_A_COMMAND = (
    'In Slack, all messages that start with the "/" character are interpreted as commands. '
    'If you are trying to send a message and not run a command, try preceding the "/" with an empty space.'
)


def escaped(text: str) -> str:
    """Typed text as Slack sends it: & < > as entities, only real people and channels as references."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    def reference(found: re.Match[str]) -> str:
        known = found[1][1:] in {BOT_USER, *PEOPLE, *CHANNELS}
        return f"<{found[1]}>" if known else found[0]

    return _REFERENCE.sub(reference, plain)


class Acts(Modals, Answers):
    """The hands of the demo people."""

    async def command(self, person: str, channel: str, command: str, text: str) -> str | bool:
        """/credit TEXT; False when it was not acknowledged in time, else the time of the answer (or True without one)."""
        self.person(person)
        if not self.workspace.may_read(person, channel):
            raise ActError("not in this channel")
        manifest = self.workspace.manifest
        if not manifest.has_command(command) or not manifest.may("commands"):
            self.notice(person, channel, f"`{command}` is not a valid command. {NOT_A_COMMAND}")
            return False
        name = "directmessage" if channel not in self.workspace.members else channel
        payload = {
            "token": "verification", "team_id": TEAM, "team_domain": "demo", "channel_id": channel, "channel_name": name,
            "user_id": person, "user_name": person.lower(), "command": command,
            "text": escaped(text[: LIMIT["command_text"]]), "api_app_id": APP, "is_enterprise_install": "false",
            "response_url": self.address(person, channel), "trigger_id": self.workspace.new_trigger(person),
        }  # fmt: skip
        answer = await self.delivery.send("slash_commands", payload, accepts=True)
        if answer is None:
            self.notice(person, channel, f"{command} failed with the error “operation_timeout”")
            return False
        if answer:
            self.reply(person, channel, answer)
            return self.messages_end(channel)
        return True

    def messages_end(self, channel: str) -> str:
        """The time of the newest message of a channel."""
        return self.workspace.messages[channel][-1].ts

    async def say(self, person: str, channel: str, text: str, thread_ts: str | None = None) -> str:
        """A typed message, in a thread or not; a mention or a direct message reaches the app as an event."""
        if not self.workspace.may_read(person, channel):
            raise ActError("not in this channel")
        home = self.person(person)["team_id"]
        if thread_ts is not None:
            self.visible(person, channel, thread_ts)
        message = Posted(self.workspace.ts(), channel, person, escaped(text), thread_ts=thread_ts)
        self.workspace.post(message)
        kind = self.workspace.kind_of(channel)
        event: dict[str, Any] = {
            "type": "message", "channel": channel, "user": person, "text": message.text, "ts": message.ts,
            "event_ts": message.ts, "channel_type": kind, "team": home, **({"thread_ts": thread_ts} if thread_ts else {}),
        }  # fmt: skip
        if kind != "im" and f"<@{BOT_USER}>" in message.text:
            mention = {key: value for key, value in event.items() if key != "channel_type"}
            await self.delivery.event({**mention, "type": "app_mention"})
        if kind not in {"channel", "group"} or f"message.{kind}s" in self.workspace.manifest.events:
            await self.delivery.event(event)
        return message.ts

    async def open_home(self, person: str) -> None:
        """The Home tab."""
        self.person(person)
        event = {
            "type": "app_home_opened", "user": person, "channel": self.workspace.dm_of(person), "tab": "home",
            "event_ts": self.workspace.ts(),
        }  # fmt: skip
        await self.delivery.event(event)

    async def message_shortcut(self, person: str, channel: str, ts: str, callback_id: str) -> bool:
        """An entry of the menu of a message that this person sees."""
        message = self.visible(person, channel, ts)
        if not self.workspace.manifest.has_shortcut(callback_id):
            raise ActError(f"no shortcut is called {callback_id}")
        payload = self.triggered("message_action", person) | {
            "callback_id": callback_id, "channel": {"id": channel, "name": channel}, "message_ts": ts,
            "response_url": self.address(person, channel), "message": author_of(message), "action_ts": self.workspace.ts(),
        }  # fmt: skip
        return await self.interactive(person, channel, payload)

    async def global_shortcut(self, person: str, callback_id: str) -> bool:
        """An entry of the lightning menu."""
        if not self.workspace.manifest.has_shortcut(callback_id):
            raise ActError(f"no shortcut is called {callback_id}")
        payload = self.triggered("shortcut", person) | {"callback_id": callback_id, "action_ts": self.workspace.ts()}
        return await self.interactive(person, self.workspace.dm_of(person), payload)

    async def upload(self, person: str, name: str, content: str = "", base64_content: str = "") -> str:
        """Bring a file for a file_input; its id."""
        self.person(person)
        data = base64.b64decode(base64_content) if base64_content else content.encode()
        return files.bring(self.workspace, person, name, data).id
