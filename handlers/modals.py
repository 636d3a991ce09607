"""Showing modals. A trigger lives three seconds and works once; three modals stand on each other at the most."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError

from handlers.sending import refusal

_SPENT = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "push_limit_reached"})


def in_modal(body: Mapping[str, Any]) -> bool:
    """Whether it was clicked in a modal."""
    return (body.get("container") or {}).get("type") == "view" and (body.get("view") or {}).get("type") == "modal"


def show_view(client: Any, body: Mapping[str, Any], view: Mapping[str, Any]) -> object:
    """On top of the open one, or as the first; SlackApiError as Slack has it."""
    method = client.views_push if in_modal(body) else client.views_open
    return method(trigger_id=body["trigger_id"], view=view)


def open_modal(client: Any, body: Mapping[str, Any], view: Mapping[str, Any]) -> bool:
    """The same; False where the trigger is spent."""
    try:
        show_view(client, body, view)
    except SlackApiError as problem:
        if refusal(problem) not in _SPENT:
            raise
        return False
    return True


def first_input(view: Mapping[str, Any], otherwise: str) -> str:
    """The question at which something unexpected is said."""
    inputs = (str(block["block_id"]) for block in view.get("blocks", ()) if block.get("type") == "input")
    return next(inputs, otherwise)
