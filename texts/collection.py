"""Dunning as a card: the stage, what is owed, what to do now, the invoices, what runs out."""

from approvals.dealings import IDLE_DAYS, idle_days, unproven
from approvals.dunning import LAST, Claim, Dunning, Letter
from approvals.promises import Reliability
from texts.blocks import Block, Message, actions, button, context, fields, section
from texts.cards import Setting, as_of, value_of
from texts.dealing_lines import told_lines
from texts.formats import day, harmless, money, plain_line
from texts.render import Words, words
from texts.standing import Standing

_ROWS = 8


def collection_card(standing: Standing, lang: str, setting: Setting, *, may_record: bool = False) -> Message:
    """Where a customer stands. The fallback text names no figure: it shows on locked screens."""
    say, found = words(lang), standing.dunning
    headline = _headline(found, say)
    blocks: list[Block] = [section(f"*{headline}*\n{_identity(standing, say)}")]
    if found.claims:
        blocks.append(fields(_figures(standing, say)))
    todo = [say.topic("collection", "measure")[one] for one in found.measures]
    if todo:
        blocks.append(section(f"*{say.say('collection', 'todo')}*\n" + "\n".join(f"• {one}" for one in todo)))
    lines = _invoices(standing, say)
    if lines:
        blocks.append(section("\n".join(lines)))
    done = told_lines(standing, say)
    if done:
        blocks.append(section(f"*{say.say('collection', 'told')}*\n" + "\n".join(done)))
    if standing.letters:
        blocks.append(actions(_letters(standing, say), "collect"))
    if may_record and found.claims:
        blocks.append(actions(_recording(standing, say), "collect.record"))
    small = [*_odd(standing, say), as_of(found.on.isoformat(), say, setting)]
    blocks.append(context([line for line in small if line]))
    name = harmless(standing.name)
    return Message(text=say.say("collection", "fallback", name=name, stage=stage_word(found.stage, say)), blocks=blocks)


def letter_word(letter: Letter, lang: str) -> str:
    """What a letter is called."""
    return words(lang).topic("collection", "letter")[letter]


def letters_sentence(lang: str, code: str, **facts: object) -> Message:
    """One sentence about a letter."""
    text = words(lang).say("collection", code, **facts)
    return Message(text=text, blocks=[section(text)])


def letters_ready(standing: Standing, letter: Letter, lang: str) -> Message:
    """What is said with a letter's files."""
    name = harmless(standing.name)
    return letters_sentence(lang, "letter_ready", letter=letter_word(letter, lang), name=name)


def collection_unknown(lang: str, name: str, customer_id: str) -> Message:
    """His figures leave something out: nothing is demanded on them."""
    text = words(lang).say("collection", "unknown", name=harmless(name), id=harmless(customer_id, 40))
    return Message(text=text, blocks=[section(text)])


def stage_word(stage: int | None, say: Words) -> str:
    """What a stage is called; numbers beyond the last as the last one."""
    return say.topic("collection", "stage")["none" if stage is None else str(min(stage, LAST))]


def _headline(found: Dunning, say: Words) -> str:
    if found.stage is None:
        return say.say("collection", "quiet")
    code = "ahead" if found.days < 0 else "today" if found.days == 0 else "late"
    return say.say("collection", code, stage=stage_word(found.stage, say), number=found.stage, days=abs(found.days))


def _identity(standing: Standing, say: Words) -> str:
    grade = standing.grade or say.labels["unrated"]
    parts = [f"*{harmless(standing.name)}*", harmless(standing.customer_id, 40), say.say("card", "graded", grade=grade)]
    parts = parts if standing.grade else [*parts[:2], grade]
    owner = harmless(standing.sales_owner, 20) or say.say("digest", "no_owner")
    return "  ·  ".join([*parts, owner])


def _figures(standing: Standing, say: Words) -> list[str]:
    found, lang, currency = standing.dunning, say.lang, standing.currency
    label = say.topic("collection", "label")
    figures = {
        "overdue": money(found.overdue, lang, currency),
        "interest": money(found.interest, lang, currency),
        "disputed": money(found.disputed, lang, currency),
        "orders": label["held" if found.holds else "free"],
        "promises": _promises(standing.promises, say),
        "next": _next(found, say),
    }
    return [f"*{label[name]}*\n{value}" for name, value in figures.items()]


def _promises(word: Reliability, say: Words) -> str:
    if word.kept_pct is None and not word.open:
        return say.labels["none"]
    return say.say("collection", "promises", kept=word.kept, partly=word.partly, broken=word.broken, open=word.open)


def _next(found: Dunning, say: Words) -> str:
    if found.next_on is None:
        return say.labels["none"]
    when = day(found.next_on, say.lang, year=found.on.year)
    return say.say("collection", "next", day=when, stage=stage_word(found.next_stage, say))


def _letters(standing: Standing, say: Words) -> list[Block]:
    """A button for each letter; the one that the stage asks for first."""
    value = value_of(standing.customer_id)
    return [
        button(letter_word(letter, say.lang), f"collect.letter.{letter}", value, primary=place == 0)
        for place, letter in enumerate(standing.letters)
    ]


def _recording(standing: Standing, say: Words) -> list[Block]:
    """Buttons that record something, and one for each dispute that may be settled."""
    value = value_of(standing.customer_id)
    asks = [
        button(say.say("collection", f"open_{asked}"), f"collect.open.{asked}", value)
        for asked in ("sent", "promise", "dispute")
    ]
    disputes = [one for one in standing.dealings if one.kind == "dispute" and one.ended_on is None]
    settle = [
        button(
            say.say("collection", "settle", no=plain_line(one.invoices[0], 40)),
            f"collect.settle.{place}",
            value_of(one.dealing_id),
        )
        for place, one in enumerate(disputes[:5])
    ]
    return [*asks, *settle]


def _invoices(standing: Standing, say: Words) -> list[str]:
    """What is demanded, oldest due first, then how many more."""
    demanded = standing.dunning.demanded
    lines = [_invoice(claim, standing, say) for claim in demanded[:_ROWS]]
    if len(demanded) > _ROWS:
        lines.append(say.say("collection", "more", count=len(demanded) - _ROWS))
    return lines


def _invoice(claim: Claim, standing: Standing, say: Words) -> str:
    year = standing.dunning.on.year
    about = {
        "no": harmless(claim.invoice_no, 40) or "—",
        "amount": money(claim.demanded, say.lang, standing.currency),
        "due": day(claim.due_on, say.lang, year=year),
        "days": claim.days,
    }
    if claim.days <= 0:
        return say.say("collection", "coming", **about)
    contract = harmless(claim.rate.contract_no, 30)
    by = say.say("collection", "by_contract", no=contract) if contract else say.say("collection", "by_law")
    interest = money(claim.interest, say.lang, standing.currency)
    return say.say("collection", "overdue", **about, interest=interest, pct=f"{claim.rate.pct.normalize():f}", by=by)


def _odd(standing: Standing, say: Words) -> list[str]:
    """Limitation, bounced money, cash that is not matched yet."""
    found, year = standing.dunning, standing.dunning.on.year
    lines: list[str] = []
    expired = [claim for claim in found.warned if claim.limitation.warned == 0]
    ending = [claim for claim in found.warned if claim.limitation.warned]
    if expired:
        lines.append(say.say("collection", "limitation_over", nos=_numbers(expired, say)))
    if ending:
        first = min(claim.limitation.expires_on for claim in ending)
        left = min(claim.limitation.days_left for claim in ending)
        until, nos = day(first, say.lang, year=year), _numbers(ending, say)
        lines.append(say.say("collection", "limitation_soon", nos=nos, day=until, days=left))
    letter = unproven(found, standing.dealings) if standing.recorded else None
    if letter is not None:
        lines.append(say.say("collection", "unproven", letter=letter_word(letter, say.lang)))
    days = idle_days(found.days, standing.dealings, found.on) if standing.recorded else 0
    if days >= IDLE_DAYS:
        owner = harmless(standing.sales_owner, 20) or say.say("digest", "no_owner")
        lines.append(say.say("collection", "idle", owner=owner, days=days))
    for one in standing.bounced[:2]:
        amount = money(one.amount, say.lang, standing.currency)
        when = day(one.received_on, say.lang, year=year)
        lines.append(say.say("collection", "bounced", no=harmless(one.receipt_no, 30), amount=amount, day=when))
    if standing.unapplied and found.overdue:
        lines.append(say.say("collection", "unapplied", amount=money(standing.unapplied, say.lang, standing.currency)))
    return lines


def _numbers(claims: list[Claim], say: Words) -> str:
    shown = say.labels["list"].join(harmless(claim.invoice_no, 30) or "—" for claim in claims[:4])
    return shown if len(claims) <= 4 else f"{shown}…"
