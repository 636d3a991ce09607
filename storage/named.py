"""What search knows of a customer, and what it answers."""

from dataclasses import dataclass
from typing import Literal

Match = Literal["id", "uscc", "name", "alias", "prefix", "pinyin", "initials", "likeness", "typo", "fragment"]


@dataclass(frozen=True, slots=True)
class Named:
    """A customer, or a blacklist entry without one, as search knows it. `key` is unique over both."""

    key: str
    customer_id: str | None
    name: str
    aliases: tuple[str, ...] = ()
    uscc: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate and how it was found."""

    key: str
    customer_id: str | None
    name: str
    match: Match


@dataclass(frozen=True, slots=True)
class Found:
    """one: answer at once; choices: ask which; nearest: nothing fits, these come closest (may be empty)."""

    kind: Literal["one", "choices", "nearest"]
    hits: tuple[Hit, ...]
