"""Warnings over time (POLICY.md 7): opened when a signal begins, escalated, put to sleep with a reason, closed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal

from scoring.findings import Finding
from scoring.policy import Policy
from scoring.results import Colour

AlertState = Literal["open", "taken", "snoozed", "closed"]
Escalation = Literal["", "two_yellows", "orange_too_long"]
ClosedWhy = Literal["", "cleared", "settled", "false_alarm"]
_HEAT: Mapping[Colour, int] = {"yellow": 1, "orange": 2, "red": 3}
EVENTS = frozenset({
    "payer_changed", "bank_account_changed", "controller_changed", "representative_changed",
})  # fmt: skip
"""What happened once: it does not go away with the next look, a person settles it."""
_BY_ROW = frozenset({"guarantee_expiring", "contract_expiring", "order_jump", "order_after_idle", "new_suits"})
"""Signals of one row each: another contract, order or check is another warning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One warning about one customer, from the day it began."""

    alert_id: str
    customer_id: str
    kind: str
    """The code of the signal."""
    key: str = ""
    """The row it is about, where there is one per row."""
    colour: Colour
    """Of the day; `level` is what it has become."""
    level: Colour
    escalated: Escalation = ""
    since: date
    changed_on: date
    """When something about it was new for the last time."""
    orange_since: date | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    """As the JSON answer holds them."""
    source: Mapping[str, Any] | None = None
    state: AlertState = "open"
    owner: str = ""
    """Whoever took it, by id in people.yaml."""
    snoozed_until: date | None = None
    reason: str = ""
    closed_on: date | None = None
    closed_why: ClosedWhy = ""
    version: int = 1

    def ended(self, why: ClosedWhy, on: date) -> "Alert":
        """Closed, and why."""
        return replace(self, state="closed", closed_on=on, closed_why=why, changed_on=on, version=self.version + 1)


@dataclass(frozen=True, slots=True)
class Followed:
    """What a look at one customer changed."""

    opened: tuple[Alert, ...] = ()
    worse: tuple[Alert, ...] = ()
    better: tuple[Alert, ...] = ()
    gone: tuple[Alert, ...] = ()
    kept: tuple[Alert, ...] = ()
    """Of the same colour as before, with other figures."""

    @property
    def changed(self) -> tuple[Alert, ...]:
        """Everything to be kept."""
        return (*self.opened, *self.worse, *self.better, *self.gone, *self.kept)


def place_of(finding: Finding) -> tuple[str, str]:
    """(kind, row) by which a signal is known again on another day."""
    of_row = finding.code in _BY_ROW or finding.code in EVENTS
    return finding.code, finding.source.key if of_row and finding.source is not None else ""


def follow(
    known: Sequence[Alert],
    found: Iterable[Finding],
    *,
    customer_id: str,
    on: date,
    policy: Policy,
    new_id: Callable[[], str],
) -> Followed:
    """What today's signals make of a customer's warnings.

    `known` are those that are not closed and those closed within the policy's days for two yellows. A signal that is
    gone closes its warning; one that comes back is a new warning. A warning put to sleep wakes on its day or when its
    colour gets worse.
    """
    living = {(one.kind, one.key): one for one in known if one.state != "closed"}
    today = {place_of(one): one for one in sorted(found, key=lambda one: _heat(one.severity))}
    opened = [_opened(one, place, customer_id, on, new_id) for place, one in today.items() if place not in living]
    looked = [_looked(living[place], one, on) for place, one in today.items() if place in living]
    gone = [one.ended("cleared", on) for place, one in living.items() if place not in today and one.kind not in EVENTS]
    staying = [one for place, one in living.items() if place not in today and one.kind in EVENTS]
    closed = [one for one in known if one.state == "closed"]
    after = _escalated([*opened, *looked, *staying], [*closed, *gone], on, policy)
    fresh = {one.alert_id for one in opened}
    before = {one.alert_id: one for one in known}
    again = [
        (before[one.alert_id], replace(one, version=one.version + 1))
        for one in after
        if one.alert_id in before and one != before[one.alert_id]
    ]
    rose = [one for former, one in again if _rose(former, one)]
    fell = [one for former, one in again if _HEAT[one.level] < _HEAT[former.level]]
    return Followed(
        opened=tuple(one for one in after if one.alert_id in fresh),
        worse=tuple(replace(one, changed_on=on) for one in rose),
        better=tuple(replace(one, changed_on=on) for one in fell),
        gone=tuple(gone),
        kept=tuple(one for former, one in again if not _rose(former, one) and one.level == former.level),
    )


def _rose(former: Alert, now: Alert) -> bool:
    """Worse than before, or awake again."""
    return _HEAT[now.level] > _HEAT[former.level] or (former.state == "snoozed" and now.state == "open")


def _heat(severity: str) -> int:
    return {"red": 3, "orange": 2}.get(severity, 1)


def _colour_of(finding: Finding) -> Colour:
    return "red" if finding.severity == "red" else "orange" if finding.severity == "orange" else "yellow"


def _told(finding: Finding) -> dict[str, Any]:
    return finding.as_json()


def _opened(finding: Finding, place: tuple[str, str], customer_id: str, on: date, new_id: Callable[[], str]) -> Alert:
    colour, told = _colour_of(finding), _told(finding)
    return Alert(
        alert_id=new_id(), customer_id=customer_id, kind=place[0], key=place[1], colour=colour, level=colour, since=on,
        changed_on=on, facts=told["facts"], source=told["source"],
    )  # fmt: skip


def _looked(alert: Alert, finding: Finding, on: date) -> Alert:
    """The warning with today's figures. Only a worse colour or its day wakes one that sleeps."""
    colour, told = _colour_of(finding), _told(finding)
    milder = alert.escalated == "" or _HEAT[colour] > _HEAT[alert.level]
    level = colour if milder else alert.level
    due = alert.snoozed_until is not None and alert.snoozed_until <= on
    wakes = alert.state == "snoozed" and (due or _HEAT[colour] > _HEAT[alert.colour])
    after = replace(alert, colour=colour, level=level, facts=told["facts"], source=told["source"])
    if milder:
        after = replace(after, escalated="")
    return replace(after, state="open", snoozed_until=None, reason="") if wakes else after


def _escalated(living: list[Alert], closed: list[Alert], on: date, policy: Policy) -> list[Alert]:
    """Two yellows within the days = orange, on the newest of them; orange for as many days = red.

    A yellow that has gone again within those days is one of the two. What has risen stays up until it closes.
    """
    lines = policy.warnings
    first = on - timedelta(days=lines.yellows_to_orange_days)
    yellows = [one for one in (*living, *closed) if one.colour == "yellow" and one.since > first]
    rising = [one for one in living if one.level == "yellow" and one.since > first]
    newest = max(rising, key=lambda one: (one.since, one.alert_id), default=None) if len(yellows) >= 2 else None
    chosen = "" if newest is None or _risen(living) else newest.alert_id
    return [_level_of(one, on, lines.orange_to_red_days, two_yellows=one.alert_id == chosen) for one in living]


def _level_of(alert: Alert, on: date, days: int, *, two_yellows: bool) -> Alert:
    """The level that time has made of it."""
    if two_yellows:
        alert = replace(alert, level="orange", escalated="two_yellows")
    if alert.level == "yellow":
        return alert if alert.orange_since is None else replace(alert, orange_since=None)
    since = alert.orange_since or on
    if alert.level == "orange" and (on - since).days >= days:
        return replace(alert, level="red", escalated="orange_too_long", orange_since=since)
    return alert if alert.level == "red" else replace(alert, orange_since=since)


def _risen(living: list[Alert]) -> bool:
    """True while two yellows have already made one orange: it is told once, not of each further one."""
    return any(one.escalated == "two_yellows" for one in living)
