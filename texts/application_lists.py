"""Modals around the application form: drafts, the route, one sentence in its place; and the way in."""

from collections.abc import Sequence
from typing import Any

import orjson

from approvals.application_fields import Step
from scoring.errors import DeskError
from texts.application_errors import refusal_text
from texts.application_sheet import DraftLine, RouteStop
from texts.blocks import Block, Message, actions, button, context, divider, section
from texts.formats import day, harmless, plain_line
from texts.render import Words, words
from texts.request_terms import names_said, role_said

TITLE = FOOT = 24


def modal_frame(say: Words, title: str, callback_id: str) -> dict[str, Any]:
    """A modal of the form without its blocks."""
    label = say.topic("application", "label")
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": {"type": "plain_text", "text": plain_line(label[title], TITLE)},
        "close": {"type": "plain_text", "text": plain_line(label["close"], FOOT)},
    }


def metadata(draft_id: str, step: Step) -> str:
    """What a modal of the form carries: which draft and which step, nothing else."""
    return orjson.dumps({"d": draft_id, "s": step, "v": 1}).decode()


def told_view(lang: str, code: str, **facts: object) -> dict[str, Any]:
    """One sentence in place of the form."""
    message = told(lang, code, **facts)
    return {**modal_frame(words(lang), "title", "application.told"), "blocks": message["blocks"]}


def told(lang: str, code: str, **facts: object) -> Message:
    """One sentence about an application."""
    said = {name: harmless(str(fact), 120) for name, fact in facts.items()}
    text = words(lang).say("application", code, **said)
    return Message(text=text, blocks=[section(text)])


def refused_view(lang: str, problem: DeskError) -> dict[str, Any]:
    """Why there is no form, in its place."""
    text = refusal_text(lang, problem)
    return {**modal_frame(words(lang), "title", "application.told"), "blocks": [section(harmless(text, 600))]}


def fetching_view(lang: str, draft_id: str) -> dict[str, Any]:
    """Shown while files are looked at."""
    view = told_view(lang, "fetching")
    return {**view, "callback_id": "application.fetching", "private_metadata": metadata(draft_id, "files")}


def start_blocks(lang: str, count: int) -> list[Block]:
    """The way in on App Home, with how many drafts wait."""
    say = words(lang)
    start = button(say.topic("application", "label")["start"], "application.open", "new")
    blocks: list[Block] = [actions([start], "application.open")]
    return [*blocks, context([say.say("application", "waiting", count=count)])] if count else blocks


def start_message(lang: str) -> Message:
    """The same where somebody asked for it in words: a form opens from a button alone."""
    text = words(lang).say("application", "start")
    return Message(text=text, blocks=[section(text), *start_blocks(lang, 0)])


def drafts_view(lang: str, lines: Sequence[DraftLine]) -> dict[str, Any]:
    """What somebody has begun, each with a way on; and a way to begin anew."""
    say = words(lang)
    label = say.topic("application", "label")
    blocks: list[Block] = [section(say.say("application", "drafts", count=len(lines)))]
    for line in lines[:20]:
        name = harmless(line.name, 80) if line.name else label["unnamed"]
        when = f"{day(line.changed_at.date(), lang, year=None)} {line.changed_at:%H:%M}"
        step = say.topic("application", "step")[line.step]
        blocks.append(section(say.say("application", "draft_line", name=name, step=step, when=when)))
        blocks.append(
            actions(
                [
                    button(label["continue"], "application.continue", line.draft_id, primary=True),
                    button(label["discard"], "application.discard", line.draft_id),
                ],
                f"application.draft.{line.draft_id}",
            )
        )
    blocks += [divider(), actions([button(label["fresh"], "application.fresh", "new")], "application.fresh")]
    return {**modal_frame(say, "drafts_title", "application.drafts"), "blocks": blocks}


def route_view(lang: str, stops: Sequence[RouteStop], higher: Sequence[str]) -> dict[str, Any]:
    """Who would sign, in order, and why a higher post than the amount alone would ask."""
    say = words(lang)
    lines: list[str] = []
    for number, stop in enumerate(stops, 1):
        who = names_said(stop.names, "and" if stop.mode == "all" else "or", say)
        code = "route_decides" if stop.decides else f"route_{stop.kind}"
        line = say.say("application", code, number=number, role=role_said(stop.role, say), who=who)
        for vacant in stop.passed_up:
            line += say.say("application", "route_vacant", role=role_said(vacant, say))
        lines.append(line)
    blocks: list[Block] = [section("\n".join(lines))]
    if higher:
        reasons = say.labels["list"].join(say.say("application", f"higher_{reason}") for reason in higher)
        blocks.append(context([say.say("application", "route_higher", reasons=reasons)]))
    return {**modal_frame(say, "route_title", "application.told"), "blocks": blocks}
