"""What the applicant sees of his request: how far it is, who is next, what he can do; what he is told on the way."""

from texts.blocks import Block, Message, actions, button, section
from texts.formats import harmless
from texts.render import Words, words
from texts.request_card import again_lines, moved_block, value_of
from texts.request_lines import due_line, identity_line, signed_line, signer_said, stop_line
from texts.request_score import points_said
from texts.request_sheet import Button, RequestSheet, Signed
from texts.request_terms import conditions_said, terms_said, whole_terms

_ROW: tuple[Button, ...] = ("resubmit", "reopen", "file", "withdraw")
_PRIMARY = frozenset({"resubmit", "reopen"})


def applicant_card(sheet: RequestSheet, lang: str) -> Message:
    """His own copy; one message that changes with the request."""
    say = words(lang)
    terms = terms_said(sheet.decided, say) if sheet.decided is not None else ""
    top = [f"*{say.say('request', f'my_{sheet.state}', terms=terms)}*", identity_line(sheet, say)]
    if not sheet.asked.prepay:
        asked, proposed = terms_said(sheet.asked, say), terms_said(sheet.proposed, say)
        top.append(say.say("request", "my_asked", asked=asked, proposed=proposed))
    conditions = conditions_said(sheet.decided, say, sheet.today) if sheet.decided is not None else []
    if conditions:
        label = say.say("request", "label_conditions")
        top.append(f"*{label}*  {say.labels['list'].join(conditions)}")
    blocks = [section("\n".join(top))]
    blocks += moved_block(sheet, say)
    again = again_lines(sheet, say)
    if again:
        blocks.append(section("\n".join(again)))
    way = _way(sheet, say)
    if way:
        blocks.append(section("\n".join(way)))
    blocks += _buttons(sheet, say)
    return Message(text=say.say("request", "text_applicant", number=sheet.request_no), blocks=blocks)


def _way(sheet: RequestSheet, say: Words) -> list[str]:
    """Done, now, to come."""
    last = len(sheet.signed) - 1
    lines = [
        say.say(
            "request", "my_done", line=signed_line(one, sheet, say, bare=sheet.state == "approved" and place == last)
        )
        for place, one in enumerate(sheet.signed)
    ]
    lines += [say.say("request", "my_now", stop=stop_line(stop, say)) for stop in sheet.waiting]
    lines += [say.say("request", "my_then", stop=stop_line(stop, say)) for stop in sheet.to_come]
    due = due_line(sheet, say)
    return [*lines, due] if due else lines


def _buttons(sheet: RequestSheet, say: Words) -> list[Block]:
    shown = []
    for one in _ROW:
        if one not in sheet.buttons:
            continue
        text = say.say("request", f"button_{one}")
        made = button(text, f"approval.{one}", value_of(sheet), primary=one in _PRIMARY)
        shown.append({**made, "confirm": _sure(say)} if one == "withdraw" else made)
    return [actions(shown, "approval")] if shown else []


def _sure(say: Words) -> Block:
    """Withdrawing cannot be undone."""
    return {
        "title": {"type": "plain_text", "text": say.say("request", "withdraw_title")},
        "text": {"type": "plain_text", "text": say.say("request", "withdraw_text")},
        "confirm": {"type": "plain_text", "text": say.say("request", "withdraw_yes")},
        "deny": {"type": "plain_text", "text": say.say("request", "withdraw_no")},
        "style": "danger",
    }


def told_message(sheet: RequestSheet, signature: Signed, lang: str, *, alone: bool = False) -> Message:
    """One step of the way as a reply in a thread, or `alone` as a direct message that says what it is about.

    No figures in what a phone shows.
    """
    say = words(lang)
    line = _told(sheet, signature, say)
    number, name = sheet.request_no, harmless(sheet.name, 80)
    return Message(
        text=say.say("request", "text_asked" if signature.act == "ask" else "text_applicant", number=number),
        blocks=[section(f"*{name}*  ·  {number}\n{line}" if alone else line)],
    )


def _told(sheet: RequestSheet, signature: Signed, say: Words) -> str:
    decided = sheet.decided if sheet.decided is not None else sheet.proposed
    cosigned = signature.act == "approve" and not signature.decides
    waiting = say.labels["comma"].join(stop_line(stop, say) for stop in sheet.waiting)
    return say.say(
        "request", "told_cosign" if cosigned else f"told_{signature.act}", who=signer_said(signature, say),
        next=waiting or "—",
        terms=whole_terms(decided, say, sheet.today), reason=harmless(signature.reason, 600),
        to=harmless(signature.to, 40),
        points=points_said(signature.points, say) if signature.points is not None else "—",
    )  # fmt: skip
