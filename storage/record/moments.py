"""Moments and JSON as the tables hold them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_encode = msgspec.json.Encoder().encode
_encode_sorted = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder().decode


def micros(moment: datetime) -> int:
    """A moment as the tables hold it; one without a time zone is refused."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(kept: int) -> datetime:
    """The other way."""
    return _EPOCH + timedelta(microseconds=kept)


def maybe_moment(kept: int | None) -> datetime | None:
    """The other way, where there may be none."""
    return None if kept is None else moment(kept)


def as_json(value: object) -> str:
    """JSON text; decimals as strings, so no digit is lost."""
    return _encode(value).decode()


def as_canonical_json(value: object) -> str:
    """JSON text that is the same for the same facts: it is hashed."""
    return _encode_sorted(value).decode()


def from_json(text: str) -> Any:
    """The value of JSON text."""
    return _decode(text)


def body_of(request: object) -> str:
    """JSON of a request, filled up with blanks to more than half a page.

    Two such rows do not fit on one page of SQLite, so one that grows by a signature stays where it is: without it
    half of the decisions would split a page and write four instead of one.
    """
    return as_json(request).ljust(2100)
