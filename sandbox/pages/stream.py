"""The messages of a channel: threads under their parents, changed in place, the newest in view."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nicegui import ui

from sandbox.pages.blocks import show_blocks
from sandbox.pages.mrkdwn import to_html
from sandbox.pages.welcome import show_welcome
from sandbox.pages.words import word
from sandbox.slack.people import BOT_USER, PEOPLE, initials
from sandbox.slack.state import Posted, Workspace

COLOURS = ("#7b5ea7", "#2f7dd1", "#c25b56", "#3a8f6a", "#b7791f", "#4a6fa5", "#8c564b", "#5f6caf")
SLACKBOT = "USLACKBOT"
OWN = {BOT_USER: "#1d6f5c", SLACKBOT: "#616061"}
KEPT = 60
Thread = list[Posted]


@dataclass(frozen=True)
class Touch:
    """What a person's finger on a message sets off."""

    click: Callable[[Posted, str, str | None, str | None], Awaitable[None]]
    shortcut: Callable[[Posted, str], Awaitable[None]]
    try_out: Callable[[str], None]


def threads_of(messages: list[Posted]) -> dict[str, Thread]:
    """Messages by the one they answer, each thread where its first visible message stands."""
    threads: dict[str, Thread] = {}
    for message in messages:
        threads.setdefault(message.thread_ts or message.ts, []).append(message)
    return threads


class Stream:
    """One channel as one person sees it. Only what changed is drawn again, so nothing moves under the reader's eyes."""

    def __init__(self, workspace: Workspace, touch: Touch) -> None:
        """An empty place in the slot that is open."""
        self.workspace, self.touch = workspace, touch
        self.reader, self.channel = PEOPLE["U01LIN"], ""
        self.shown: dict[str, tuple[object, ui.element]] = {}
        self.holder = ui.element("div").classes("stream-holder")
        self.scroller: ui.element | None = None
        self.column = self.holder

    def show(self, person: str, channel: str) -> None:
        """Bring the page up to what this person sees in this channel now."""
        if (self.reader.id, self.channel) != (person, channel):
            self.reader, self.channel = PEOPLE[person], channel
            self._begin()
        threads = dict(list(threads_of(self.workspace.seen_by(person, channel)).items())[-KEPT:])
        for key in [key for key in self.shown if key not in threads]:
            self.shown.pop(key)[1].delete()
        for key, thread in threads.items():
            sign = [(message.ts, message.revision) for message in thread]
            if key in self.shown and self.shown[key][0] == sign:
                continue
            place = self._place(key)
            self.shown[key] = sign, place
            with place:
                self._thread(key, thread)

    def follow(self) -> None:
        """To the newest message."""
        if self.scroller is not None:
            ui.run_javascript(f"getHtmlElement({self.scroller.id}).scrollTop = 0")

    def _begin(self) -> None:
        # a scroller laid out from its end (see the style) begins at the newest message and stays there; a fresh one
        # for each channel forgets how far up the last one was read
        self.shown.clear()
        self.holder.clear()
        with self.holder:
            self.scroller = ui.element("div").classes("stream").props('data-testid="stream"')
            with self.scroller:
                self.column = ui.element("div").classes("stream-column")
        with self.column:
            show_welcome(self.reader, self.channel, self.touch.try_out)

    def _place(self, key: str) -> ui.element:
        if key in self.shown:
            place = self.shown[key][1]
            place.clear()
            return place
        with self.column:
            return ui.element("div").classes("thread")

    def _thread(self, key: str, thread: Thread) -> None:
        replies = [message for message in thread if message.ts != key]
        for message in thread:
            if message.ts == key:
                self._message(message)
        if not replies:
            return
        with ui.element("div").classes("replies").props('data-testid="replies"'):
            count = word(self.reader, "reply" if len(replies) == 1 else "replies", count=len(replies))
            ui.label(count).classes("replies-count")
            for message in replies:
                self._message(message)

    def _message(self, message: Posted) -> None:
        name = "Slackbot" if message.author == SLACKBOT else self.workspace.name_of(message.author)
        colour = OWN.get(message.author) or COLOURS[sum(map(ord, message.author)) % len(COLOURS)]
        kind = "ephemeral" if message.only_for else "public"
        with ui.row().classes(f"message {kind} no-wrap w-full").props(f'data-testid="message" data-ts="{message.ts}"'):
            letter = {BOT_USER: "授", SLACKBOT: "S"}.get(message.author) or initials(name)
            ui.html(f'<div class="avatar" style="background:{colour}">{letter}</div>', sanitize=False)
            with ui.column().classes("message-body gap-1 grow min-w-0"):
                self._head(message, name)
                if message.blocks:
                    show_blocks(message.blocks, self._clicker(message))
                else:
                    ui.html(to_html(message.text), sanitize=False).classes("bk-text")

    def _head(self, message: Posted, name: str) -> None:
        if message.only_for:
            ui.label(word(self.reader, "only_you")).classes("only-you")
        with ui.row().classes("items-baseline gap-2"):
            ui.label(name).classes("font-bold")
            if message.author == BOT_USER:
                ui.label(word(self.reader, "app")).classes("app-badge")
            ui.label(self.reader.clock(message.ts).strftime("%H:%M")).classes("text-grey-6 text-xs").props(
                'data-testid="at"'
            )
            if message.edited and not message.only_for:
                ui.label(word(self.reader, "edited")).classes("text-grey-6 text-xs")
            if message.author in PEOPLE:
                self._shortcuts(message)

    def _shortcuts(self, message: Posted) -> None:
        """What the app does with a message, each by its name."""
        for one in self.workspace.manifest.menu:
            if one.kind == "message":
                entry = ui.label(one.name).classes("shortcut")
                entry.props(f'data-testid="shortcut-{one.callback_id}"')
                entry.on("click", lambda name=one.callback_id: self.touch.shortcut(message, name))

    def _clicker(self, message: Posted) -> Callable[[str, str | None, str | None], Awaitable[None]]:
        async def click(action_id: str, value: str | None, block_id: str | None) -> None:
            await self.touch.click(message, action_id, value, block_id)

        return click
