"""Every statement of a transaction, prepared once for a database."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    update,
)

from storage.record import tables as t
from storage.record.statements import Prepared, insert_into

_p = bindparam
_box = t.outbox.c


class Sql:
    """The statements, by what they do."""

    def __init__(self, dialect: Dialect) -> None:
        """Compile all of them."""
        self._dialect = dialect
        self.take = self._insert(t.inbox, once=True)
        self.count_up = self._count_up()
        self.file = self._insert(t.requests)
        self.add_evidence = self._insert(t.evidence)
        self.save = self._save(same_customer=True)
        self.save_customer = self._save(same_customer=False)
        self.head = self._head()
        self.add_audit = self._insert(t.audit)
        self.first_head = self._insert(t.audit_head, id=literal(1))
        self.move_head = self._move_head()
        self.enqueue = self._enqueue()
        self.cancel = self._cancel()
        self.give_up = self._give_up()
        self.claim = self._claim()
        self.finish = self._finish()
        self.retry = self._again("parked")
        self.redo = self._again("done")
        self.keep_draft = self._insert(t.drafts, replacing="id")
        self.drop_draft = self._prepared(delete(t.drafts).where(t.drafts.c.id == _p("this")))
        self.keep_card = self._insert(t.cards, replacing="card_id")
        self.delegate = self._insert(t.delegations)
        self.end_delegation = self._end_delegation()
        self.claim_slot = self._insert(t.slots, once=True)
        self.start_run = self._insert(t.job_runs)
        self.end_run = self._end_run()
        self.tidy = self._tidy()

    def _prepared(self, statement: Any) -> Prepared:
        return Prepared(statement, self._dialect)

    def _insert(self, table: Table, *, once: bool = False, replacing: str = "", **fixed: Any) -> Prepared:
        values = {column.name: _p(column.name) for column in table.columns} | fixed
        statement = insert_into(table, self._dialect).values(values)
        if once:
            statement = statement.on_conflict_do_nothing()
        if replacing:
            new: dict[str, Any] = {name: statement.excluded[name] for name in values if name != replacing}
            statement = statement.on_conflict_do_update(index_elements=[replacing], set_=new)
        return self._prepared(statement)

    def _count_up(self) -> Prepared:
        first = insert_into(t.counters, self._dialect).values(series=_p("series"), value=1)
        counted = first.on_conflict_do_update(index_elements=["series"], set_={"value": t.counters.c.value + 1})
        return self._prepared(counted.returning(t.counters.c.value))

    def _save(self, *, same_customer: bool) -> Prepared:
        """Guarded by the version. A column that an index holds is only set where it changes: that costs a page."""
        c = t.requests.c
        statement = update(t.requests).where(c.request_no == _p("this"), c.version == _p("expected"))
        new: dict[str, Any] = {"state": _p("state"), "version": _p("version"), "body": _p("body")}
        if same_customer:
            return self._prepared(statement.where(c.customer_id == _p("customer")).values(new))
        return self._prepared(statement.values({**new, "customer_id": _p("customer")}))

    def _head(self) -> Prepared:
        c = t.audit_head.c
        found = select(c.count, c.at, c.digest, c.mac).where(c.id == literal(1))
        return self._prepared(found if self._dialect.name == "sqlite" else found.with_for_update())

    def _move_head(self) -> Prepared:
        c = t.audit_head.c
        new: dict[str, Any] = {name: _p(name) for name in ("count", "at", "digest", "mac")}
        return self._prepared(update(t.audit_head).where(c.id == literal(1)).values(new))

    def _enqueue(self) -> Prepared:
        given = ("id", "kind", "subject", "payload", "not_before", "made_at")
        fixed = {
            "state": literal("waiting"), "attempts": literal(0), "unknown": literal(False), "owner": literal(""),
            "result": literal("{}"), "why": literal(""),
        }  # fmt: skip
        return self._prepared(insert_into(t.outbox, self._dialect).values({name: _p(name) for name in given} | fixed))

    def _cancel(self) -> Prepared:
        """Only what cannot have gone out."""
        fits = (t.UNFINISHED, _box.subject == _p("whose"), _box.kind == _p("which"), _box.state == "waiting")
        statement = update(t.outbox).where(*fits, _box.unknown.is_(False))
        return self._prepared(statement.values(state="cancelled", ended_at=_p("now")))

    def _give_up(self) -> Prepared:
        """Who claims and dies, again and again, ends among the parked."""
        fits = (t.UNFINISHED, _box.state == "claimed", _box.lease_until <= _p("now"), _box.attempts >= _p("most"))
        new: dict[str, Any] = {
            "state": "parked",
            "why": "claims_ran_out",
            "unknown": True,
            "owner": "",
            "lease_until": null(),
        }
        return self._prepared(update(t.outbox).where(*fits).values(new))

    def _claim(self) -> Prepared:
        """The oldest item that is due and that nothing of its subject stands before."""
        one, earlier = t.outbox.alias("one"), t.outbox.alias("earlier")
        due: ColumnElement[bool] = or_(
            and_(one.c.state == "waiting", one.c.not_before <= _p("now")),
            and_(one.c.state == "claimed", one.c.lease_until <= _p("now")),
        )
        parked_ledger = and_(earlier.c.state == "parked", earlier.c.kind == "ledger")
        blocks = or_(earlier.c.state == "waiting", earlier.c.state == "claimed", parked_ledger)
        before = exists().where(t.UNFINISHED, earlier.c.subject == one.c.subject, earlier.c.seq < one.c.seq, blocks)
        # `+ 0`: the way by the row numbers would pass over everything that was ever done
        wanted = select(one.c.seq).where(t.UNFINISHED, due, ~before).order_by(one.c.seq + 0).limit(literal(1))
        if self._dialect.name != "sqlite":
            wanted = wanted.with_for_update(skip_locked=True, of=one)
        statement = update(t.outbox).where(_box.seq == wanted.scalar_subquery())
        new: dict[str, Any] = {
            "state": "claimed", "attempts": _box.attempts + 1, "owner": _p("by"), "lease_until": _p("until"),
            "unknown": or_(_box.unknown, _box.state == "claimed"), "first_at": func.coalesce(_box.first_at, _p("now")),
        }  # fmt: skip
        return self._prepared(statement.values(new).returning(*COLUMNS))

    def _finish(self) -> Prepared:
        """Whoever lost the claim to another one changes nothing."""
        mine = (_box.seq == _p("this"), _box.state == "claimed", _box.owner == _p("by"), _box.attempts == _p("claim"))
        names = ("state", "attempts", "unknown", "not_before", "ended_at", "result", "why")
        new: dict[str, Any] = {name: _p(name) for name in names} | {"owner": literal(""), "lease_until": null()}
        return self._prepared(update(t.outbox).where(*mine).values(new))

    def _again(self, state: str) -> Prepared:
        """Back among the waiting; an unknown outcome stays unknown, so it is read back first."""
        new: dict[str, Any] = {
            "state": "waiting",
            "attempts": 0,
            "not_before": _p("now"),
            "why": "",
            "ended_at": null(),
        }
        return self._prepared(update(t.outbox).where(_box.id == _p("this"), _box.state == state).values(new))

    def _end_delegation(self) -> Prepared:
        c = t.delegations.c
        statement = update(t.delegations).where(c.id == _p("this"), c.ended_at.is_(None))
        return self._prepared(statement.values(ended_at=_p("now"), ended_by=_p("by")))

    def _end_run(self) -> Prepared:
        c = t.job_runs.c
        new: dict[str, Any] = {"ended_at": _p("now"), "outcome": _p("how")}
        return self._prepared(update(t.job_runs).where(c.id == _p("this")).values(new))

    def _tidy(self) -> tuple[Prepared, ...]:
        """What is only kept for a while; requests, evidence and audit are not among it."""
        return tuple(
            self._prepared(delete(table).where(column < _p(name)))
            for table, column, name in (
                (t.inbox, t.inbox.c.taken_at, "events"),
                (t.drafts, t.drafts.c.changed_at, "drafts"),
                (t.outbox, t.outbox.c.ended_at, "sent"),
                (t.job_runs, t.job_runs.c.started_at, "runs"),
            )
        )


COLUMNS = tuple(_box[name] for name in (
    "id", "kind", "subject", "seq", "payload", "state", "attempts", "unknown", "not_before", "made_at", "first_at",
    "lease_until", "result", "why",
))  # fmt: skip
"""Of an item, in the order of its fields."""
