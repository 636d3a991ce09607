"""ledger.yaml: which header of the sheet stands for which key of the contract."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scoring.errors import PolicyError
from scoring.ledger import ROW_TYPES, columns_of
from scoring.yaml_lines import read_yaml

BOT_IDENTITY: Mapping[str, tuple[str, ...]] = {
    "events": ("event_id",), "decisions": ("request_no",), "alerts": ("alert_id",), "summary": ("measure",),
}  # fmt: skip
"""The tabs that are the desk's own, and their key."""
_UNIT = re.compile(r"[(\[]?(?:单位[::]?)?(?:人民币)?(万元|亿元|千元|元)[)\]]?$")
UNITS = {"万元": 10_000, "亿元": 100_000_000, "千元": 1_000, "元": 1}


def identity_of(tab: str) -> tuple[str, ...]:
    """The key columns of a tab, people's or the desk's own."""
    return ROW_TYPES[tab].IDENTITY if tab in ROW_TYPES else BOT_IDENTITY[tab]


def plain_header(text: object) -> str:
    """A header to compare by: width, case, blanks, underscores, brackets and line breaks do not count."""
    wide = unicodedata.normalize("NFKC", str(text)).casefold()
    return re.sub(r"[\s_\-*:.()\[\]]+", "", wide)


@dataclass(frozen=True, slots=True)
class TabHeaders:
    """One tab: the titles it may have, and each column's headers, the first one for a new sheet."""

    titles: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    by_header: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LedgerMap:
    """All tabs by key."""

    tabs: Mapping[str, TabHeaders]

    def tab_of(self, title: str) -> str | None:
        """The key of a tab titled so, or None for a tab that is not the desk's."""
        wanted = plain_header(title)
        for key, tab in self.tabs.items():
            if wanted in {plain_header(name) for name in (key, *tab.titles)}:
                return key
        return None

    def column_of(self, tab: str, header: object) -> tuple[str, int] | None:
        """(key, unit) of a header cell; None for a column that is not the desk's. 授信额度(万元) counts in 万."""
        text = unicodedata.normalize("NFKC", str(header)).strip()
        known = self.tabs[tab].by_header
        key = known.get(plain_header(text))
        if key is not None:
            return key, 1
        unit = _UNIT.search(text)
        if unit is None:
            return None
        key = known.get(plain_header(text[: unit.start()]))
        return None if key is None else (key, UNITS[unit[1]])


def parse_ledger_map(text: str, file: str = "ledger.yaml") -> LedgerMap:
    """The map of a ledger.yaml; PolicyError names file, line and what is wrong."""
    values, lines = read_yaml(text, file)

    def refuse(code: str, path: tuple[str | int, ...], found: str, bound: str = "") -> PolicyError:
        key = ".".join(map(str, path))
        return PolicyError(code, file=file, line=lines.get(path, 1), key=key, found=found, bound=bound)

    if not isinstance(values, dict) or not isinstance(values.get("tabs"), dict):
        raise refuse("policy_missing_key", (), "tabs")
    tabs: dict[str, TabHeaders] = {}
    for key, tab in values["tabs"].items():
        path: tuple[str | int, ...] = ("tabs", key)
        if key not in ROW_TYPES and key not in BOT_IDENTITY:
            raise refuse("policy_unknown_key", path, key)
        if not isinstance(tab, dict) or not isinstance(tab.get("columns"), dict):
            raise refuse("policy_missing_key", path, "columns")
        by_header: dict[str, str] = {}
        columns: dict[str, tuple[str, ...]] = {}
        for column, headers in tab["columns"].items():
            here = (*path, "columns", column)
            if key in ROW_TYPES and column not in {*columns_of(key), *ROW_TYPES[key].BOT}:
                raise refuse("policy_unknown_key", here, column)
            names = [str(name) for name in headers] if isinstance(headers, list) else [str(headers)]
            columns[column] = tuple(names)
            for name in (column, *names):
                taken = by_header.setdefault(plain_header(name), column)
                if taken != column:
                    raise refuse("policy_header_taken", here, name, taken)
        titles = tab.get("headers", [])
        tabs[key] = TabHeaders(tuple(str(title) for title in titles), columns, by_header)
    missing = [name for name in ROW_TYPES if name not in tabs]
    if missing:
        raise refuse("policy_missing_key", ("tabs",), missing[0])
    return LedgerMap(tabs)


def load_ledger_map(path: Path) -> LedgerMap:
    """The map in a file."""
    try:
        return parse_ledger_map(path.read_text(encoding="utf-8"), path.name)
    except FileNotFoundError:
        raise PolicyError("file_missing", file=str(path), line=0, found="") from None
    except UnicodeDecodeError:
        raise PolicyError("policy_not_text", file=path.name, line=1, found="") from None
