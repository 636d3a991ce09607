"""Reasons, vetoes, warnings and notes: codes with facts and the row they stand on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from scoring.money import round_cents

_ZERO = Decimal(0)
Severity = Literal["stop", "approval", "red", "orange", "yellow", "info", "note"]
Fact: TypeAlias = Decimal | int | float | str | bool | date | tuple[str, ...] | None
"""Money is Decimal (written "1200.00"), a percentage a float with one decimal, days an int, a day a date."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where in the ledger something stands: tab, the row's key, the row as the sheet shows it."""

    tab: str
    key: str
    row: int | None

    def as_json(self) -> dict[str, object]:
        """{"tab","key","row"}."""
        return {"tab": self.tab, "key": self.key, "row": self.row}


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason, veto, warning or note; `texts` makes the sentence."""

    code: str
    severity: Severity
    facts: Mapping[str, Fact] = field(default_factory=dict)
    source: Source | None = None

    def as_json(self) -> dict[str, object]:
        """{"code","severity","facts","source"} with money as "1200.00" and days in ISO."""
        return {
            "code": self.code,
            "severity": self.severity,
            "facts": {key: plain(value) for key, value in self.facts.items()},
            "source": self.source.as_json() if self.source else None,
        }


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on data quality: one cell or row of the ledger that could not be taken as it stands."""

    tab: str
    row: int | None
    key: str
    column: str | None
    code: str
    found: str = ""

    def as_json(self) -> dict[str, object]:
        """One entry of `ledger check`."""
        return {
            "tab": self.tab,
            "row": self.row,
            "key": self.key,
            "column": self.column,
            "code": self.code,
            "found": self.found,
        }

    def as_finding(self) -> Finding:
        """The same remark as an entry of `notes` in an answer."""
        facts: dict[str, Fact] = {"column": self.column, "found": self.found}
        return Finding(self.code, "note", facts, Source(self.tab, self.key, self.row))


def money_text(amount: Decimal | None) -> str | None:
    """Major units with two decimals, half up, "1200.00"; unset is None."""
    return None if amount is None else f"{round_cents(amount) or _ZERO:.2f}"


def plain(value: Fact) -> object:
    """A fact as JSON holds it."""
    if isinstance(value, Decimal):
        return money_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
