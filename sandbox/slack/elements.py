"""Block elements: which exist, where each may stand, and what is wrong with one."""

from collections.abc import Callable
from typing import Any

from sandbox.slack.limits import LIMIT
from sandbox.slack.shapes import Problems, confirm, known, options, picture, string, style, text

_COMMON = {"action_id", "confirm"}
_PICK = {*_COMMON, "placeholder", "focus_on_load"}
_WRITE = {"action_id", "placeholder", "focus_on_load", "initial_value", "dispatch_action_config"}


def _button(element: dict[str, Any]) -> Problems:
    yield from text(element.get("text"), "button_text", plain=True)
    yield from string(element, "value", "button_value", least=0)
    yield from string(element, "url", "button_url", least=0)
    yield from string(element, "accessibility_label", "accessibility_label")
    yield from style(element)


def _choice(limit: str, *, markdown: bool = False) -> Callable[[dict[str, Any]], Problems]:
    def check(element: dict[str, Any]) -> Problems:
        wrong = list(options(element, limit, markdown=markdown))
        yield from wrong or _initial_choice(element)

    return check


def _initial_choice(element: dict[str, Any]) -> Problems:
    """What is chosen already has to be one of the options, word for word."""
    groups = element.get("option_groups") or [{"options": element["options"]}]
    there = [option for group in groups for option in group["options"]]
    if "initial_option" in element and element["initial_option"] not in there:
        yield "initial_option must be one of the options"
    chosen = element.get("initial_options", there[:1])
    if not isinstance(chosen, list) or not chosen or any(one not in there for one in chosen):
        yield "initial_options must be some of the options"


def _nothing(element: dict[str, Any]) -> Problems:
    del element
    yield from ()


def _typed(element: dict[str, Any]) -> Problems:
    longest, least = element.get("max_length", LIMIT["input_max_length"]), element.get("min_length", 0)
    if not isinstance(longest, int) or not 1 <= longest <= LIMIT["input_max_length"]:
        yield f"max_length must be 1-{LIMIT['input_max_length']}"
    elif not isinstance(least, int) or not 0 <= least <= longest:
        yield "min_length must be at most max_length"
    elif not isinstance(element.get("initial_value", ""), str) or len(element.get("initial_value", "")) > longest:
        yield f"initial_value must be at most {longest} characters"
    yield from _dispatch(element)


def _dispatch(element: dict[str, Any]) -> Problems:
    """When a text input sends what stands in it."""
    if "dispatch_action_config" not in element:
        return
    found = element["dispatch_action_config"]
    triggers = found.get("trigger_actions_on") if isinstance(found, dict) else None
    known_ones = {"on_enter_pressed", "on_character_entered"}
    if not isinstance(triggers, list) or not triggers or not set(map(str, triggers)) <= known_ones:
        yield f"trigger_actions_on must be some of {sorted(known_ones)}"


def _number(element: dict[str, Any]) -> Problems:
    if not isinstance(element.get("is_decimal_allowed"), bool):
        yield "missing required field: is_decimal_allowed"


def _files(element: dict[str, Any]) -> Problems:
    count = element.get("max_files", 1)
    if not isinstance(count, int) or not 1 <= count <= LIMIT["file_input_files"]:
        yield f"max_files must be 1-{LIMIT['file_input_files']}"
    kinds = element.get("filetypes", ["pdf"])
    if not isinstance(kinds, list) or not kinds or any(not isinstance(one, str) for one in kinds):
        yield "filetypes must be a list of strings"


def _icon(element: dict[str, Any]) -> Problems:
    yield from text(element.get("text"), "button_text", plain=True)
    if element.get("icon") != "trash":
        yield "icon must be trash"
    yield from string(element, "value", "button_value")
    yield from string(element, "accessibility_label", "accessibility_label")


def _feedback(element: dict[str, Any]) -> Problems:
    for name in ("positive_button", "negative_button"):
        button = element.get(name)
        if not isinstance(button, dict):
            yield f"missing required field: {name}"
            continue
        yield from known(button, {"text", "value", "accessibility_label"})
        yield from text(button.get("text"), "button_text", plain=True)
        yield from string(button, "value", "button_value", required=True)


def _date(name: str, form: str) -> Callable[[dict[str, Any]], Problems]:
    def check(element: dict[str, Any]) -> Problems:
        found = element.get(name)
        if found is not None and (not isinstance(found, str) or len(found) != len(form)):
            yield f"{name} must be {form}"

    return check


# kind: (properties, where it may stand beside an input, its own check)
_MANY = {*_PICK, "max_selected_items"}
KINDS: dict[str, tuple[set[str], set[str], Callable[[dict[str, Any]], Problems]]] = {
    "button": ({*_COMMON, "text", "url", "value", "style", "accessibility_label"}, {"section", "actions", "card"}, _button),
    "overflow": ({*_COMMON, "options"}, {"section", "actions"}, _choice("overflow_options")),
    "image": ({"image_url", "slack_file", "alt_text"}, {"section", "context"}, picture),
    "checkboxes": ({*_COMMON, "options", "initial_options", "focus_on_load"}, {"section", "actions", "input"}, _choice("checkboxes_options", markdown=True)),
    "radio_buttons": ({*_COMMON, "options", "initial_option", "focus_on_load"}, {"section", "actions", "input"}, _choice("radio_options", markdown=True)),
    "static_select": ({*_PICK, "options", "option_groups", "initial_option"}, {"section", "actions", "input"}, _choice("select_options")),
    "multi_static_select": ({*_MANY, "options", "option_groups", "initial_options"}, {"section", "actions", "input"}, _choice("select_options")),
    "external_select": ({*_PICK, "min_query_length", "initial_option"}, {"section", "actions", "input"}, _nothing),
    "multi_external_select": ({*_MANY, "min_query_length", "initial_options"}, {"section", "actions", "input"}, _nothing),
    "users_select": ({*_PICK, "initial_user"}, {"section", "actions", "input"}, _nothing),
    "multi_users_select": ({*_MANY, "initial_users"}, {"section", "actions", "input"}, _nothing),
    "conversations_select": ({*_PICK, "initial_conversation", "default_to_current_conversation", "response_url_enabled", "filter"}, {"section", "actions", "input"}, _nothing),
    "multi_conversations_select": ({*_MANY, "initial_conversations", "default_to_current_conversation", "filter"}, {"section", "actions", "input"}, _nothing),
    "channels_select": ({*_PICK, "initial_channel", "response_url_enabled"}, {"section", "actions", "input"}, _nothing),
    "multi_channels_select": ({*_MANY, "initial_channels"}, {"section", "actions", "input"}, _nothing),
    "datepicker": ({*_PICK, "initial_date"}, {"section", "actions", "input"}, _date("initial_date", "YYYY-MM-DD")),
    "timepicker": ({*_PICK, "initial_time", "timezone"}, {"section", "actions", "input"}, _date("initial_time", "HH:mm")),
    "datetimepicker": ({*_COMMON, "initial_date_time", "focus_on_load"}, {"actions", "input"}, _nothing),
    "plain_text_input": ({*_WRITE, "multiline", "min_length", "max_length"}, {"input"}, _typed),
    "number_input": ({*_WRITE, "is_decimal_allowed", "min_value", "max_value"}, {"input"}, _number),
    "email_text_input": (_WRITE, {"input"}, _nothing),
    "url_text_input": (_WRITE, {"input"}, _nothing),
    "file_input": ({"action_id", "filetypes", "max_files"}, {"input"}, _files),
    "icon_button": ({*_COMMON, "icon", "text", "value", "accessibility_label", "visible_to_user_ids"}, {"context_actions"}, _icon),
    "feedback_buttons": ({"action_id", "positive_button", "negative_button"}, {"context_actions"}, _feedback),
}  # fmt: skip


def check_element(element: Any, place: str) -> Problems:
    """What Slack would refuse about an element that stands in this kind of block."""
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in KINDS:
        yield f"unsupported element: {kind}"
        return
    properties, places, check = KINDS[kind]
    if place not in places:
        yield f"unsupported type: {kind} in {place}"
        return
    yield from known(element, properties)
    yield from string(element, "action_id", "action_id")
    yield from confirm(element.get("confirm"))
    yield from text(element.get("placeholder"), "placeholder", plain=True, optional=True)
    yield from check(element)
