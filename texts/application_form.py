"""The steps of the application form as modals, in the order in which one fills them in."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from approvals.application_fields import Field, fields_of
from texts.application_inputs import clash_input, field_word, input_of
from texts.application_lists import FOOT, metadata, modal_frame
from texts.application_review import attachments, listed_alike, review, score_line
from texts.application_sheet import Sheet
from texts.blocks import MAX_VIEW_BLOCKS, Block, actions, button, context, divider, header, section
from texts.formats import harmless, money, plain_line
from texts.render import Words, words


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
