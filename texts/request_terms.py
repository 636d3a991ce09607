"""Terms, persons and moments as every text about a request says them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from approvals.people import Role
from approvals.terms import Terms
from texts.formats import day, harmless, money
from texts.render import Words


def terms_said(terms: Terms, say: Words) -> str:
    """Limit and days, or that payment comes first."""
    if terms.prepay:
        return say.say("request", "terms_prepay")
    return say.say("request", "terms", limit=money(terms.limit, say.lang, terms.currency), days=terms.payment_days)


def conditions_said(terms: Terms, say: Words, today: date) -> list[str]:
    """Everything that comes with the terms."""
    known = {"open_account", "prepay", *(("deposit_or_guarantee",) if terms.deposit_pct or terms.guarantee else ())}
    said = [say.word("condition", code) for code in terms.conditions if code not in known]
    if terms.deposit_pct:
        said.append(say.say("request", "deposit", pct=f"{float(terms.deposit_pct):g}"))
    if terms.guarantee:
        said.append(say.say("request", "guarantee", text=harmless(terms.guarantee, 200)))
    if terms.temp_limit:
        amount = money(terms.temp_limit, say.lang, terms.currency)
        said.append(say.say("request", "temporary", amount=amount, day=day(terms.temp_until, say.lang)))
    if terms.valid_until:
        said.append(say.say("request", "valid_until", day=day(terms.valid_until, say.lang, year=today.year)))
    return said


def whole_terms(terms: Terms, say: Words, today: date) -> str:
    """Terms with their conditions behind them."""
    return say.labels["comma"].join([terms_said(terms, say), *conditions_said(terms, say, today)])


def moment(at: datetime, say: Words, today: date) -> str:
    """The time alone today, with its day otherwise."""
    clock = f"{at:%H:%M}"
    return clock if at.date() == today else f"{day(at.date(), say.lang, year=today.year)} {clock}"


def person_said(who: str, role: Role | None, say: Words) -> str:
    """Name and post."""
    name = harmless(who, 40)
    return name if role is None else say.say("request", "person", who=name, role=role_said(role, say))


def role_said(role: Role, say: Words) -> str:
    """A post without its article."""
    return say.word("post", role).removeprefix("the ")


def names_said(names: Iterable[str], joint: str, say: Words) -> str:
    """Names joined by the label `or`, `and` or `list`."""
    return joined([harmless(name, 40) for name in names], joint, say)


def joined(shown: Sequence[str], joint: str, say: Words) -> str:
    """What is fit to be shown already, joined in the same way; of many only the last two by the label."""
    if len(shown) <= 2:
        return say.labels[joint].join(shown)
    return say.labels[joint].join((say.labels["list"].join(shown[:-1]), shown[-1]))
