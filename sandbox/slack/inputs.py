"""What people type and choose: the state of inputs as payloads carry it."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from sandbox.slack.people import PEOPLE

Typed = dict[tuple[str, str], Any]
_FIELD = {
    "plain_text_input": "value", "number_input": "value", "email_text_input": "value", "url_text_input": "value",
    "static_select": "selected_option", "external_select": "selected_option", "radio_buttons": "selected_option",
    "multi_static_select": "selected_options", "multi_external_select": "selected_options",
    "checkboxes": "selected_options", "users_select": "selected_user", "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation", "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel", "multi_channels_select": "selected_channels",
    "datepicker": "selected_date", "timepicker": "selected_time", "datetimepicker": "selected_date_time",
    "file_input": "files",
}  # fmt: skip
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class NotChosenError(Exception):
    """The element does not offer this."""


def elements(blocks: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(block, element) of everything one can use."""
    for block in blocks:
        inner = block.get("elements", []) if block["type"] in {"actions", "context_actions"} else []
        for element in (*inner, block.get("accessory"), block.get("element")):
            if isinstance(element, dict) and element.get("action_id"):
                yield block, element


def field_of(element: dict[str, Any]) -> str | None:
    """The key under which a kind keeps its value; None for buttons and menus."""
    return _FIELD.get(element["type"])


def _initial(element: dict[str, Any], field: str) -> Any:
    if field == "files":
        return []
    found = element.get("initial_value" if field == "value" else field.replace("selected", "initial"))
    return [] if found is None and field.endswith("s") else found


def entry(block: dict[str, Any], element: dict[str, Any], typed: Typed) -> dict[str, Any] | None:
    """The state of one element; None for those without one."""
    field = field_of(element)
    if field is None:
        return None
    key = (block["block_id"], element["action_id"])
    return {"type": element["type"], field: typed[key] if key in typed else _initial(element, field)}


def state_of(blocks: list[dict[str, Any]], typed: Typed) -> dict[str, Any]:
    """`state` of a view or message."""
    values: dict[str, dict[str, Any]] = {}
    for block, element in elements(blocks):
        found = entry(block, element, typed)
        if found is not None:
            values.setdefault(block["block_id"], {})[element["action_id"]] = found
    return {"values": values}


def keep_typed(before: list[dict[str, Any]], after: list[dict[str, Any]], typed: Typed) -> Typed:
    """What stays in the inputs when blocks are replaced: same block, same action, same kind; then initial values lose."""
    old = {
        (block["block_id"], element["action_id"]): entry(block, element, typed) for block, element in elements(before)
    }
    stays: Typed = {}
    for block, element in elements(after):
        key, field = (block["block_id"], element["action_id"]), field_of(element)
        was = old.get(key)
        if field is not None and was is not None and was["type"] == element["type"]:
            stays[key] = was[field]
    return stays


def options_of(element: dict[str, Any], offered: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Everything that can be chosen."""
    if "external" in element["type"]:
        return offered or []
    groups = element.get("option_groups") or [{"options": element.get("options", [])}]
    return [option for group in groups for option in group["options"]]


def chosen(element: dict[str, Any], raw: Any, offered: list[dict[str, Any]] | None = None) -> Any:
    """The value that typing or choosing `raw` leaves in an element; NotChosenError when it cannot be."""
    field = field_of(element)
    if isinstance(raw, dict) and field in raw:
        raw = raw[field]
    if field in {"selected_option", "selected_options"}:
        wanted = [one["value"] if isinstance(one, dict) else one for one in (raw if isinstance(raw, list) else [raw])]
        there = {option["value"]: option for option in options_of(element, offered)}
        picked = [there[one] for one in wanted if one in there]
        if len(picked) != len([one for one in wanted if one is not None]):
            raise NotChosenError(f"{element['action_id']} offers {sorted(there)}, not {wanted}")
        return picked if field == "selected_options" else picked[0] if picked else None
    if field is not None and field.endswith("s") and field != "files":
        found = raw if isinstance(raw, list) else [raw] if raw else []
        _check_people(element, field, found)
        if len(found) > int(element.get("max_selected_items", len(found) or 1)):
            raise NotChosenError(f"at most {element['max_selected_items']}")
        return found
    if field == "selected_user":
        _check_people(element, field, [raw] if raw else [])
    if field == "selected_date" and raw:
        try:
            date.fromisoformat(str(raw))
        except ValueError:
            raise NotChosenError(f"{raw} is no date") from None
    return None if raw == "" else raw


def _check_people(element: dict[str, Any], field: str, found: list[Any]) -> None:
    if field.startswith("selected_user") and not set(found) <= set(PEOPLE):
        raise NotChosenError(f"{element['action_id']}: nobody is called {found}")


def complaint(block: dict[str, Any], found: dict[str, Any]) -> str:
    """What the client itself says at a field before anything is sent; empty when it is content."""
    element, field = block["element"], field_of(block["element"])
    value = found[field] if field else None
    if value in (None, "", []):
        return "" if block.get("optional") else "Please complete this required field."
    if element["type"] == "plain_text_input":
        if len(value) < element.get("min_length", 0):
            return f"Please enter at least {element['min_length']} characters."
        return (
            f"Please enter at most {element['max_length']} characters."
            if len(value) > element.get("max_length", 3000)
            else ""
        )
    if element["type"] == "number_input":
        return _number_complaint(element, str(value))
    if element["type"] == "email_text_input" and not _EMAIL.fullmatch(value):
        return "Please enter a valid email address."
    if element["type"] == "url_text_input" and not re.match(r"https?://\S+\.\S+", value):
        return "Please enter a valid URL."
    return ""


def _number_complaint(element: dict[str, Any], text: str) -> str:
    try:
        value = float(text)
    except ValueError:
        return "Please enter a number."
    if not element["is_decimal_allowed"] and "." in text:
        return "Please enter a whole number."
    low, high = element.get("min_value"), element.get("max_value")
    if (low is not None and value < float(low)) or (high is not None and value > float(high)):
        return f"Please enter a number between {low} and {high}."
    return ""
