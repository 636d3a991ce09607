"""What the decision columns of a row say: as they are kept in the baseline, and which of two rows is the stricter."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from scoring.ledger import ROW_TYPES, Order, Row, kind_of

GUARDED_TABS = ("customers", "orders")
"""Tabs whose decision columns are held to the baseline; a new blacklist row counts at once, see `docs/decisions.md`."""
STATUS_WORSE = ("active", "watch", "prospect", "hold", "closed", "stop", "blacklist")
"""From the least to the most that is held."""
_EMPTY_IS_STRICT = frozenset({"credit_limit", "temp_limit", "temp_limit_expires_on", "payment_days", "release"})
"""Nothing granted; in the other columns an empty cell sets no bound."""
Decided = dict[tuple[str, str], dict[str, Any]]
"""(tab, key) -> what its decision columns say, the empty ones left out."""


def place_of(row: Row) -> tuple[str, str]:
    """Where a row is kept: an order's number may be that of another customer's order too."""
    return row.TAB, f"{row.key}\x1f{row.customer_id}" if isinstance(row, Order) else row.key


def note_decided(cells: Decided, rows: Iterable[Row]) -> None:
    """Take down what the decision columns of these rows say; of several rows with one key the strictest."""
    for row in rows:
        if row.TAB in GUARDED_TABS and row.key:
            where, said = place_of(row), decided_of(row)
            cells[where] = _stricter(cells[where], said) if where in cells else said


def strictest(rows: Iterable[Row]) -> dict[str, Any]:
    """What rows with one key say together."""
    cells: Decided = {}
    note_decided(cells, rows)
    return next(iter(cells.values()), {})


def decided_in(tab: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the decision columns of an ordinary row say, from its typed cells."""
    return {name: _spelled(values[name]) for name in ROW_TYPES[tab].DECISION if name in values and values[name] != ""}


def spelled_cells(values: Mapping[str, Any]) -> dict[str, Any]:
    """Typed decision values as the baseline keeps them, the empty ones left out."""
    return {name: _spelled(value) for name, value in values.items() if value is not None and value != ""}


def _spelled(value: Any) -> Any:
    if isinstance(value, Decimal):
        return digits(value)
    return value.isoformat() if isinstance(value, date) else value


def decided_of(row: Row) -> dict[str, Any]:
    """What the decision columns of a row say; "?" for a cell that cannot be read."""
    found: dict[str, Any] = {}
    for name in ROW_TYPES[row.TAB].DECISION:
        value = getattr(row, name)
        if name in row.unread:
            found[name] = "?"
        elif value is not None and value != "":
            found[name] = _spelled(value)
    return found


def digits(value: Decimal) -> str:
    """2000000 and 0.5, never 2E+6: one way to write an amount, so that equal ones compare equal."""
    return f"{value.normalize():f}"


def _stricter(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Column by column what grants less."""
    found: dict[str, Any] = {}
    for name in {*one, *other}:
        values = [cells[name] for cells in (one, other) if cells.get(name, "?") != "?"]
        if len(values) == 2 and values[0] != values[1]:
            values = [_lesser(name, *values)]
        elif len(values) == 1 and name in _EMPTY_IS_STRICT:
            values = []
        if values and values[0] is not None:
            found[name] = values[0]
    return found


def _lesser(name: str, one: Any, other: Any) -> Any:
    """The smaller amount, the earlier day, the worse status; of two differing releases none."""
    if name == "release":
        return None
    if name == "status":
        return max(one, other, key=STATUS_WORSE.index)
    return min(one, other, key=Decimal) if isinstance(one, str) and _is_amount(name) else min(one, other)


def _is_amount(name: str) -> bool:
    return kind_of("customers", name) == "money"
