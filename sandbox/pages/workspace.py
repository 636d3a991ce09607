"""The workspace page: channels, direct messages, "act as" anybody, composer, Home."""

from collections.abc import Awaitable
from typing import Any

from nicegui import ui

from sandbox.pages.blocks import show_blocks
from sandbox.pages.inputs import Click
from sandbox.pages.keys import ENTER
from sandbox.pages.modal import Modal
from sandbox.pages.stream import Stream, Touch
from sandbox.pages.style import ACCENT, STYLE
from sandbox.pages.words import word
from sandbox.slack.acts import ActError, Acts
from sandbox.slack.delivery import Delivery
from sandbox.slack.people import BOT_USER, PEOPLE, Person
from sandbox.slack.state import Posted, Workspace

MENTIONS = ("@授信台", "@Credit Desk")


class Screen:
    """One browser tab: whose eyes, which channel, which side."""

    def __init__(self, workspace: Workspace, delivery: Delivery, acts: Acts) -> None:
        """As Lin Xiaomei in the sales channel of East."""
        self.workspace, self.delivery, self.acts = workspace, delivery, acts
        self.person, self.channel, self.home = "U01LIN", "C03EAST", False
        self.shown: dict[str, object] = {}
        self.dialog = Modal(workspace, acts)

    @property
    def me(self) -> Person:
        """Whoever is acting."""
        return PEOPLE[self.person]

    def build(self) -> None:
        """The whole page."""
        ui.add_css(STYLE)
        ui.colors(primary=ACCENT)
        ui.query(".nicegui-content").classes("p-0 gap-0 w-full")
        with ui.element("div").classes("page"):
            self.side = ui.column().classes("side gap-0 no-wrap")
            with self.side:
                self.chooser()
                self.sidebar()
            ui.element("div").classes("side-veil").on("click", self.fold)
            with ui.column().classes("main gap-0 grow no-wrap"):
                self.top()
                self.stream = Stream(self.workspace, Touch(self._click_message, self._shortcut, self._try_out))
                self.home_holder = ui.element("div").classes("home-holder")
                with self.home_holder:
                    self.home_view()
                self.foot = ui.row().classes("composer w-full no-wrap items-center")
                with self.foot:
                    self.composer()
        self.modal()
        self.tick()
        self.turn()
        ui.timer(0.25, self.tick)

    def tick(self) -> None:
        """Show what changed since the last look, and only that: an open list or a half-typed field stays as it is."""
        signs = {
            "sidebar": (self.person, self.channel, self.home, len(self.delivery.sockets), len(self.workspace.names)),
            "top": (self.person, self.channel, self.home),
            "home_view": self._home_sign(),
            "modal": self.dialog.sign(self.person),
        }
        for name, sign in signs.items():
            if self.shown.get(name) != sign:
                self.shown[name] = sign
                getattr(self, name).refresh()
        if not self.home:
            self.stream.show(self.person, self.channel)

    def _home_sign(self) -> object:
        one = self.workspace.homes.get(self.person)
        return self.home, self.person, one and one.hash

    def go(self, channel: str | None = None, person: str | None = None, *, home: bool = False) -> None:
        """Another channel, another person, or Home."""
        if person is not None:
            self.person = person
            channel = channel or self.channel
            readable = [*self.workspace.members, self.workspace.dm_of(person)]
            if not self.workspace.may_read(person, channel):
                channel = next(name for name in readable if self.workspace.may_read(person, name))
        self.channel, self.home = channel or self.channel, home
        self.fold()
        self.tick()
        self.turn()

    def turn(self) -> None:
        """Home or messages; the composer in the language of whoever is acting."""
        self.stream.holder.set_visibility(not self.home)
        self.foot.set_visibility(not self.home)
        self.home_holder.set_visibility(self.home)
        self.field.props(f'placeholder="{word(self.me, "write")}"')
        self.send_button.set_text(word(self.me, "send"))

    def fold(self) -> None:
        """Put the drawer away; on a wide screen the side stays."""
        self.side.classes(remove="open")

    def chooser(self) -> None:
        """Who I am; in both languages, because it is where one finds one's own."""
        with ui.row().classes("brand items-center w-full"):
            ui.label("授信台 Demo").classes("text-white text-lg font-bold")
        ui.label("扮演 Act as").classes("side-title")
        chooser = ui.select(
            {key: f"{person.name} · {person.title}" for key, person in PEOPLE.items()}, value=self.person,
            on_change=lambda event: self.go(person=event.value),
        )  # fmt: skip
        chooser.props('dense dark outlined options-dense behavior="menu" data-testid="act-as"').classes("mx-3 act-as")

    @ui.refreshable_method
    def sidebar(self) -> None:
        """Channels, direct messages, whether the desk is connected."""
        ui.label(word(self.me, "channels")).classes("side-title")
        for channel, name in self.workspace.names.items():
            if self.workspace.may_read(self.person, channel):
                self._entry(f"# {name}", channel, f"channel-{channel}")
        ui.label(word(self.me, "apps")).classes("side-title")
        self._entry(f"🏢 {word(self.me, 'dm')}", self.workspace.dm_of(self.person), "channel-dm")
        item = ui.label(f"🏠 {word(self.me, 'home')}").classes("side-item" + (" active" if self.home else ""))
        item.props('data-testid="home-tab"').on("click", self.open_home)
        ui.space()
        count = len(self.delivery.sockets)
        state = word(self.me, "connected" if count else "away")
        ui.label(f"{state} · Socket Mode {count}").classes("side-foot").props('data-testid="connection"')
        ui.link(word(self.me, "ledger"), "/ledger", new_tab=True).classes("side-foot side-link")

    def _entry(self, title: str, channel: str, testid: str) -> None:
        active = not self.home and self.channel == channel
        item = ui.label(title).classes("side-item" + (" active" if active else "")).props(f'data-testid="{testid}"')
        item.on("click", lambda: self.go(channel))

    @ui.refreshable_method
    def top(self) -> None:
        """The channel's name and how many are in it."""
        inside = self.channel in self.workspace.names and not self.home
        title = (
            f"# {self.workspace.names[self.channel]}"
            if inside
            else f"🏢 {word(self.me, 'home' if self.home else 'dm')}"
        )
        with ui.row().classes("top items-center w-full no-wrap"):
            ui.button(icon="menu", on_click=lambda: self.side.classes(toggle="open"), color=None).props(
                f'flat dense round aria-label="{word(self.me, "menu")}" data-testid="menu"'
            ).classes("menu")
            ui.label(title).classes("text-lg font-bold")
            if inside:
                people = self.workspace.members[self.channel]
                ui.label(word(self.me, "members", count=len(people))).classes("text-grey-6")

    @ui.refreshable_method
    def home_view(self) -> None:
        """The app's Home."""
        if not self.home:
            return
        with ui.column().classes("home-view w-full").props('data-testid="home"'):
            one = self.workspace.homes.get(self.person)
            if one is None:
                ui.label(word(self.me, "home_empty")).classes("text-grey-7")
            else:
                show_blocks(one.view["blocks"], self._clicker("home"))

    async def _click_message(self, message: Posted, action: str, value: str | None, block: str | None) -> None:
        await self._do(self.acts.click(self.person, message.channel, message.ts, action, value, block))

    async def _shortcut(self, message: Posted, name: str) -> None:
        await self._do(self.acts.message_shortcut(self.person, message.channel, message.ts, name))

    async def _lightning(self, name: str) -> None:
        await self._do(self.acts.global_shortcut(self.person, name))

    def _try_out(self, typed: str) -> None:
        self.field.set_value(typed)
        self.field.run_method("focus")

    def _clicker(self, surface: str) -> Click:
        async def click(action_id: str, value: str | None, block_id: str | None) -> None:
            await self._do(self.acts.click_view(self.person, surface, action_id, value, block_id))

        return click

    async def _do(self, act: Awaitable[Any]) -> None:
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
        self.field = ui.input(placeholder=word(self.me, "write"))
        self.field.props('outlined dense data-testid="composer"').classes("grow composer-field")
        self.field.on("keydown", lambda event: self.send(event.args), js_handler=ENTER)
        bolt = ui.button(icon="bolt", color=None).props('flat dense data-testid="lightning"').classes("text-grey-7")
        with bolt, ui.menu():
            for one in self.workspace.manifest.menu:
                if one.kind == "global":
                    item = ui.menu_item(one.name, on_click=lambda name=one.callback_id: self._lightning(name))
                    item.props(f'data-testid="global-{one.callback_id}"')
        ui.button(icon="alternate_email", on_click=self.mention, color=None).props("flat dense").classes(
            "text-grey-7 not-on-a-phone"
        )
        self.send_button = ui.button(
            word(self.me, "send"), on_click=lambda: self.send(self.field.value), color=None
        ).props('unelevated no-caps data-testid="send"').classes("bk-primary")  # fmt: skip

    def mention(self) -> None:
        """Begin the line with the desk's name."""
        name = MENTIONS[0] if self.me.reads_chinese else MENTIONS[1]
        self._try_out(f"{name} {self.field.value or ''}")

    async def send(self, typed: str | None) -> None:
        """What was typed goes where it belongs; a blank before the slash makes it a message."""
        line = (typed or "").rstrip()
        self.field.set_value("")
        if not line.strip():
            return
        self.stream.follow()
        if line.startswith("/"):
            command, _, rest = line.partition(" ")
            await self._do(self.acts.command(self.person, self.channel, command, rest.strip()))
            return
        for name in MENTIONS:
            line = line.replace(name, f"<@{BOT_USER}>")
        await self._do(self.acts.say(self.person, self.channel, line.strip()))

    @ui.refreshable_method
    def modal(self) -> None:
        """The top view of this person, if any."""
        self.dialog.show(self.person, self._clicker("modal"), self.submit)

    async def submit(self) -> None:
        """The modal's values to the app."""
        await self._do(self.acts.submit(self.person))


def workspace_page(workspace: Workspace, delivery: Delivery, acts: Acts) -> None:
    """Register the page at /."""

    @ui.page("/")
    def page() -> None:
        Screen(workspace, delivery, acts).build()
