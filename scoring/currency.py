"""Exchange rates of a day: the newest rate on or before D, per 1 unit, into the base currency."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from scoring.findings import Note
from scoring.ledger import Rate
from scoring.money import CENT, WIDE

ONE = Decimal(1)


class Rates:
    """Rates as of D. Remembers which currencies were asked for in vain and which rates are old."""

    __slots__ = ("_base", "_known", "_max_age", "_on", "missing", "old")

    def __init__(self, rates: Mapping[str, tuple[Rate, ...]], base: str, on: date, max_age_days: int) -> None:
        """`rates` by currency, in any order; `max_age_days` = older ones get a note."""
        self._known = rates
        self._base = base
        self._on = on
        self._max_age = max_age_days
        self.missing: set[str] = set()
        self.old: dict[str, Rate] = {}

    def to_base(self, currency: str) -> Decimal | None:
        """The rate of a currency, 1 for the base currency, None when there is none on or before D.

        Of two rates of one day the higher one counts: it shows more of what is owed to us. A newest rate that
        stands in the sheet and cannot be read is not known; an older one does not stand in for it.
        """
        if currency == self._base:
            return ONE
        newest: Rate | None = None
        unread: date | None = None
        for rate in self._known.get(currency, ()):
            if rate.as_of is None or rate.as_of > self._on:
                continue
            if "to_base" in rate.unread:
                unread = rate.as_of if unread is None else max(unread, rate.as_of)
            if rate.to_base is None or rate.to_base <= 0:
                continue
            if newest is None or _later(rate, newest):
                newest = rate
        if newest is None or newest.as_of is None or (unread is not None and unread >= newest.as_of):
            self.missing.add(currency)
            return None
        if (self._on - newest.as_of).days > self._max_age:
            self.old[currency] = newest
        return newest.to_base

    def convert(self, amount: Decimal, source: str, target: str) -> Decimal:
        """An amount of one currency in another, rounded half up to 0.01; 0 when a rate is missing (see `missing`)."""
        if source == target or not amount:
            if source != target:
                self.to_base(source)
            return amount
        from_rate, to_rate = self.to_base(source), self.to_base(target)
        if from_rate is None or to_rate is None:
            return Decimal(0)
        return (amount * from_rate / to_rate).quantize(CENT, ROUND_HALF_UP, WIDE)

    def notes(self) -> tuple[Note, ...]:
        """A note for each old rate that was used."""
        return tuple(
            Note("rates", rate.row, rate.key, "as_of", "rate_old", rate.as_of.isoformat() if rate.as_of else "")
            for _, rate in sorted(self.old.items())
        )


def _later(rate: Rate, other: Rate) -> bool:
    return (rate.as_of or date.min, rate.to_base or 0) > (other.as_of or date.min, other.to_base or 0)
