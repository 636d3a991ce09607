"""The workspace page: channels, direct messages, "act as" anybody, composer, modals, Home."""

import asyncio
import time
from typing import Any

from nicegui import ui

from sandbox.pages.blocks import show_blocks
from sandbox.pages.mrkdwn import to_html
from sandbox.pages.style import STYLE
from sandbox.slack.acts import ActError, Acts
from sandbox.slack.delivery import Delivery
from sandbox.slack.people import BOT_USER, CHANNELS, PEOPLE, initials
from sandbox.slack.state import Posted, Workspace

COLOURS = ("#7b5ea7", "#2f7dd1", "#c25b56", "#3a8f6a", "#b7791f", "#4a6fa5", "#8c564b", "#5f6caf")
MENTION = f"<@{BOT_USER}>"


class Screen:
    """One browser tab: whose eyes, which channel, which side."""

    def __init__(self, workspace: Workspace, delivery: Delivery, acts: Acts) -> None:
        """As Lin Xiaomei in the sales channel of East."""
        self.workspace, self.delivery, self.acts = workspace, delivery, acts
        self.person, self.channel, self.home = "U01LIN", "C03EAST", False
        self.shown: dict[str, object] = {}
        self.inputs: dict[str, Any] = {}

    def build(self) -> None:
        """The whole page."""
        ui.add_css(STYLE)
        ui.query(".nicegui-content").classes("p-0 gap-0 w-full h-screen")
        with ui.row().classes("w-full h-screen no-wrap gap-0"):
            with ui.column().classes("side gap-0 no-wrap"):
                self.chooser()
                self.sidebar()
            with ui.column().classes("main gap-0 grow"):
                self.top()
                self.body()
                self.composer()
        self.modal()
        ui.timer(0.25, self.tick)

    def tick(self) -> None:
        """Show what changed since the last look, and only that: an open list or a half-typed field stays as it is."""
        for name, sign in (("sidebar", self._side_sign()), ("body", self._body_sign()), ("modal", self._modal_sign())):
            if self.shown.get(name) != sign:
                self.shown[name] = sign
                getattr(self, name).refresh()

    def _side_sign(self) -> object:
        return self.person, self.channel, self.home, len(self.delivery.sockets)

    def _body_sign(self) -> object:
        if self.home:
            one = self.workspace.homes.get(self.person)
            return self.person, one and one.hash
        seen = self.workspace.seen_by(self.person, self.channel)
        return self.person, self.channel, len(seen), sum(message.revision for message in seen)

    def _modal_sign(self) -> object:
        return self.person, [(one.hash, tuple(one.errors.items())) for one in self.workspace.views[self.person]]

    def go(self, channel: str | None = None, person: str | None = None, *, home: bool = False) -> None:
        """Another channel, another person, or Home."""
        if person is not None:
            self.person = person
            channel = channel or self.channel
            if not self.workspace.may_read(person, channel):
                channel = next(
                    name
                    for name in [*self.workspace.members, self.workspace.dm_of(person)]
                    if self.workspace.may_read(person, name)
                )
        self.channel, self.home = channel or self.channel, home
        self.top.refresh()
        self.tick()

    def chooser(self) -> None:
        """Who I am."""
        with ui.row().classes("brand items-center w-full"):
            ui.label("授信台 Demo").classes("text-white text-lg font-bold")
        ui.label("扮演 Act as").classes("side-title")
        chooser = ui.select(
            {key: f"{person.name} · {person.title}" for key, person in PEOPLE.items()}, value=self.person,
            on_change=lambda event: self.go(person=event.value),
        )  # fmt: skip
        chooser.props('dense dark outlined options-dense data-testid="act-as"').classes("mx-3 act-as")

    @ui.refreshable_method
    def sidebar(self) -> None:
        """Channels, direct messages, whether the desk is connected."""
        ui.label("频道 Channels").classes("side-title")
        for channel, (name, _) in CHANNELS.items():
            if self.workspace.may_read(self.person, channel):
                self._entry(
                    f"# {name}", channel, f"channel-{channel}", active=not self.home and self.channel == channel
                )
        ui.label("应用 Apps").classes("side-title")
        dm = self.workspace.dm_of(self.person)
        self._entry("🏢 授信台 私信", dm, "channel-dm", active=not self.home and self.channel == dm)
        item = ui.label("🏠 授信台 主页 Home").classes("side-item" + (" active" if self.home else ""))
        item.props('data-testid="home-tab"').on("click", self.open_home)
        ui.space()
        state = "🟢 已连接" if self.delivery.sockets else "🔴 未连接"
        ui.label(f"{state} · Socket Mode {len(self.delivery.sockets)}").classes("side-foot").props(
            'data-testid="connection"'
        )
        ui.link("📒 台账 Ledger →", "/ledger", new_tab=True).classes("side-foot side-link")

    def _entry(self, title: str, channel: str, testid: str, *, active: bool) -> None:
        item = ui.label(title).classes("side-item" + (" active" if active else "")).props(f'data-testid="{testid}"')
        item.on("click", lambda: self.go(channel))

    @ui.refreshable_method
    def top(self) -> None:
        """The channel's name and how many are in it."""
        name = CHANNELS[self.channel][0] if self.channel in CHANNELS else "授信台"
        with ui.row().classes("top items-center w-full"):
            ui.label("授信台 主页" if self.home else f"# {name}" if self.channel in CHANNELS else f"🏢 {name}").classes(
                "text-lg font-bold"
            )
            if self.channel in CHANNELS and not self.home:
                ui.label(f"{len(self.workspace.members[self.channel])} 人").classes("text-grey-6")

    @ui.refreshable_method
    def body(self) -> None:
        """Messages, or Home."""
        with ui.scroll_area().classes("body w-full grow") as area:
            if self.home:
                with ui.column().classes("home-view w-full").props('data-testid="home"'):
                    one = self.workspace.homes.get(self.person)
                    if one is None:
                        ui.label("…")
                    else:
                        show_blocks(one.view["blocks"], self._clicker("home"))
            else:
                for message in self.workspace.seen_by(self.person, self.channel)[-60:]:
                    self._message(message)
        if not self.home:
            area.scroll_to(percent=1.0)

    def _message(self, message: Posted) -> None:
        name = "Slackbot" if message.author == "USLACKBOT" else self.workspace.name_of(message.author)
        colour = "#1d6f5c" if message.author == BOT_USER else COLOURS[sum(map(ord, message.author)) % len(COLOURS)]
        kind = "ephemeral" if message.only_for else "public"
        with ui.row().classes(f"message {kind} no-wrap w-full").props(f'data-testid="message" data-ts="{message.ts}"'):
            letter = "授" if message.author == BOT_USER else initials(name)
            ui.html(f'<div class="avatar" style="background:{colour}">{letter}</div>', sanitize=False)
            with ui.column().classes("gap-1 grow min-w-0"):
                if message.only_for:
                    ui.label("👁 仅对你可见 · Only visible to you").classes("only-you")
                with ui.row().classes("items-baseline gap-2"):
                    ui.label(name).classes("font-bold")
                    if message.author == BOT_USER:
                        ui.label("应用").classes("app-badge")
                    ui.label(time.strftime("%H:%M", time.localtime(float(message.ts)))).classes("text-grey-6 text-xs")
                    if message.author in PEOPLE:
                        menu = ui.label("查信用").classes("shortcut").props('data-testid="shortcut"')
                        menu.on(
                            "click",
                            lambda: self._do(
                                self.acts.message_shortcut(self.person, self.channel, message.ts, "credit_lookup")
                            ),
                        )
                if message.blocks:
                    show_blocks(message.blocks, self._on_message(message))
                else:
                    ui.html(to_html(message.text), sanitize=False).classes("bk-text")

    def _on_message(self, message: Posted) -> Any:
        async def click(action_id: str, value: str | None, block_id: str | None) -> None:
            await self._do(self.acts.click(self.person, message.channel, message.ts, action_id, value, block_id))

        return click

    def _clicker(self, surface: str) -> Any:
        async def click(action_id: str, value: str | None, block_id: str | None) -> None:
            await self._do(self.acts.click_view(self.person, surface, action_id, value, block_id))

        return click

    async def _do(self, act: Any) -> None:
        try:
            await act
        except ActError as problem:
            ui.notify(str(problem), type="warning")

    async def open_home(self) -> None:
        """Home, fresh from the app."""
        self.go(home=True)
        await self.acts.open_home(self.person)

    def composer(self) -> None:
        """Where one types: a command, a mention, a message."""
        with ui.row().classes("composer w-full no-wrap items-center"):
            field = (
                ui.input(placeholder="发消息,或输入 /credit ACME")
                .props('outlined dense data-testid="composer"')
                .classes("grow")
            )
            field.on("keydown.enter", lambda: self.send(field))
            ui.button(icon="alternate_email", on_click=lambda: field.set_value(f"{MENTION} {field.value or ''}")).props(
                "flat dense"
            )
            ui.button("发送", on_click=lambda: self.send(field), color=None).props(
                'unelevated no-caps data-testid="send"'
            ).classes("bk-primary")

    async def send(self, field: Any) -> None:
        """What was typed goes where it belongs."""
        text = (field.value or "").strip()
        field.value = ""
        if not text:
            return
        channel = self.workspace.dm_of(self.person) if self.home else self.channel
        if text.startswith("/"):
            command, _, rest = text.partition(" ")
            await self._do(self.acts.command(self.person, channel, command, rest.strip()))
        else:
            typed = text.replace("@授信台", MENTION)
            await self._do(self.acts.say(self.person, channel, typed))

    @ui.refreshable_method
    def modal(self) -> None:
        """The top view of this person, if any."""
        stack = self.workspace.views[self.person]
        if not stack:
            return
        one = stack[-1]
        view = one.view
        with ui.element("div").classes("veil"), ui.column().classes("modal gap-2").props('data-testid="modal"'):
            with ui.row().classes("w-full items-center justify-between"):
                ui.label(view["title"]["text"]).classes("text-lg font-bold")
                ui.button(icon="close", on_click=lambda: self.acts.close(self.person)).props(
                    'flat dense round data-testid="modal-close"'
                )
            with ui.scroll_area().classes("modal-body w-full"):
                self.inputs = {}
                show_blocks(view["blocks"], self._clicker("modal"), self.inputs)
                for problem in one.errors.values():
                    ui.label(problem).classes("text-negative")
            with ui.row().classes("w-full justify-end"):
                if view.get("close"):
                    ui.button(view["close"]["text"], on_click=lambda: self.acts.close(self.person)).props(
                        "flat no-caps"
                    ).classes("bk-plain")
                if view.get("submit"):
                    ui.button(view["submit"]["text"], on_click=self.submit, color=None).props(
                        "unelevated no-caps"
                    ).classes("bk-primary")

    async def submit(self) -> None:
        """The modal's values to the app."""
        values = {
            block: {action: {"type": "plain_text_input", "value": field.value or None}}
            for block, (action, field) in self.inputs.items()
        }
        await self._do(self.acts.submit(self.person, values))
        await asyncio.sleep(0)


def workspace_page(workspace: Workspace, delivery: Delivery, acts: Acts) -> None:
    """Register the page at /."""

    @ui.page("/")
    def page() -> None:
        Screen(workspace, delivery, acts).build()
