"""The top view of a person as a dialog over the page."""

from typing import Any

from nicegui import ui

from sandbox.pages.blocks import Click, Form, show_blocks
from sandbox.slack.acts import Acts
from sandbox.slack.state import Open, Workspace


class Modal:
    """What is open on somebody's screen; what was typed outlives an error message."""

    def __init__(self, workspace: Workspace, acts: Acts) -> None:
        """Nothing is open."""
        self.workspace, self.acts = workspace, acts
        self.view_id, self.form = "", Form()

    def sign(self, person: str) -> object:
        """Differs when there is something else to show."""
        return person, [(one.hash, tuple(one.errors.items())) for one in self.workspace.views[person]]

    def show(self, person: str, click: Click, submit: Any) -> None:
        """The dialog, in the slot that is open."""
        stack = self.workspace.views[person]
        if not stack:
            self.view_id = ""
            return
        one = stack[-1]
        typed = {name: str(entry.value or "") for name, (_, entry) in self.form.inputs.items()}
        self.form = Form(typed if self.view_id == one.id else {}, dict(one.errors))
        self.view_id = one.id
        view = one.view
        with ui.element("div").classes("veil"), ui.element("div").classes("modal").props('data-testid="modal"'):
            with ui.row().classes("modal-head items-center justify-between no-wrap"):
                ui.label(view["title"]["text"]).classes("text-lg font-bold")
                ui.button(icon="close", on_click=lambda: self.acts.close(person), color=None).props(
                    'flat dense round data-testid="modal-close"'
                )
            with ui.element("div").classes("modal-body"):
                show_blocks(view["blocks"], click, self.form)
                if "" in one.errors:
                    ui.label(one.errors[""]).classes("bk-error")
            if view.get("close") or view.get("submit"):
                self._foot(one, person, submit)

    def _foot(self, one: Open, person: str, submit: Any) -> None:
        with ui.row().classes("modal-foot justify-end gap-2"):
            if one.view.get("close"):
                ui.button(one.view["close"]["text"], on_click=lambda: self.acts.close(person), color=None).props(
                    "unelevated no-caps"
                ).classes("bk-button bk-plain")
            if one.view.get("submit"):
                ui.button(one.view["submit"]["text"], on_click=submit, color=None).props(
                    'unelevated no-caps data-testid="modal-submit"'
                ).classes("bk-button bk-primary")

    def values(self) -> dict[str, dict[str, Any]]:
        """What stands in the fields, as a submission carries it."""
        return {
            block: {action: {"type": "plain_text_input", "value": entry.value or None}}
            for block, (action, entry) in self.form.inputs.items()
        }
