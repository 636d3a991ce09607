"""What buttons and modals of requests carry, parsed: a number and a version; nothing else is believed."""

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from flows.approval import Event, Place

MoreAct = Literal["other", "conditions", "hand_on", "ask", "recommend_up", "adjust"]


class OnRequest(BaseModel):
    """{"r": request number, "v": version it was made at}, of a menu's entry with {"a": what it stands for},
    of a file with {"f": its digest}."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    r: Annotated[str, Field(pattern=r"^[A-Z]{2}-[0-9]{4}-[0-9]{4,9}$")]
    v: Annotated[int, Field(ge=1, le=1_000_000, strict=True)]
    a: MoreAct | None = None
    f: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None

    @property
    def place(self) -> Place:
        """The same for the flows."""
        return Place(self.r, self.v)


def on_request(value: object) -> OnRequest | None:
    """The value of a button, an entry or a modal, or None when it is not one of ours."""
    if not isinstance(value, str):
        return None
    try:
        return OnRequest.model_validate_json(value)
    except ValidationError:
        return None


def value_of(action: Mapping[str, Any]) -> object:
    """What a button carries, or the chosen entry of a menu."""
    chosen = action.get("selected_option") or {}
    return chosen.get("value") or action.get("value")


def event_of(body: Mapping[str, Any], more: str = "") -> Event:
    """One delivery of a click or a sent modal. A replay has the same key; the workspace's id is left out of it."""
    person, view = str((body.get("user") or {}).get("id")), body.get("view") or {}
    container = body.get("container") or {}
    action = (body.get("actions") or [{}])[0]
    if body.get("type") == "view_submission":
        where = f"view:{view.get('id')}:{view.get('hash')}"
    else:
        shown = container.get("message_ts") or view.get("id")
        where = f"click:{action.get('action_id')}:{action.get('action_ts')}:{shown}"
    said = json.dumps([value_of(action), view.get("private_metadata"), view.get("state")], sort_keys=True, default=str)
    return Event(f"{where}:{person}{more}"[:240], hashlib.sha256(said.encode()).hexdigest())
