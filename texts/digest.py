"""The morning digest of what is overdue: the sum and how it moved, the ten that weigh most, the rest as a count."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from scoring.results import Colour
from texts.blocks import Block, Message, context, section
from texts.cards import Setting, as_of
from texts.findings import warning_words
from texts.formats import day, harmless, money
from texts.render import Words, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One customer who is overdue."""

    customer_id: str
    name: str
    overdue: str
    """In base currency, as "1200.00"."""
    days: int
    sales_owner: str
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How the sum moved since the digest before."""

    since: date
    customers: int
    overdue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """One warning that is new, or another than it was."""

    customer_id: str
    name: str
    department: str
    sales_owner: str
    kind: str
    level: Colour
    facts: Mapping[str, Any]
    new: bool
    escalated: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Warnings:
    """How many stand, and what is new since the digest before."""

    since: date | None
    red: int = 0
    orange: int = 0
    yellow: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    rows: Sequence[Warned] = ()
    rest: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one audience reads on one morning; pure facts."""

    department: str = ""
    """"" = the whole book, for finance."""
    day: date
    currency: str
    known: bool = True
    """False when the invoices could not be read at all."""
    customers: int = 0
    overdue: str = "0.00"
    longest: int = 0
    rows: Sequence[Row] = ()
    rest_customers: int = 0
    rest_overdue: str = "0.00"
    unknown: int = 0
    """Customers who are overdue in a currency without a rate: in no figure."""
    change: Change | None = None
    warnings: Warnings | None = None
    """None where nobody follows them."""
    late_for: str = ""
    """When it should have come, for one that comes later."""
    no_channel: bool = False
    """A department's digest that goes to finance because nobody named its channel."""

    def as_json(self) -> dict[str, Any]:
        """For `creditdesk digest --json`; days as ISO text."""
        found = asdict(self)
        change = found.pop("change")
        moved = None if change is None else {**change, "since": change["since"].isoformat()}
        warned = found.pop("warnings")
        if warned is not None and warned["since"] is not None:
            warned["since"] = warned["since"].isoformat()
        return {**found, "day": self.day.isoformat(), "change": moved, "warnings": warned}


def digest_message(digest: Digest, lang: str, setting: Setting) -> Message:
    """The digest as a message; its `text` carries no figure, since it shows on locked screens."""
    say = words(lang)
    year = digest.day.year
    about = {"department": harmless(digest.department, 40), "day": day(digest.day, say.lang, year=year)}
    title = say.say("digest", "title_department" if digest.department else "title", **about)
    quiet = digest.known and not digest.customers and not digest.unknown
    said = [f"*{title}*  {say.say('digest', 'quiet')}"] if quiet else [f"*{title}*", *_sums(digest, say)]
    blocks: list[Block] = [section("\n".join(said))]
    if digest.rows:
        blocks.append(section("\n".join(_rows(digest, say))))
    if digest.warnings is not None:
        blocks += warning_blocks(digest.warnings, digest, say)
    small = _small_print(digest, say, setting)
    if small:
        blocks.append(context(small))
    return Message(text=title, blocks=blocks)


def warning_blocks(warned: Warnings, digest: Digest, say: Words) -> list[Block]:
    """Counts in one line, then what is new or another; nothing at all where nothing stands and nothing ended."""
    if not (warned.red or warned.orange or warned.yellow or warned.gone):
        return []
    counts = {"red": warned.red, "orange": warned.orange, "yellow": warned.yellow}
    moved = ""
    if warned.since is not None:
        figures = {"new": warned.new, "changed": warned.changed, "gone": warned.gone}
        since = day(warned.since, say.lang, year=digest.day.year)
        moved = say.say(
            "digest", "warnings_moved" if any(figures.values()) else "warnings_unmoved", since=since, **figures
        )
    lines = [say.say("digest", "warnings", moved=moved, **counts)]
    for row in warned.rows:
        found = {"code": row.kind, "severity": row.level, "facts": row.facts}
        owner = _owner(digest, row, say)
        what = warning_words(found, say, digest.day, digest.currency)
        line = {"name": harmless(row.name, 40), "id": harmless(row.customer_id, 20), "what": what, "owner": owner}
        lines.append(say.say("digest", "warned_new" if row.new else "warned", **line))
        if row.escalated:
            lines[-1] += say.say("digest", f"escalated_{row.escalated}")
    if warned.rest:
        lines.append(say.say("digest", "warned_rest", count=warned.rest))
    return [section("\n".join(lines))]


def _sums(digest: Digest, say: Words) -> list[str]:
    if not digest.known:
        return [say.say("digest", "no_figures")]
    if not digest.customers:
        return []
    amount = money(digest.overdue, say.lang, digest.currency)
    lines = [say.say("digest", "sum", amount=amount, customers=digest.customers, days=digest.longest)]
    if digest.change is not None:
        lines.append(_moved(digest, digest.change, say))
    return lines


def _moved(digest: Digest, change: Change, say: Words) -> str:
    since = day(change.since, say.lang, year=digest.day.year)
    if not change.customers and not change.overdue.strip("-0."):
        return say.say("digest", "unmoved", since=since)
    more = "" if change.overdue.startswith("-") else "+"
    amount = more + money(change.overdue, say.lang, digest.currency)
    return say.say("digest", "moved", since=since, amount=amount, customers=f"{change.customers:+d}")


def _rows(digest: Digest, say: Words) -> list[str]:
    lines = [
        say.say(
            "digest", "row", place=place, name=harmless(row.name, 40), id=harmless(row.customer_id, 20),
            amount=money(row.overdue, say.lang, digest.currency), days=row.days, owner=_owner(digest, row, say),
        )
        for place, row in enumerate(digest.rows, 1)
    ]  # fmt: skip
    if digest.rest_customers:
        amount = money(digest.rest_overdue, say.lang, digest.currency)
        lines.append(say.say("digest", "rest", customers=digest.rest_customers, amount=amount))
    return lines


def _owner(digest: Digest, row: Row | Warned, say: Words) -> str:
    """Who looks after the customer; for finance with the department."""
    owner = harmless(row.sales_owner, 20) or say.say("digest", "no_owner")
    if digest.department or not row.department:
        return owner
    return say.say("digest", "owner_in", owner=owner, department=harmless(row.department, 20))


def _small_print(digest: Digest, say: Words, setting: Setting) -> list[str]:
    small: list[str] = []
    if digest.late_for:
        small.append(say.say("digest", "late", time=digest.late_for))
    if digest.no_channel:
        small.append(say.say("digest", "no_channel", department=harmless(digest.department, 40)))
    if digest.unknown:
        small.append(say.say("digest", "unknown", customers=digest.unknown))
    if digest.rest_customers:
        small.append(say.say("digest", "order"))
    doubtful = setting.problem or setting.held or setting.age_minutes >= setting.amber_minutes
    if digest.customers or doubtful:
        small.append(as_of(digest.day.isoformat(), say, setting))
    return [line for line in small if line]
