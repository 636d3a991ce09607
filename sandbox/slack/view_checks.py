"""Views against the table."""

import json
from typing import Any

from sandbox.slack.blocks import problems
from sandbox.slack.limits import LIMIT
from sandbox.slack.shapes import known, string, text

_BOTH = {"blocks", "private_metadata", "callback_id", "external_id"}
_MODAL = {*_BOTH, "title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled"}


def too_large(view: Any) -> bool:
    """More than the bytes that Slack takes."""
    return len(json.dumps(view, ensure_ascii=False).encode()) > LIMIT["view_bytes"]


def view_problems(view: Any, kind: str = "") -> list[str]:
    """What Slack would refuse about a view; `kind` is the only one allowed there, if any."""
    if not isinstance(view, dict) or view.get("type") not in {"modal", "home"}:
        return ["view must be a modal or home"]
    if kind and view["type"] != kind:
        return [f"must be of type {kind} [json-pointer:/view/type]"]
    found = problems(view.get("blocks"), view["type"])
    found += known(view, _MODAL if view["type"] == "modal" else _BOTH)
    for name in ("private_metadata", "callback_id", "external_id"):
        found += string(view, name, name, least=0)
    if view["type"] == "modal":
        found += text(view.get("title"), "view_title", plain=True)
        found += text(view.get("submit"), "view_submit", plain=True, optional=True)
        found += text(view.get("close"), "view_close", plain=True, optional=True)
        blocks = view["blocks"] if isinstance(view.get("blocks"), list) else []
        if any(isinstance(one, dict) and one.get("type") == "input" for one in blocks) and not view.get("submit"):
            found.append("submit is required when there is an input block")
    return found
