"""Cards kept ready: the first screen of an answer as bytes, with what it holds for."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson


@dataclass(frozen=True, slots=True)
class Card:
    """A customer's card. It holds while `stamp` is the view's and all receivables lie between `low` and `high`."""

    owner: int
    stamp: str
    low: int
    high: int | None
    """Receivables of the whole book in minor units; None = however large."""
    department: str
    sales_owner: str
    zh: bytes | None
    en: bytes | None
    facts: bytes | None = None
    """What the score was made from (`scoring.rescore`); None where there is no rating."""


def card_of(connection: sqlite3.Connection, customer_id: str) -> Card | None:
    """The card of a customer, whatever it was made from."""
    found = connection.execute(
        "select owner, stamp, low, high, department, sales_owner, zh, en from cards "
        "where owner = (select id from owners where customer_id = ?)",
        (customer_id,),
    ).fetchone()
    return None if found is None else Card(*found)


@dataclass(frozen=True, slots=True)
class Holds:
    """What a card that holds was made from: `stamp` with the word of the customer's group, and all receivables."""

    stamp: str
    group_stamps: Mapping[str, str]
    whole: int


def customers_without_card(connection: sqlite3.Connection, now: Holds, after: int, limit: int) -> list[tuple[int, str]]:
    """(number, id) of customers who have no card that holds, numbers above `after`, lowest first."""
    return connection.execute(
        "with groups as materialized (select key, value from json_each(?)) "
        "select r.owner, r.customer_id from rollups r left join cards c on c.owner = r.owner "
        "left join groups g on g.key = r.customer_id "
        "where r.owner > ? and (c.stamp is null or c.stamp <> ? || coalesce(g.value, '') "
        "or c.low > ? or c.high < ?) order by r.owner limit ?",
        (orjson.dumps(dict(now.group_stamps)).decode(), after, now.stamp, now.whole, now.whole, limit),
    ).fetchall()


def keep_cards(connection: sqlite3.Connection, cards: Iterable[Card]) -> None:
    """Keep cards until their inputs change; a customer who has gone meanwhile keeps none."""
    made = list(cards)
    connection.executemany(
        "insert or replace into cards (owner, stamp, low, high, department, sales_owner, zh, en) "
        "select ?, ?, ?, ?, ?, ?, ?, ? where exists (select 1 from rollups where owner = ?)",
        (
            (one.owner, one.stamp, one.low, one.high, one.department, one.sales_owner, one.zh, one.en, one.owner)
            for one in made
        ),
    )
    connection.executemany(
        "insert or replace into facts (owner, stamp, body) select ?, ?, ? where exists "
        "(select 1 from rollups where owner = ?)",
        ((one.owner, one.stamp, one.facts, one.owner) for one in made if one.facts is not None),
    )


def kept_facts(connection: sqlite3.Connection, stamp: str) -> tuple[list[int], list[bytes]]:
    """(owners, packed facts) of everybody whose stamp begins so, by owner."""
    found = connection.execute(
        "select owner, body from facts where substr(stamp, 1, ?) = ? order by owner", (len(stamp), stamp)
    ).fetchall()
    owners, bodies = zip(*found, strict=True) if found else ((), ())
    return list(owners), list(bodies)


def drop_cards(connection: sqlite3.Connection, owners: Iterable[int]) -> None:
    """Forget the cards of customers whose rows changed, and the facts behind them."""
    if connection.execute("select count(*) from (select 1 from cards limit 1)").fetchone()[0]:
        numbers = [(owner,) for owner in owners]
        connection.executemany("delete from cards where owner = ?", numbers)
        connection.executemany("delete from facts where owner = ?", numbers)
