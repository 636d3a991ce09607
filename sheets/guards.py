"""Guards of a sync: a tab that looks broken keeps its last good copy (LEDGER.md)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scoring.findings import Finding, Note, Source
from scoring.ledger import Layout, columns_of

UNREADABLE = ("tab_missing", "key_column_missing", "header_missing", "tab_empty")
COLUMN_CODES = ("column_missing", "column_unit", "column_duplicate")
"""What a person may accept by `creditdesk ledger confirm`: the columns are meant to be as they are now."""
GUARD_CODES = (*UNREADABLE, "tab_shrunk", "tab_duplicates", *COLUMN_CODES)
LOOSE = frozenset({
    "remarks", "region", "branch", "business_scope", "market_potential", "dispute_reason", "method", "made_by", "goods",
    "checked_by", "source", "file", "reason", "exit_rule", "added_by",
})  # fmt: skip
"""Words for people, which no rule reads: without such a column no answer gets greener."""
SHRUNK_BY = 0.20
DUPLICATES_ABOVE = 0.01
SMALL = 10
"""A tab this small may lose rows freely: one row of three is a third."""


@dataclass(frozen=True, slots=True)
class Held:
    """The tabs to take, and what holds the others back."""

    take: tuple[str, ...]
    findings: tuple[Finding, ...]


Odd = Mapping[str, Sequence[tuple[str, str]]]
"""Tab -> (code, column) for each column that is not what it was in the last good copy."""


def guard(
    problems: Iterable[Note], last_rows: Mapping[str, int], keys: Mapping[str, tuple[int, int]], odd: Odd
) -> Held:
    """Which tabs of a reading may replace the copy at hand.

    `problems` of the reading; `last_rows`: rows with a key per tab of the last good copy; `keys`: (rows with a key,
    distinct keys) per tab now; `odd`: columns that nobody has accepted yet.
    """
    findings: list[Finding] = []
    take: list[str] = []
    for tab, (rows, distinct) in keys.items():
        before = last_rows.get(tab)
        if odd.get(tab):
            findings += [_held(tab, code, column=column) for code, column in odd[tab]]
        elif before is not None and before > SMALL and rows <= before * (1 - SHRUNK_BY):
            findings.append(_held(tab, "tab_shrunk", before=before, now=rows))
        elif before is not None and rows > SMALL and (rows - distinct) > rows * DUPLICATES_ABOVE:
            findings.append(_held(tab, "tab_duplicates", before=before, now=rows - distinct))
        else:
            take.append(tab)
    findings += [
        _held(note.tab, note.code, column=note.column or "", found=note.found)
        for note in problems
        if note.code in UNREADABLE and note.tab in last_rows
    ]
    return Held(tuple(take), tuple(findings))


def odd_columns(before: Layout, now: Layout, doubled: Iterable[str]) -> list[tuple[str, str]]:
    """(code, column) for each guarded column that is gone, counts in another unit, or has got a second one beside it.

    A renamed header must not turn a red answer green: what a column said stays until a person says it is meant so.
    """
    guarded = [column for column in columns_of(now.tab) if column not in LOOSE and column in before.columns]
    gone = [("column_missing", column) for column in guarded if column not in now.columns]
    units = [
        ("column_unit", column)
        for column in guarded
        if column in now.columns and before.units.get(column, 1) != now.units.get(column, 1)
    ]
    return [*gone, *units, *(("column_duplicate", column) for column in guarded if column in doubled)]


def _held(tab: str, code: str, **facts: int | str) -> Finding:
    return Finding(code, "approval", {"tab": tab, **facts}, Source(tab, "", None))
