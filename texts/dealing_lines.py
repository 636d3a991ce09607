"""What was done about a debt, a line each."""

from approvals.dealings import Dealing
from texts.formats import day, harmless, money
from texts.render import Words
from texts.standing import Standing, Told

_SHOWN = 5


def told_lines(standing: Standing, say: Words) -> list[str]:
    """The newest few, newest first."""
    return [_line(one, standing, say) for one in reversed(standing.told[-_SHOWN:])]


def _line(told: Told, standing: Standing, say: Words) -> str:
    one, year = told.dealing, standing.dunning.on.year
    whole = say.say("collection", "whole")
    facts = {
        "day": day(one.day, say.lang, year=year),
        "until": day(one.until, say.lang, year=year),
        "ended": day(one.ended_on, say.lang, year=year),
        "amount": whole if one.amount is None else money(one.amount, say.lang, standing.currency),
        "letter": say.topic("collection", "letter").get(one.letter, ""),
        "way": say.topic("collection", "way").get(one.way, ""),
        "reference": harmless(one.reference, 60),
        "no": harmless(one.invoices[0], 40) if one.invoices else "",
        "person": harmless(told.person, 20),
        "owner": harmless(told.owner, 20),
        "outcome": say.topic("collection", "outcome")[told.outcome],
    }
    return "• " + say.say("collection", f"told_{_code(one, standing)}", **facts)


def _code(dealing: Dealing, standing: Standing) -> str:
    if dealing.kind != "dispute":
        return dealing.kind
    if dealing.ended_on is not None:
        return "settled"
    late = dealing.until is not None and dealing.until < standing.dunning.on
    return "dispute_late" if late else "dispute"
