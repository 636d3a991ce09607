"""What people in the workspace do: type, click, submit, mention, open Home. Each act is one payload to the app."""

from typing import Any

from sandbox.slack.api import view_object
from sandbox.slack.delivery import Delivery
from sandbox.slack.limits import LIMIT, problems, view_problems
from sandbox.slack.people import APP, BOT_USER, PEOPLE, TEAM
from sandbox.slack.state import Open, Posted, Workspace

COMMANDS = frozenset({"/credit"})
"""What the app's manifest registers; Slack itself refuses everything else."""
NOT_A_COMMAND = (
    'In Slack, all messages that start with the "/" character are interpreted as commands. '
    'If you are trying to send a message and not run a command, try preceding the "/" with an empty space.'
)


class ActError(Exception):
    """The act is not possible: what a person would see instead."""


class Acts:
    """The hands of the demo people."""

    def __init__(self, workspace: Workspace, delivery: Delivery, base: str) -> None:
        """`base` is the address that response_urls begin with."""
        self.workspace, self.delivery, self.base = workspace, delivery, base

    def _person(self, person: str) -> dict[str, Any]:
        if person not in PEOPLE:
            raise ActError(f"nobody is called {person}")
        home = "T99ELSE" if PEOPLE[person].stranger else TEAM
        return {"id": person, "username": person.lower(), "name": person.lower(), "team_id": home}

    def _address(self, person: str, channel: str, ts: str | None = None) -> str:
        return f"{self.base}/slack/hooks/{self.workspace.new_address(person, channel, ts)}"

    async def command(self, person: str, channel: str, command: str, text: str) -> str | bool:
        """/credit TEXT; the time of the answer (True without one), False when nobody took it or not in time."""
        self._person(person)
        if not self.workspace.may_read(person, channel):
            raise ActError("not in this channel")
        if command not in COMMANDS:
            self.notice(person, channel, f"`{command}` is not a valid command. {NOT_A_COMMAND}")
            return False
        name = "directmessage" if channel not in self.workspace.members else channel
        payload = {
            "token": "verification", "team_id": TEAM, "team_domain": "demo", "channel_id": channel, "channel_name": name,
            "user_id": person, "user_name": person.lower(), "command": command, "text": text[: LIMIT["command_text"]],
            "api_app_id": APP, "is_enterprise_install": "false", "response_url": self._address(person, channel),
            "trigger_id": self.workspace.new_trigger(person),
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

    def notice(self, person: str, channel: str, text: str) -> None:
        """Slackbot's word to one person."""
        self.workspace.post(Posted(self.workspace.ts(), channel, "USLACKBOT", text, only_for=person))

    def reply(self, person: str, channel: str, answer: dict[str, Any], replaces: str | None = None) -> str:
        """An answer through an acknowledgement or a response_url; "" or what is wrong with it."""
        found = problems(answer["blocks"], "message") if answer.get("blocks") else []
        if found:
            self.notice(person, channel, f"invalid_blocks: {found[0]}")
            return "invalid_blocks"
        if replaces is not None and (answer.get("replace_original") or answer.get("delete_original")):
            message = self.workspace.find(channel, replaces)
            if message is not None:
                if answer.get("delete_original"):
                    self.workspace.messages[channel].remove(message)
                else:
                    message.text, message.blocks = str(answer.get("text", "")), answer.get("blocks") or []
                    message.edited, message.revision = True, message.revision + 1
                self.workspace.changed()
            return ""
        if not answer.get("text") and not answer.get("blocks"):
            return "no_text"
        only_for = None if answer.get("response_type") == "in_channel" else person
        self.workspace.post(
            Posted(
                self.workspace.ts(),
                channel,
                BOT_USER,
                str(answer.get("text", "")),
                answer.get("blocks") or [],
                only_for=only_for,
            )
        )
        return ""

    def respond(self, key: str, answer: dict[str, Any]) -> tuple[int, str]:
        """A post to a response_url: five uses within thirty minutes."""
        address = self.workspace.addresses.get(key)
        if address is None:
            return 404, "no_such_url"
        if (
            self.workspace.clock() - address.made > LIMIT["response_url_seconds"]
            or address.uses >= LIMIT["response_url_uses"]
        ):
            return 404, "used_url"
        address.uses += 1
        wrong = self.reply(address.person, address.channel, answer, address.message_ts)
        return (400, wrong) if wrong else (200, "ok")

    async def click(
        self, person: str, channel: str, ts: str, action_id: str, value: str | None = None, block_id: str | None = None
    ) -> bool:
        """A button of a message."""
        message = self.workspace.find(channel, ts)
        if message is None or message not in self.workspace.seen_by(person, channel):
            raise ActError("that message is not there for this person")
        action = find_action(message.blocks, action_id, value, block_id)
        container = {
            "type": "message",
            "message_ts": ts,
            "channel_id": channel,
            "is_ephemeral": message.only_for is not None,
        }
        payload = self._actions(person, [action], container) | {
            "channel": {"id": channel, "name": channel}, "response_url": self._address(person, channel, ts),
        }  # fmt: skip
        if message.only_for is None:
            payload["message"] = {
                "type": "message",
                "ts": ts,
                "text": message.text,
                "blocks": message.blocks,
                "user": BOT_USER,
            }
        return await self._interactive(person, channel, payload)

    async def click_view(
        self, person: str, surface: str, action_id: str, value: str | None = None, block_id: str | None = None
    ) -> bool:
        """A button or dispatching input of Home ("home") or the top modal ("modal")."""
        one = self._surface(person, surface)
        action = find_action(one.view["blocks"], action_id, value, block_id)
        container = {"type": "view", "view_id": one.id}
        payload = self._actions(person, [action], container) | {"view": view_object(one)}
        if action.get("type") == "plain_text_input":
            payload["view"]["state"] = {
                "values": {action["block_id"]: {action_id: {"type": "plain_text_input", "value": value}}}
            }
        return await self._interactive(person, self.workspace.dm_of(person), payload)

    async def submit(self, person: str, values: dict[str, dict[str, Any]]) -> bool:
        """The top modal's submit button; errors stand at their fields, an empty answer closes it."""
        one = self._surface(person, "modal")
        view = view_object(one)
        view["state"] = {"values": values}
        payload = {
            "type": "view_submission", "team": {"id": TEAM, "domain": "demo"}, "user": self._person(person), "api_app_id": APP,
            "token": "verification", "trigger_id": self.workspace.new_trigger(person), "view": view, "response_urls": [],
        }  # fmt: skip
        answer = await self.delivery.send("interactive", payload, accepts=True)
        if answer is None:
            one.errors = {"": "We had some trouble connecting. Try again?"}
            self.workspace.changed()
            return False
        self._view_answer(person, one, answer)
        return True

    def _view_answer(self, person: str, one: Open, answer: dict[str, Any]) -> None:
        stack = self.workspace.views[person]
        kind = answer.get("response_action")
        if kind == "errors":
            inputs = {block.get("block_id") for block in one.view["blocks"] if block["type"] == "input"}
            one.errors = {key: text for key, text in answer["errors"].items() if key in inputs}
        elif kind in {"update", "push"}:
            found = view_problems(answer["view"])
            if found:
                one.errors = {"": found[0]}
            elif kind == "update":
                one.view, one.hash, one.errors = answer["view"], self.workspace.new_id("h"), {}
            elif len(stack) < LIMIT["view_stack"]:
                stack.append(Open(self.workspace.new_id("V"), self.workspace.new_id("h"), answer["view"]))
        elif kind == "clear":
            stack.clear()
        else:
            stack.remove(one)
        self.workspace.changed()

    def close(self, person: str) -> None:
        """The top modal's close button."""
        if self.workspace.views[person]:
            self.workspace.views[person].pop()
            self.workspace.changed()

    async def say(self, person: str, channel: str, text: str) -> str:
        """A typed message; a mention or a direct message reaches the app as an event."""
        if not self.workspace.may_read(person, channel):
            raise ActError("not in this channel")
        self._person(person)
        message = self.workspace.post(Posted(self.workspace.ts(), channel, person, text))
        direct = channel not in self.workspace.members
        event: dict[str, Any] = {
            "type": "message", "channel": channel, "user": person, "text": text, "ts": message.ts, "event_ts": message.ts,
            "channel_type": "im" if direct else "channel", "team": self._person(person)["team_id"],
        }  # fmt: skip
        if direct:
            await self.delivery.event(event)
        elif f"<@{BOT_USER}>" in text:
            mention = {key: value for key, value in event.items() if key != "channel_type"}
            await self.delivery.event({**mention, "type": "app_mention"})
        return message.ts

    async def open_home(self, person: str) -> None:
        """The Home tab."""
        event = {
            "type": "app_home_opened", "user": person, "channel": self.workspace.dm_of(person), "tab": "home",
            "event_ts": self.workspace.ts(),
        }  # fmt: skip
        await self.delivery.event(event)

    async def message_shortcut(self, person: str, channel: str, ts: str, callback_id: str) -> bool:
        """An entry of a message's menu."""
        message = self.workspace.find(channel, ts)
        if message is None:
            raise ActError("that message is gone")
        payload = {
            "type": "message_action", "callback_id": callback_id, "team": {"id": TEAM, "domain": "demo"},
            "user": self._person(person), "channel": {"id": channel, "name": channel}, "api_app_id": APP,
            "token": "verification", "trigger_id": self.workspace.new_trigger(person), "message_ts": ts,
            "response_url": self._address(person, channel),
            "message": {"type": "message", "ts": ts, "text": message.text, "user": message.author},
        }  # fmt: skip
        return await self._interactive(person, channel, payload)

    async def global_shortcut(self, person: str, callback_id: str) -> bool:
        """An entry of the lightning menu."""
        payload = {
            "type": "shortcut", "callback_id": callback_id, "team": {"id": TEAM, "domain": "demo"}, "api_app_id": APP,
            "user": self._person(person), "token": "verification", "trigger_id": self.workspace.new_trigger(person),
        }  # fmt: skip
        return await self._interactive(person, self.workspace.dm_of(person), payload)

    def _surface(self, person: str, surface: str) -> Open:
        if surface == "home":
            one = self.workspace.homes.get(person)
        else:
            one = self.workspace.views[person][-1] if self.workspace.views[person] else None
        if one is None:
            raise ActError(f"no {surface} is open")
        return one

    def _actions(self, person: str, actions: list[dict[str, Any]], container: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "block_actions", "team": {"id": TEAM, "domain": "demo"}, "user": self._person(person), "api_app_id": APP,
            "token": "verification", "container": container, "trigger_id": self.workspace.new_trigger(person),
            "actions": actions,
        }  # fmt: skip

    async def _interactive(self, person: str, channel: str, payload: dict[str, Any]) -> bool:
        answer = await self.delivery.send("interactive", payload, accepts=True)
        if answer is None:
            chinese = PEOPLE[person].reads_chinese
            self.notice(person, channel, "⚠️ 操作没有得到回应" if chinese else "⚠️ The app did not respond")
            return False
        return True


def find_action(
    blocks: list[dict[str, Any]], action_id: str, value: str | None, block_id: str | None
) -> dict[str, Any]:
    """The element a person clicked, as block_actions carries it; ActError when no such element is shown."""
    for place, block in enumerate(blocks):
        name = block.get("block_id", f"b{place}")
        if block_id is not None and name != block_id:
            continue
        for element in (*block.get("elements", []), block.get("accessory") or {}, block.get("element") or {}):
            if element.get("action_id") != action_id:
                continue
            if element["type"] == "button" and value is not None and element.get("value") != value:
                continue
            chosen = value if element["type"] == "plain_text_input" else element.get("value")
            return {**element, "block_id": name, "value": chosen, "action_ts": "0"}
    raise ActError(f"no element {action_id} is shown")
