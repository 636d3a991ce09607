"""What every act of a person needs: who, where, and the payload to the app."""

from typing import Any

from sandbox.slack.delivery import Delivery
from sandbox.slack.people import APP, BOT_USER, PEOPLE, TEAM
from sandbox.slack.state import Posted, Workspace


class ActError(Exception):
    """The act is not possible: what a person would see instead."""


class Hands:
    """The hands of the demo people."""

    def __init__(self, workspace: Workspace, delivery: Delivery, base: str) -> None:
        """`base` is the address that response_urls begin with."""
        self.workspace, self.delivery, self.base = workspace, delivery, base

    def person(self, person: str) -> dict[str, Any]:
        """Who acts, as payloads say it."""
        if person not in PEOPLE:
            raise ActError(f"nobody is called {person}")
        home = "T99ELSE" if PEOPLE[person].stranger else TEAM
        return {"id": person, "username": person.lower(), "name": person.lower(), "team_id": home}

    def visible(self, person: str, channel: str, ts: str) -> Posted:
        """A message that this person sees."""
        message = self.workspace.find(channel, ts)
        if message is None or message not in self.workspace.seen_by(person, channel):
            raise ActError("that message is not there for this person")
        return message

    def address(self, person: str, channel: str, ts: str | None = None) -> str:
        """A fresh response_url."""
        return f"{self.base}/slack/hooks/{self.workspace.new_address(person, channel, ts)}"

    def notice(self, person: str, channel: str, text: str) -> None:
        """Slackbot's word to one person."""
        self.workspace.post(Posted(self.workspace.ts(), channel, "USLACKBOT", text, only_for=person))

    def payload(self, kind: str, person: str) -> dict[str, Any]:
        """What all interactive payloads have in common."""
        return {
            "type": kind, "team": {"id": TEAM, "domain": "demo"}, "user": self.person(person), "api_app_id": APP,
            "token": "verification", "enterprise": None, "is_enterprise_install": False,
        }  # fmt: skip

    def triggered(self, kind: str, person: str) -> dict[str, Any]:
        """The same with a trigger."""
        return {**self.payload(kind, person), "trigger_id": self.workspace.new_trigger(person)}

    async def interactive(self, person: str, channel: str, payload: dict[str, Any]) -> bool:
        """Deliver a click; unanswered, the person sees a warning."""
        answer = await self.delivery.send("interactive", payload, accepts=True)
        if answer is None:
            chinese = PEOPLE[person].reads_chinese
            self.notice(person, channel, "⚠️ 操作没有得到回应" if chinese else "⚠️ The app did not respond")
            return False
        return True


def author_of(message: Posted) -> dict[str, Any]:
    """A message as payloads show it."""
    found: dict[str, Any] = {"type": "message", "ts": message.ts, "text": message.text, "user": message.author}
    if message.author == BOT_USER:
        found |= {"blocks": message.blocks, "bot_id": "B00DESK", "app_id": APP}
    return {**found, "thread_ts": message.thread_ts} if message.thread_ts else found
