"""Whose row it is and what its key says, from the raw cells alone: all that a copy has to know of a row."""

from collections.abc import Sequence

from scoring.cells import CellError, key_text
from scoring.checks import is_total
from scoring.ledger import ROW_TYPES, Layout


def plain_key(cell: object) -> str:
    """A key cell as the typed row will spell it; "" where it is empty or cannot be read."""
    if cell is None or cell == "":
        return ""
    try:
        return key_text(cell)
    except CellError:
        return ""


def owned(tab: str) -> bool:
    """True for tabs whose rows belong to a customer."""
    return "customer_id" in ROW_TYPES[tab].__dataclass_fields__


def shared_by_customers(tab: str) -> bool:
    """True for tabs in which two customers may lay claim to one key (an invoice number, a receipt number)."""
    return owned(tab) and "customer_id" not in ROW_TYPES[tab].IDENTITY


class KeyPlaces:
    """Where a layout keeps the key and the customer of its rows."""

    def __init__(self, layout: Layout) -> None:
        """Columns that a sheet lacks are simply not looked at; the key columns are there, or there is no layout."""
        kind = ROW_TYPES[layout.tab]
        self.identity = tuple(place for place, key in enumerate(layout.columns) if key in kind.IDENTITY)
        self.owner = next(
            (place for place, key in enumerate(layout.columns) if key == "customer_id" and owned(layout.tab)), None
        )
        self.wanted = tuple(dict.fromkeys((*self.identity, *(() if self.owner is None else (self.owner,)))))
        self.is_pair = len(self.wanted) == 2 and len(self.identity) == 1
        self._any_part = layout.tab == "blacklist"
        self._totals = layout.tab == "customers"

    def key(self, cells: Sequence[object]) -> str:
        """The row's key; "" for a row without one. `cells` are those of `wanted`, in that order."""
        parts = [plain_key(cell) for cell in cells[: len(self.identity)]]
        if not all(parts) and not (self._any_part and any(parts)):
            return ""
        key = parts[0] if len(parts) == 1 else "/".join(parts)
        return "" if self._totals and is_total(key) else key

    def customer(self, cells: Sequence[object], key: str) -> str:
        """The customer that the row belongs to; "" for none."""
        if self.owner is None:
            return ""
        if self.owner in self.identity and len(self.identity) == 1:
            return key
        return plain_key(cells[self.wanted.index(self.owner)])
