"""Inputs of Block Kit in the browser: what is typed goes into the workspace at once, so a redrawn view loses nothing."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from nicegui import events, ui

from sandbox.pages.keys import ENTER

Click = Callable[[str, str | None, str | None], Awaitable[None]]
"""(action_id, value, block_id)"""
Block = dict[str, Any]
_DEBOUNCE = 120
"""Milliseconds of quiet after a key: the real client sends every character, a browser test need not."""


def _nowhere(_block: str, _action: str, _value: Any) -> None:
    """Keeps nothing."""


async def _refused(_name: str, _content: bytes) -> str:
    raise ValueError("no files here")


@dataclass
class Form:
    """The inputs of a view: what stands in them, what is wrong with each, and where a change goes."""

    state: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Block -> action -> its state as payloads carry it."""
    errors: dict[str, str] = field(default_factory=dict)
    put: Callable[[str, str, Any], None] = _nowhere
    upload: Callable[[str, bytes], Awaitable[str]] = _refused
    optional: str = " (optional)"
    add_files: str = "Add files"


def show_input(block: Block, name: str, click: Click, form: Form) -> None:
    """One input block: label, element, hint, error."""
    element = block["element"]
    label = block["label"]["text"]
    with ui.element("div").classes("bk-input"):
        ui.label(f"{label}{form.optional}" if block.get("optional") else label).classes("bk-label")
        found = form.state.get(name, {}).get(element["action_id"], {})
        show_element(element, name, found, form, _dispatch(block, element, name, click))
        if name in form.errors:
            ui.label(form.errors[name]).classes("bk-error").props(f'data-testid="error-{name}"')
        if "hint" in block:
            ui.label(block["hint"]["text"]).classes("bk-hint")


Send = Callable[[Any], Awaitable[None]]


def _dispatch(block: Block, element: Block, name: str, click: Click) -> Send | None:
    """What a change sends to the app, where the block asks for it."""
    if not block.get("dispatch_action"):
        return None

    async def send(value: Any) -> None:
        await click(element["action_id"], value, name)

    return send


def show_element(element: Block, name: str, found: dict[str, Any], form: Form, send: Send | None) -> None:
    """An input of any kind that the workspace knows; others are named."""
    maker = _MAKERS.get(element["type"])
    if maker is None:
        ui.label(element["type"]).classes("bk-hint")
        return
    maker(element, name, found, form, send)


def _change(element: Block, name: str, form: Form, send: Send | None) -> Callable[[Any], Awaitable[None]]:
    async def change(value: Any) -> None:
        form.put(name, element["action_id"], value)
        if send is not None:
            await send(value)

    return change


def _text(element: Block, name: str, found: dict[str, Any], form: Form, send: Send | None) -> None:
    triggers = element.get("dispatch_action_config", {}).get("trigger_actions_on", ["on_enter_pressed"])
    make = ui.textarea if element.get("multiline") else ui.input
    entry = make(placeholder=element.get("placeholder", {}).get("text", ""), value=found.get("value") or "")
    entry.props(
        f"outlined dense debounce={_DEBOUNCE} maxlength={element.get('max_length', 3000)} "
        f'data-testid="{element["action_id"]}"'
    ).classes("w-full")
    change = _change(element, name, form, send if "on_character_entered" in triggers else None)
    entry.on_value_change(lambda event: change(event.value or ""))
    if send is not None and "on_enter_pressed" in triggers:
        entry.on("keydown", lambda event: send(event.args), js_handler=ENTER)


def _options(element: Block) -> dict[str, str]:
    groups: Sequence[Block] = element.get("option_groups") or [{"options": element.get("options", [])}]
    return {one["value"]: one["text"]["text"] for group in groups for one in group["options"]}


def _select(element: Block, name: str, found: dict[str, Any], form: Form, send: Send | None) -> None:
    chosen = (found.get("selected_option") or {}).get("value")
    entry = ui.select(_options(element), value=chosen, label=element.get("placeholder", {}).get("text"))
    entry.props(f'outlined dense options-dense behavior="menu" data-testid="{element["action_id"]}"').classes("w-full")
    change = _change(element, name, form, send)
    entry.on_value_change(lambda event: change(event.value))


def _radio(element: Block, name: str, found: dict[str, Any], form: Form, send: Send | None) -> None:
    entry = ui.radio(_options(element), value=(found.get("selected_option") or {}).get("value"))
    entry.props(f'dense data-testid="{element["action_id"]}"').classes("bk-choices")
    change = _change(element, name, form, send)
    entry.on_value_change(lambda event: change(event.value))


def _checkboxes(element: Block, name: str, found: dict[str, Any], form: Form, send: Send | None) -> None:
    ticked = {one["value"] for one in found.get("selected_options") or []}
    change = _change(element, name, form, send)

    async def toggle(value: str, on: bool) -> None:
        (ticked.add if on else ticked.discard)(value)
        await change([one for one in _options(element) if one in ticked])

    with ui.column().classes("gap-0"):
        for value, text in _options(element).items():
            box = ui.checkbox(text, value=value in ticked).props(f'dense data-testid="{element["action_id"]}-{value}"')
            box.on_value_change(lambda event, value=value: toggle(value, bool(event.value)))


def _day(element: Block, name: str, found: dict[str, Any], form: Form, send: Send | None) -> None:
    entry = ui.input(value=found.get("selected_date") or "")
    entry.props(f'outlined dense type=date debounce={_DEBOUNCE} data-testid="{element["action_id"]}"').classes("bk-day")
    change = _change(element, name, form, send)
    entry.on_value_change(lambda event: change(event.value or None))


def _files(element: Block, name: str, found: dict[str, Any], form: Form, send: Send | None) -> None:
    del send
    brought = [one["id"] for one in found.get("files") or []]
    with ui.column().classes("gap-0") as names:
        for one in found.get("files") or []:
            ui.label(f"📎 {one['name']}").classes("bk-hint")

    async def bring(event: events.UploadEventArguments) -> None:
        brought.append(await form.upload(event.file.name, await event.file.read()))
        with names:
            ui.label(f"📎 {event.file.name}").classes("bk-hint")
        form.put(name, element["action_id"], list(brought))

    most = element.get("max_files", 10)
    picker = ui.upload(multiple=most > 1, auto_upload=True, max_files=most, on_upload=bring)
    picker.props(f'data-testid="{element["action_id"]}"').classes("hidden")
    ui.button(form.add_files, icon="upload_file", on_click=lambda: picker.run_method("pickFiles"), color=None).props(
        "no-caps unelevated dense"
    ).classes("bk-button bk-plain self-start")


def _menu(element: Block, name: str, found: dict[str, Any], form: Form, send: Send | None) -> None:
    """Three dots with a menu behind them."""
    del name, found, form
    props = f'flat dense round data-testid="{element["action_id"]}"'
    with ui.button(icon="more_horiz", color=None).props(props).classes("bk-more"), ui.menu():
        for value, text in _options(element).items():
            entry = ui.menu_item(text, on_click=lambda value=value: send(value) if send is not None else None)
            entry.props(f'data-testid="{element["action_id"]}-{list(_options(element)).index(value)}"')


_MAKERS: dict[str, Callable[[Block, str, dict[str, Any], Form, Send | None], None]] = {
    "plain_text_input": _text, "number_input": _text, "email_text_input": _text, "url_text_input": _text,
    "static_select": _select, "radio_buttons": _radio, "checkboxes": _checkboxes, "datepicker": _day,
    "file_input": _files, "overflow": _menu,
}  # fmt: skip
