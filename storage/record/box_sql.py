"""The statements of the outbox: in, claimed, over."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    literal_column,
    null,
    or_,
    select,
    text,
    update,
)

from storage.record import tables as t
from storage.record.statements import Prepared

_p = bindparam
_box, _over = t.outbox.c, t.delivered.c
NAMES = (
    "id", "kind", "subject", "seq", "payload", "state", "attempts", "unknown", "not_before", "made_at", "first_at",
    "lease_until", "result", "why",
)  # fmt: skip
"""Columns of an item, in the order of its fields."""
_MINE = (_box.seq == _p("this"), _box.state == "claimed", _box.owner == _p("by"), _box.attempts == _p("claim"))
"""Whoever lost the claim to another one changes nothing."""
_TAKEN_BACK = (
    _box.subject == _p("whose"), _box.kind == _p("which"), _box.state == "waiting", _box.unknown.is_(False)
)  # fmt: skip
"""Only what cannot have gone out."""


class BoxSql:
    """The statements, by what they do. What moves from one table to the other takes a pair: copy, then drop."""

    def __init__(self, dialect: Dialect) -> None:
        """Compile all of them."""
        self._dialect = dialect
        self.enqueue = self._enqueue()
        self.claim = self._claim()
        self.give_up = self._give_up()
        self.put_back = self._put_back()
        self.deliver = self._end("done", *_MINE, result=_p("result"), why=_p("why"), attempts=_box.attempts)
        self.cancel = self._end("cancelled", *_TAKEN_BACK)
        self.retry = self._retry()
        self.redo = self._redo()

    def _prepared(self, statement: Any) -> Prepared:
        return Prepared(statement, self._dialect)

    def _seq(self) -> dict[str, Any]:
        """SQLite would give the number of a row that is gone once more: so it counts on from the time."""
        if self._dialect.name != "sqlite":
            return {}
        newest = func.coalesce(select(func.max(_box.seq)).scalar_subquery(), literal_column("0"))
        return {"seq": func.max(_p("seq_from"), newest + literal_column("1"))}

    def _enqueue(self) -> Prepared:
        values: dict[str, Any] = {name: _p(name) for name in ("id", "kind", "subject", "payload", "not_before")}
        values |= {"made_at": _p("made_at"), "first_at": null(), "lease_until": null()} | self._seq()
        values |= {"state": text("'waiting'"), "attempts": text("0"), "owner": text("''"), "result": text("'{}'")}
        return self._prepared(insert(t.outbox).values(values | {"why": text("''"), "unknown": text("false")}))

    def _claim(self) -> Prepared:
        """The oldest item that is due and that nothing of its subject stands before."""
        one, other = t.outbox.alias("one"), t.outbox.alias("other").c
        parked_ledger = and_(other.state == "parked", other.kind == "ledger")
        stands = or_(other.state == "waiting", other.state == "claimed", parked_ledger)
        foremost = select(func.min(other.seq)).where(stands).group_by(other.subject)
        due: ColumnElement[bool] = or_(
            and_(one.c.state == "waiting", one.c.not_before <= _p("now")),
            and_(one.c.state == "claimed", one.c.lease_until <= _p("now")),
        )
        wanted = select(one.c.seq).where(one.c.seq.in_(foremost), due).order_by(one.c.seq).limit(literal_column("1"))
        if self._dialect.name != "sqlite":
            wanted = wanted.with_for_update(skip_locked=True, of=one)
        new: dict[str, Any] = {
            "state": "claimed", "attempts": _box.attempts + 1, "owner": _p("by"), "lease_until": _p("until"),
            "unknown": or_(_box.unknown, _box.state == "claimed"), "first_at": func.coalesce(_box.first_at, _p("now")),
        }  # fmt: skip
        statement = update(t.outbox).where(_box.seq == wanted.scalar_subquery()).values(new)
        return self._prepared(statement.returning(*(_box[name] for name in NAMES)))

    def _give_up(self) -> Prepared:
        """Who claims and dies, again and again, ends among the parked."""
        fits = (_box.state == "claimed", _box.lease_until <= _p("now"), _box.attempts >= _p("most"))
        new: dict[str, Any] = {"state": "parked", "why": "claims_ran_out", "unknown": True, "lease_until": null()}
        return self._prepared(update(t.outbox).where(*fits).values(new))

    def _put_back(self) -> Prepared:
        """Among the waiting or the parked."""
        new: dict[str, Any] = {name: _p(name) for name in ("state", "unknown", "not_before", "result", "why")}
        new |= {"attempts": _p("attempts"), "owner": literal(""), "lease_until": null()}
        return self._prepared(update(t.outbox).where(*_MINE).values(new))

    def _end(self, state: str, *fits: ColumnElement[bool], **new: Any) -> tuple[Prepared, Prepared]:
        """Copied among what is over, and gone from what is on its way."""
        values = {name: _box[name] for name in (*NAMES, "owner")} | new
        values |= {"state": literal(state), "unknown": literal(False), "lease_until": null(), "ended_at": _p("now")}
        copy = insert(t.delivered).from_select(list(values), select(*values.values()).where(*fits))
        return self._prepared(copy), self._prepared(delete(t.outbox).where(*fits))

    def _retry(self) -> Prepared:
        """An unknown outcome stays unknown, so it is read back first."""
        new: dict[str, Any] = {"state": "waiting", "attempts": 0, "not_before": _p("now"), "why": ""}
        return self._prepared(update(t.outbox).where(_box.id == _p("this"), _box.state == "parked").values(new))

    def _redo(self) -> tuple[Prepared, Prepared]:
        """At the end of its subject's queue; delivered afresh, as if never tried."""
        fits = (_over.id == _p("this"), _over.state == "done")
        values: dict[str, Any] = {name: _over[name] for name in ("id", "kind", "subject", "payload", "made_at")}
        values |= {"state": literal("waiting"), "attempts": literal(0), "unknown": literal(False), "owner": literal("")}
        values |= {"not_before": _p("now"), "result": literal("{}"), "why": literal("")} | self._seq()
        copy = insert(t.outbox).from_select(list(values), select(*values.values()).where(*fits))
        return self._prepared(copy), self._prepared(delete(t.delivered).where(*fits))
