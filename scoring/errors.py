"""The root of the tree of errors that the desk can answer with a sentence.

DeskError
├── LedgerError      the ledger cannot be used (exit 2)
│   └── CopyError    (storage.refused) the desk's own copy of it cannot be read or written
├── PolicyError      policy, people or channels file refused: file and line named (exit 2)
├── MisuseError      wrong options, wrong date (exit 2)
└── AmountError, DateError (scoring.money, scoring.dates): one cell or one phrase unreadable
"""

from collections.abc import Mapping


class DeskError(Exception):
    """Something the desk can explain: a code with facts, turned into words by `texts`."""

    def __init__(self, code: str, /, **facts: object) -> None:
        """Keep the code and its facts; `str()` of it is for developers, never for a reader."""
        super().__init__(code, facts)
        self.code = code
        self.facts: Mapping[str, object] = facts

    def __str__(self) -> str:
        """Code and facts on one line."""
        listed = ", ".join(f"{key}={value}" for key, value in self.facts.items())
        return f"{self.code}: {listed}" if listed else self.code


class LedgerError(DeskError):
    """The ledger as a whole cannot be used."""


class PolicyError(DeskError):
    """A configuration file is refused; facts carry `file`, `line` and what is wrong."""


class MisuseError(DeskError):
    """The caller asked for something that makes no sense: options, dates, names of digests."""
