"""Guards of a sync: a tab that looks broken keeps its last good copy (LEDGER.md)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scoring.findings import Finding, Note, Source

GUARD_CODES = ("tab_missing", "key_column_missing", "header_missing", "tab_empty", "tab_shrunk", "tab_duplicates")
SHRUNK_BY = 0.20
DUPLICATES_ABOVE = 0.01
SMALL = 10
"""A tab this small may lose rows freely: one row of three is a third."""


@dataclass(frozen=True, slots=True)
class Held:
    """The tabs to take, and what holds the others back."""

    take: tuple[str, ...]
    findings: tuple[Finding, ...]


def guard(problems: Iterable[Note], last_rows: Mapping[str, int], keys: Mapping[str, tuple[int, int]]) -> Held:
    """Which tabs of a reading may replace the copy at hand.

    `problems` of the reading; `last_rows`: rows with a key per tab of the last good copy; `keys`: (rows with a key,
    distinct keys) per tab now.
    """
    findings: list[Finding] = []
    take: list[str] = []
    for tab, (rows, distinct) in keys.items():
        before = last_rows.get(tab)
        if before is not None and before > SMALL and rows <= before * (1 - SHRUNK_BY):
            findings.append(_held(tab, "tab_shrunk", before=before, now=rows))
        elif before is not None and rows > SMALL and (rows - distinct) > rows * DUPLICATES_ABOVE:
            findings.append(_held(tab, "tab_duplicates", before=before, now=rows - distinct))
        else:
            take.append(tab)
    findings += [
        _held(note.tab, note.code, column=note.column or "", found=note.found)
        for note in problems
        if note.code in GUARD_CODES and note.tab in last_rows
    ]
    return Held(tuple(take), tuple(findings))


def _held(tab: str, code: str, **facts: int | str) -> Finding:
    return Finding(code, "approval", {"tab": tab, **facts}, Source(tab, "", None))
