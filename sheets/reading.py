"""What one look at a ledger yields, whichever way it came."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoring.findings import Note
from scoring.ledger import RawTab


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Tabs as read and what stood in the way. `links` are address prefixes that a row number completes."""

    tabs: Mapping[str, RawTab]
    problems: tuple[Note, ...] = ()
    title: str = ""
    locale: str | None = None
    links: Mapping[str, str] = field(default_factory=dict)
    version: str | None = None
