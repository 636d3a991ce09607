"""Who the bot is in Slack: asked once beside the answers and kept, so that no answer waits for Slack to say it."""

from typing import Any

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.authorize import Authorize
from slack_sdk import WebClient


class Identity(Authorize):
    """Bolt asks this instead of auth.test at each start: the bot's own account, or only its token while unknown."""

    def __init__(self, token: str) -> None:
        """Nobody has been asked yet."""
        self._token = token
        self._known: dict[str, Any] = {}

    @property
    def team(self) -> str | None:
        """The workspace, once Slack has told."""
        return self._known.get("team_id")

    def learn(self, client: WebClient) -> str:
        """Ask Slack; the workspace. Errors pass through and leave what is known."""
        answer: Any = client.auth_test()
        self._known = {name: answer.get(name) for name in ("team_id", "enterprise_id", "user_id", "bot_id")}
        return str(self._known["team_id"])

    def __call__(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None, **_: Any
    ) -> AuthorizeResult:
        """What Bolt needs to know about a request: one workspace, one token."""
        known = self._known
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            user_id=user_id,
            bot_id=known.get("bot_id"),
            bot_user_id=known.get("user_id"),
            bot_token=self._token,
        )
