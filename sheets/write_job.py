"""What is to be written into the ledger in one go, and how it can end.

SheetError
├── WriteConflict   the sheet is not as the decision assumed: a person has to look, nothing is tried again
├── WriteUnknown    it may have landed or not: ask again with `already_tried`, never simply repeat
└── WriteBusy       surely not written; later, after `retry_after` seconds
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from sheets.client import SheetError

Value: TypeAlias = Decimal | str | int | bool | date | None
"""What a cell may get. A `datetime` stands there as its own clock shows it; None empties the cell."""
Mode = Literal["update", "append", "upsert"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowWrite:
    """One row of one tab, found by its key at the moment of writing."""

    tab: str
    key: Mapping[str, str | date]
    values: Mapping[str, Value]
    """Absolute values, never increments; a column that is not named is left alone."""
    expected: Mapping[str, Value] = field(default_factory=dict)
    """Guarded cells of an existing row: what the decision was based on. Another value now is a conflict."""
    mode: Mode
    optional: bool = False
    """True where the ledger may do without this row or some of its columns: `Written.left_out` says what it lacks."""
    optional_columns: frozenset[str] = frozenset()
    """Columns of `values` that the sheet may lack: left out likewise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteJob:
    """Rows that are written together or not at all."""

    id: int
    """31-bit and positive, from a sequence: the id of the developer metadata by which Google refuses a repeat."""
    mark: str
    """A short opaque word, unique for ever: stands in the sheet's metadata, where others may read it."""
    rows: tuple[RowWrite, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A row that was written and where it stands, as the sheet numbers it."""

    tab: str
    key: str
    row: int
    link: str
    """An address that opens the row."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something optional that was not written; `column` is "" for a whole row."""

    tab: str
    column: str
    why: Literal["no_tab", "no_column", "row_there"]
    """`row_there`: people keep a row of this key already, and it says something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """It stands in the ledger, once, in the right rows."""

    places: tuple[Place, ...]
    left_out: tuple[LeftOut, ...] = ()
    before: bool = False
    """True when an earlier try had landed and nothing was written now."""
    changed: tuple[str, ...] = ()
    """`tab.column` of cells that people have changed since that earlier try; they keep what people wrote."""


CONFLICTS: Mapping[str, tuple[str, ...]] = {
    "tab_missing": ("tab",), "tab_empty": ("tab",), "column_missing": ("tab", "column"),
    "column_twice": ("tab", "column"), "key_twice": ("tab", "key", "rows"), "key_taken": ("tab", "key", "row"),
    "row_gone": ("tab", "key"), "row_moves": ("tab", "key"), "row_damaged": ("tab", "row", "columns"),
    "landed_elsewhere": ("tab", "key", "row"), "cell_formula": ("tab", "column", "row"),
    "cell_changed": ("tab", "column", "row", "key", "found", "expected"), "cell_protected": ("tab",),
    "cell_not_kept": ("tab", "column", "row"), "sheet_refused": ("tab",), "sheet_read_only": ("account",),
}  # fmt: skip
"""Every code of a conflict with its facts; besides these, the codes of reading (`sheet_forbidden`, ...) occur."""


class WriteConflict(SheetError):  # noqa: N818 - a finding to answer, not a failure
    """The sheet is not as the decision assumed; `code` and facts say where and what to do."""


class WriteUnknown(SheetError):  # noqa: N818
    """The answer was lost: it may have landed."""

    def __init__(self, why: str) -> None:
        """`why` in a word."""
        super().__init__("write_unknown", why=why)


class WriteBusy(SheetError):  # noqa: N818
    """Surely not written: Google asks for patience, or cannot be reached."""

    def __init__(self, why: str, retry_after: float) -> None:
        """`retry_after` in seconds."""
        super().__init__("write_busy", why=why)
        self.retry_after = retry_after
