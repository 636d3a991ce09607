"""Block Kit in the browser, well enough to use."""

import html
from typing import Any

from nicegui import ui

from sandbox.pages.inputs import Click, Form, show_element, show_input
from sandbox.pages.mrkdwn import to_html


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
            show_input(block, name, click, form or Form())


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

        async def send(value: Any) -> None:
            await click(element["action_id"], value, name)

        show_element(element, name, {}, Form(), send)
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
