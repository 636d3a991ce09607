"""Block Kit in the browser, well enough to use."""

import html
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from nicegui import ui

from sandbox.pages.keys import ENTER
from sandbox.pages.mrkdwn import to_html

Click = Callable[[str, str | None, str | None], Awaitable[None]]
"""(action_id, value, block_id)"""


@dataclass
class Form:
    """The inputs of a view by block: what was typed before it was drawn again, and what is wrong with it."""

    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, tuple[str, ui.input]] = field(default_factory=dict)


def text_html(found: dict[str, Any]) -> str:
    """A text object as HTML."""
    if found["type"] == "mrkdwn":
        return to_html(found["text"])
    return html.escape(found["text"]).replace("\n", "<br>")


def show_blocks(blocks: list[dict[str, Any]], click: Click, form: Form | None = None) -> None:
    """Elements for each block, in the slot that is open."""
    for place, block in enumerate(blocks):
        name = block.get("block_id", f"b{place}")
        kind = block["type"]
        if kind == "divider":
            ui.separator().classes("my-2")
        elif kind == "header":
            ui.label(block["text"]["text"]).classes("bk-header")
        elif kind == "section":
            _section(block, name, click)
        elif kind == "context":
            with ui.element("div").classes("bk-context"):
                for element in block["elements"]:
                    ui.html(text_html(element), sanitize=False)
        elif kind == "actions":
            with ui.row().classes("bk-actions gap-2"):
                for element in block["elements"]:
                    _element(element, name, click)
        elif kind == "table":
            _table(block)
        elif kind == "input":
            _input(block, name, click, form or Form())


def _section(block: dict[str, Any], name: str, click: Click) -> None:
    with ui.row().classes("w-full no-wrap items-start justify-between gap-4"):
        with ui.column().classes("gap-1 grow"):
            if "text" in block:
                ui.html(text_html(block["text"]), sanitize=False).classes("bk-text")
            if "fields" in block:
                with ui.element("div").classes("bk-fields"):
                    for field in block["fields"]:
                        ui.html(text_html(field), sanitize=False)
        if "accessory" in block:
            _element(block["accessory"], name, click)


def _element(element: dict[str, Any], name: str, click: Click) -> None:
    if element["type"] != "button":
        return
    style = {"primary": "bk-primary", "danger": "bk-danger"}.get(element.get("style", ""), "bk-plain")
    button = ui.button(
        element["text"]["text"],
        on_click=lambda: click(element["action_id"], element.get("value"), name),
        color=None,
    ).props(f'no-caps unelevated dense data-testid="{element["action_id"]}"')
    button.classes(f"bk-button {style}")


def _table(block: dict[str, Any]) -> None:
    aligns = [setting.get("align", "left") for setting in block.get("column_settings", [])]
    rows = []
    for place, row in enumerate(block["rows"]):
        tag = "th" if place == 0 else "td"
        cells = "".join(
            f'<{tag} style="text-align:{aligns[at] if at < len(aligns) else "left"}">{html.escape(str(cell["text"]))}</{tag}>'
            for at, cell in enumerate(row)
        )
        rows.append(f"<tr>{cells}</tr>")
    ui.html(f'<table class="bk-table">{"".join(rows)}</table>', sanitize=False)


def _input(block: dict[str, Any], name: str, click: Click, form: Form) -> None:
    element = block["element"]
    ui.label(block["label"]["text"]).classes("bk-label")
    placeholder = element.get("placeholder", {}).get("text", "")
    entry = ui.input(placeholder=placeholder, value=form.typed.get(name, element.get("initial_value", "")))
    entry.props(
        f'outlined dense maxlength={element.get("max_length", 3000)} data-testid="{element["action_id"]}"'
    ).classes("w-full")
    if block.get("dispatch_action"):
        entry.on("keydown", lambda event: click(element["action_id"], event.args, name), js_handler=ENTER)
    if name in form.errors:
        ui.label(form.errors[name]).classes("bk-error")
    form.inputs[name] = (element["action_id"], entry)
