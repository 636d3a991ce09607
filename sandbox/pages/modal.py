"""The top view of a person as a dialog over the page."""

from typing import Any

from nicegui import ui

from sandbox.pages.blocks import show_blocks
from sandbox.pages.inputs import Click, Form
from sandbox.pages.words import word
from sandbox.slack.acts import Acts
from sandbox.slack.clicks import find_element
from sandbox.slack.files import bring
from sandbox.slack.inputs import state_of
from sandbox.slack.people import PEOPLE
from sandbox.slack.state import Open, Workspace


class Modal:
    """What is open on somebody's screen; what was typed outlives an error message and a redrawn view."""

    def __init__(self, workspace: Workspace, acts: Acts) -> None:
        """Nothing is open."""
        self.workspace, self.acts = workspace, acts

    def sign(self, person: str) -> object:
        """Differs when there is something else to show."""
        return person, [(one.hash, tuple(one.errors.items())) for one in self.workspace.views[person]]

    def show(self, person: str, click: Click, submit: Any) -> None:
        """The dialog, in the slot that is open."""
        stack = self.workspace.views[person]
        if not stack:
            return
        one = stack[-1]
        view = one.view
        with ui.element("div").classes("veil"), ui.element("div").classes("modal").props('data-testid="modal"'):
            with ui.row().classes("modal-head items-center justify-between no-wrap"):
                ui.label(view["title"]["text"]).classes("text-lg font-bold")
                ui.button(icon="close", on_click=lambda: self.acts.close(person), color=None).props(
                    'flat dense round data-testid="modal-close"'
                )
            with ui.element("div").classes("modal-body"):
                show_blocks(view["blocks"], click, self._form(one, person))
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

    def _form(self, one: Open, person: str) -> Form:
        """What stands in the view's inputs, and where it goes when somebody changes it."""

        def put(block_id: str, action_id: str, value: Any) -> None:
            if one in self.workspace.views[person]:  # a key may arrive after the view has gone
                block, element = find_element(one.view["blocks"], action_id, block_id)
                self.acts.put(block, element, value, one)

        async def upload(name: str, content: bytes) -> str:
            return bring(self.workspace, person, name, content).id

        state = state_of(one.view["blocks"], one.typed)["values"]
        me = PEOPLE[person]
        return Form(state, dict(one.errors), put, upload, word(me, "optional"), word(me, "add_files"))
