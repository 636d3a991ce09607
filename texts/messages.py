"""Everything else the desk says: help, choices, refusals, Home, sharing, errors."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from scoring.errors import DeskError
from texts.blocks import Block, Message, actions, button, context, divider, header, section
from texts.cards import Answer, Setting, as_of_line, clock_of, grade_line, value_of, verdict_line
from texts.findings import held_why, tab_word, trouble
from texts.formats import day, harmless, money, plain_line
from texts.render import Words, words

EXAMPLE = "ACME"


def sentence(lang: str, code: str, **facts: object) -> Message:
    """One sentence of the card's own list."""
    text = words(lang).say("card", code, **facts)
    return Message(text=text.partition("\n")[0], blocks=[section(text)])


def help_message(lang: str) -> Message:
    """What the desk can do, with examples."""
    return sentence(lang, "help", example=EXAMPLE)


def broken(lang: str, reference: str) -> Message:
    """Something unexpected: nothing was changed, and a reference."""
    return sentence(lang, "broken", reference=reference)


def not_found(lang: str, query: str) -> Message:
    """Nobody is called so."""
    return sentence(lang, "not_found", query=harmless(query, 60), example=EXAMPLE)


def choose(
    lang: str, kind: str, query: str, hits: Sequence[Mapping[str, Any]], action: str = "lookup.choose"
) -> Message:
    """Several candidates, or one that is not certain: each with a button, and the form that names it."""
    say = words(lang)
    text = say.say("card", kind, query=harmless(query, 60))
    return Message(text=text, blocks=[section(text), *_candidates(hits, say, action)])


def offer(lang: str, code: str, name: str, hits: Sequence[Mapping[str, Any]]) -> Message:
    """What works instead of what was typed, with the customers it may have been about."""
    say = words(lang)
    text = say.say("card", code, example=harmless(name, 60) or say.labels["example_name"])
    return Message(text=text, blocks=[section(text), *_candidates(hits, say)])


def _candidates(hits: Sequence[Mapping[str, Any]], say: Words, action: str = "lookup.choose") -> list[Block]:
    blocks: list[Block] = []
    for place, hit in enumerate(hits[:10]):
        name, number = harmless(hit["name"], 80), hit["customer_id"]
        shown = f"`/credit {harmless(number, 40)}`" if number else say.say("card", "only_on_blacklist")
        line = f"*{name}*\n{shown} · {say.word('match', hit['match'])}"
        blocks.append(
            section(line, accessory=button(say.labels["choose"], action, hit["value"]), block_id=f"choose.{place}")
        )
    return blocks


def grade_only(lang: str, answer: Answer) -> Message:
    """What somebody of another department sees."""
    say = words(lang)
    name, number = harmless(answer["name"]), harmless(answer["customer_id"] or "—", 40)
    text = say.say("card", "grade_only", name=name, id=number, grade=grade_line(answer, say))
    ask = button(say.labels["ask_view"], "access.ask", value_of(answer["customer_id"] or ""))
    fallback = say.say("card", "fallback", name=name, verdict=grade_line(answer, say))
    return Message(text=fallback, blocks=[section(text), actions([ask], "access")])


def shared(lang: str, person: str, answer: Answer) -> Message:
    """The verdict for a channel, without figures."""
    say = words(lang)
    verdict = say.say("card", f"share_{answer['verdict'] or 'unknown'}")
    who, name, number = harmless(person, 40), harmless(answer["name"]), harmless(answer["customer_id"] or "—", 40)
    text = say.say("card", "shared", person=who, name=name, id=number, verdict=verdict)
    return Message(text=text, blocks=[section(text)])


def wants_to_view(lang: str, account: str, person: str, name: str, customer_id: str) -> Message:
    """For whoever looks after a customer: somebody of another department asks about him."""
    say = words(lang)
    about = {"name": harmless(name), "id": harmless(customer_id, 40)}
    shown = say.say("card", "wants_to_view", person=f"<@{account}>", **about)
    return Message(
        text=say.say("card", "wants_to_view", person=harmless(person, 40) or "—", **about), blocks=[section(shown)]
    )


def freed(lang: str, answer: Answer) -> Message:
    """The direct message to somebody who waited."""
    say = words(lang)
    text = say.say("card", "freed", name=harmless(answer["name"]), verdict=verdict_line(answer, say))
    look = button(say.labels["open"], "lookup.open", value_of(answer["customer_id"]))
    return Message(text=text, blocks=[section(text), actions([look], "freed")])


def stale(lang: str, key: str) -> Message:
    """A button of an answer that no longer holds; `key` says whose it was, as far as it does."""
    name = key[2:].rpartition("/")[2] if key.startswith("b:") else key[2:]
    known = name not in {"", "?"}
    return sentence(lang, "stale_button", example=harmless(name, 60) if known else words(lang).labels["example_name"])


def error_sentence(lang: str, problem: DeskError) -> str:
    """What is wrong, where, and what to do; a code without words stands for itself."""
    say = words(lang)
    if not say.has("errors", problem.code):
        return str(problem)
    return say.say("errors", problem.code, **{key: _fact(key, value, say) for key, value in problem.facts.items()})


_FACT_WORDS = {"post": "post", "role": "post", "state": "request_state", "act": "request_act"}


def _fact(name: str, value: object, say: Words) -> str:
    """A fact of an error: codes as their words, amounts and days as people write them."""
    table = _FACT_WORDS.get(name)
    if table is not None:
        return say.word(table, value) if value else ""
    if isinstance(value, Decimal):
        return money(value, say.lang)
    return day(value, say.lang) if isinstance(value, date) else plain_line(value, 200)


def explained(lang: str, problem: DeskError) -> Message:
    """The same as a message."""
    text = error_sentence(lang, problem)
    return Message(text=text, blocks=[section(harmless(text, 400))])


def home(
    lang: str,
    recent: Sequence[Mapping[str, Any]],
    count: int,
    setting: Setting,
    requests: Sequence[Block] = (),
) -> dict[str, Any]:
    """App Home: what waits for the reader, search, recent look-ups, how fresh the ledger is."""
    say = words(lang)
    label = say.labels
    blocks: list[Block] = [
        header(label["home_title"]),
        *requests,
        section(say.say("card", "home_intro")),
        {
            "type": "input",
            "block_id": "home.search",
            "dispatch_action": True,
            "label": {"type": "plain_text", "text": label["search_title"]},
            "element": {
                "type": "plain_text_input",
                "action_id": "home.search",
                "max_length": 200,
                "placeholder": {"type": "plain_text", "text": label["search"]},
                "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
            },
        },
        divider(),
        section(f"*{label['recent']}*"),
    ]
    for place, one in enumerate(recent[:10]):
        line = f"{one['verdict']}\n*{harmless(one['name'], 80)}* · {harmless(one['customer_id'], 40)}"
        look = button(label["open"], "lookup.open", value_of(one["customer_id"]))
        blocks.append(section(line, accessory=look, block_id=f"recent.{place}"))
    if not recent:
        blocks.append(context([say.say("card", "home_empty")]))
    if setting.synced_at is None:
        blocks.append(context([say.say("card", "no_copy")]))
    elif setting.problem:
        blocks.append(context([as_of_line(lang, setting, None)]))
    else:
        blocks.append(context([say.say("card", "home_synced", count=count, time=clock_of(setting, say))]))
    return {"type": "home", "callback_id": "home", "blocks": blocks}


def held_message(lang: str, held: Sequence[Mapping[str, Any]]) -> Message:
    """For finance: which tabs keep their last good copy and why; an empty list says that all is well again."""
    say = words(lang)
    if not held:
        return sentence(lang, "held_none")
    lines = [f"• {tab_word(one['facts']['tab'], say)}: {held_why(one, say)}" for one in held]
    text = say.say("card", "held_some", count=len(held))
    return Message(text=text, blocks=[section(f"{text}\n" + "\n".join(lines))])


def trouble_message(lang: str, code: str | None, setting: Setting) -> Message:
    """For finance: the ledger cannot be read and why; None says that it can again."""
    say = words(lang)
    if code is None:
        return sentence(lang, "ledger_well")
    kind = "ledger_fault" if code == "sync_failed" or code.startswith("copy_") else "ledger_unread"
    return sentence(lang, kind, why=trouble(code, say), time=clock_of(setting, say))


def baseline_message(lang: str, count: int) -> Message:
    """For finance, once: what the decision columns said at the first sync counts as decided."""
    return sentence(lang, "baseline_taken", count=count)


def parked_message(lang: str, count: int) -> Message:
    """For finance, which tells whoever runs the desk: deliveries that were given up."""
    text = words(lang).say("record", "outbox_given_up", count=count)
    return Message(text=text, blocks=[section(text)])


def modal(lang: str, message: Message) -> dict[str, Any]:
    """A message as a modal; nothing can be shared from there, since it belongs to no channel."""
    say = words(lang)
    blocks = [_without(block, "lookup.share") if block["type"] == "actions" else block for block in message["blocks"]]
    return {
        "type": "modal",
        "callback_id": "lookup.answer",
        "title": {"type": "plain_text", "text": plain_line(say.labels["home_title"], 24)},
        "close": {"type": "plain_text", "text": say.labels["close"]},
        "blocks": blocks,
    }


def _without(block: Block, action_id: str) -> Block:
    return {**block, "elements": [one for one in block["elements"] if one["action_id"] != action_id]}


def plain_text(message: Message) -> str:
    """All that a message says, without markup."""
    said = "\n".join(block["text"]["text"] for block in message["blocks"] if "text" in block)
    bare = said.replace("*", "").replace("`", "")
    return bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def headline(lang: str, answer: Answer) -> str:
    """The verdict line alone."""
    return verdict_line(answer, words(lang))
