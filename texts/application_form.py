"""The steps of the application form as modals, in the order in which one fills them in."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson

from approvals.application_fields import Field, Step, fields_of
from approvals.application_parse import FieldError
from approvals.attachments import FileError
from approvals.prospect import Clash
from scoring.errors import DeskError
from texts.application_inputs import clash_input, field_word, input_of
from texts.application_review import attachments, listed_alike, review, score_line
from texts.application_sheet import DraftLine, RouteStop, Sheet
from texts.blocks import MAX_VIEW_BLOCKS, Block, Message, actions, button, context, divider, header, section
from texts.formats import day, harmless, money, plain_line
from texts.messages import error_sentence
from texts.render import Words, words
from texts.request_terms import names_said, role_said

TITLE, FOOT = 24, 24


def step_view(lang: str, sheet: Sheet) -> dict[str, Any]:
    """One step as a modal; the last one is the review."""
    say = words(lang)
    blocks = _head(sheet, say)
    if sheet.step == "review":
        blocks += review(sheet, say)
    else:
        blocks += [*_notes(sheet, say), *(clash_input(one, sheet, say) for one in sheet.clashes)]
        blocks += _questions(sheet, say)
    blocks.append(actions(_buttons(sheet, say), "application.move"))
    last = "vouch" if sheet.vouching else "submit"
    submit = say.topic("application", "label")[last if sheet.step == "review" else "next"]
    return {
        **modal_frame(say, "title", f"application.{sheet.step}"),
        "submit": {"type": "plain_text", "text": plain_line(submit, FOOT)},
        "private_metadata": metadata(sheet.draft_id, sheet.step),
        "blocks": blocks[:MAX_VIEW_BLOCKS],
    }


def metadata(draft_id: str, step: Step) -> str:
    """What a modal of the form carries: which draft and which step, nothing else."""
    return orjson.dumps({"d": draft_id, "s": step, "v": 1}).decode()


def modal_frame(say: Words, title: str, callback_id: str) -> dict[str, Any]:
    """A modal of the form without its blocks."""
    label = say.topic("application", "label")
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": {"type": "plain_text", "text": plain_line(label[title], TITLE)},
        "close": {"type": "plain_text", "text": plain_line(label["close"], FOOT)},
    }


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


def refusal_text(lang: str, problem: DeskError) -> str:
    """Why the form cannot be shown or taken, as plain text."""
    say = words(lang)
    if say.has("application", problem.code):
        return plain_line(say.say("application", problem.code, **problem.facts), 300)
    return plain_line(error_sentence(lang, problem), 300)


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


def field_errors(lang: str, errors: Mapping[str, FieldError]) -> dict[str, str]:
    """What is wrong, by block."""
    return {name: error_text(lang, wrong) for name, wrong in errors.items()}


def error_text(lang: str, wrong: FieldError | FileError) -> str:
    """One reason as the sentence that stands at its field."""
    say = words(lang)
    facts = {name: _fact(value, lang) for name, value in wrong.facts.items()}
    if "whole" in wrong.facts:
        facts["whole_word"] = _whole_word(str(wrong.facts["whole"]), say)
    return plain_line(say.say("application", wrong.code, **facts), 300)


def _fact(value: object, lang: str) -> object:
    if isinstance(value, Decimal):
        return money(value, lang)
    return value if isinstance(value, int) else plain_line(value, 120)


def _whole_word(name: str, say: Words) -> str:
    table = say.topic("application", "field")
    return table.get(name) or table[f"statement.{name}"]


def clash_text(lang: str, clash: Clash) -> str:
    """Why a likeness stops the form."""
    facts = {"name": plain_line(clash.name, 80), "id": clash.customer_id, "reason": plain_line(clash.reason, 80)}
    return words(lang).say("application", f"clash_{clash.kind}", **facts)


def _head(sheet: Sheet, say: Words) -> list[Block]:
    steps = sheet.filled.steps
    number = steps.index(sheet.step) + 1 if sheet.step in steps else 1
    name = say.topic("application", "step")[sheet.step]
    blocks: list[Block] = []
    if sheet.problem:
        blocks.append(section(f"⚠️ {harmless(sheet.problem, 600)}"))
    progress = say.say("application", "progress", number=number, total=len(steps), step=name)
    blocks.append({**context([progress]), "block_id": "application.progress"})
    again = "completes" if sheet.vouching else "resubmits"
    for code, request_no in ((again, sheet.filled.request_no), ("reopens", sheet.filled.reopens)):
        if request_no:
            blocks.append(section(say.say("application", code, number=harmless(request_no, 40))))
    if sheet.prospect is not None and sheet.step != "review":
        blocks.append({**section(score_line(sheet.prospect, say)), "block_id": "application.score"})
    if sheet.amounts:
        read = [
            say.say("application", "one_read", field=field_word(name, say), amount=f"{amount:,.2f}")
            for name, amount in sheet.amounts.items()
        ]
        blocks.append(context([say.say("application", "read_as", amounts=say.labels["list"].join(read))]))
    return blocks


def _notes(sheet: Sheet, say: Words) -> list[Block]:
    """What this step costs when it is left empty, and what the applicant should know before he fills it in."""
    lines: list[str] = []
    rule = sheet.statements
    if sheet.step in {"finances", "finances_before"} and rule is not None:
        lacking = [one for one in (sheet.prospect.lacking if sheet.prospect else ()) if one.step == "finances"]
        points = f"{sum((one.points for one in lacking), Decimal(0)):g}"
        if sheet.needed:
            amount = money(rule.amount, say.lang, sheet.base_currency)
            lines.append(say.say("application", "needed", amount=amount, days=rule.days))
        elif sheet.step == "finances" and lacking:
            limit = money(rule.limit, say.lang, sheet.base_currency)
            lines.append(say.say("application", "optional", points=points, limit=limit))
    elif sheet.prospect is not None:
        lines += [
            say.say("application", "costs", factors=_factors(one.factors, say), points=f"{one.points:g}")
            for one in sheet.prospect.lacking
            if one.step == sheet.step
        ]
    if sheet.step == "who" and sheet.prospect is not None:
        lines += listed_alike(sheet.prospect, say)
    return [{**context(lines), "block_id": "application.notes"}] if lines else []


def _factors(names: Sequence[str], say: Words) -> str:
    return say.labels["list"].join(say.word("factor", name) for name in names)


def _questions(sheet: Sheet, say: Words) -> list[Block]:
    blocks: list[Block] = []
    place = ""
    for field in fields_of(sheet.step):
        if field.place != place and _is_group(field):
            blocks.append(divider() if sheet.step != "finances" else header(_period(field, say)))
        elif field.place != place and field.place == "contract":
            blocks.append(divider())
        place = field.place
        blocks.append(input_of(field, sheet, say))
    if sheet.step == "files" and sheet.filled.attachments:
        kept = [say.say("application", "files_kept"), *attachments(sheet.filled.attachments, say)]
        blocks.insert(0, section("\n".join(kept)))
    return blocks


def _is_group(field: Field) -> bool:
    return field.place[-1:].isdigit()


def _period(field: Field, say: Words) -> str:
    return say.topic("application", "label")[f"period_{field.place[-1]}"]


def _buttons(sheet: Sheet, say: Words) -> list[Block]:
    label = say.topic("application", "label")
    made: list[Block] = []
    if sheet.step != "who":
        made.append(button(label["back"], "application.back", sheet.step))
    made.append(button(label["save"], "application.save", sheet.step))
    if sheet.step == "review":
        made += [button(label["route"], "application.route", sheet.step), _jump(sheet, say)]
    return made


def _jump(sheet: Sheet, say: Words) -> Block:
    steps = say.topic("application", "step")
    return {
        "type": "static_select",
        "action_id": "application.jump",
        "placeholder": {"type": "plain_text", "text": say.topic("application", "label")["jump"]},
        "options": [
            {"text": {"type": "plain_text", "text": plain_line(steps[step], 75)}, "value": step}
            for step in sheet.filled.steps
            if step != "review"
        ],
    }
