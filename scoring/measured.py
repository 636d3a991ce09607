"""A characteristic as measured, before it earns points."""

from dataclasses import dataclass
from decimal import Decimal

from scoring.findings import Source


@dataclass(frozen=True, slots=True)
class Measured:
    """The raw value: a number for bands, a name for outcomes, None when data is missing.

    `shown` replaces it in print.
    """

    factor: str
    value: Decimal | str | None
    source: Source | None
    shown: Decimal | None = None
