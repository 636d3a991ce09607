"""Every statement of a transaction, prepared once for a database."""

from typing import Any

from sqlalchemy import Dialect, Table, bindparam, delete, literal_column, select, update

from storage.record import tables as t
from storage.record.box_sql import BoxSql
from storage.record.statements import Prepared, insert_into

_p = bindparam


class Sql:
    """The statements, by what they do."""

    def __init__(self, dialect: Dialect) -> None:
        """Compile all of them."""
        self._dialect = dialect
        self.box = BoxSql(dialect)
        self.take = self._insert(t.inbox, once=True)
        self.was_taken = self._prepared(select(t.inbox.c.event_key).where(t.inbox.c.event_key == _p("this")))
        self.count_up = self._count_up()
        self.file = self._insert(t.requests)
        self.add_evidence = self._insert(t.evidence)
        self.save = self._save(same_customer=True)
        self.save_customer = self._save(same_customer=False)
        self.head = self._head()
        self.add_audit = self._insert(t.audit)
        self.keep_draft = self._insert(t.drafts, replacing="id")
        self.drop_draft = self._prepared(delete(t.drafts).where(t.drafts.c.id == _p("this")))
        self.keep_card = self._insert(t.cards, replacing="card_id")
        self.delegate = self._insert(t.delegations)
        self.end_delegation = self._end_delegation()
        self.open_case = self._insert(t.cases)
        self.save_case = self._save_case()
        self.open_alert = self._insert(t.alerts)
        self.save_alert = self._save_alert()
        self.alert_written = self._alert_written()
        self.keep_dealing = self._insert(t.dealings)
        self.end_dealing = self._end_dealing()
        self.keep_snapshot = self._insert(t.snapshots, replacing="customer_id")
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

    def _save_alert(self) -> Prepared:
        """Guarded by the version."""
        c = t.alerts.c
        new: dict[str, Any] = {name: _p(name) for name in ("state", "version", "closed_on", "body")}
        statement = update(t.alerts).where(c.alert_id == _p("this"), c.version == _p("expected"))
        return self._prepared(statement.values(new))

    def _end_dealing(self) -> Prepared:
        c = t.dealings.c
        statement = update(t.dealings).where(c.dealing_id == _p("this"), c.ended.is_(False))
        return self._prepared(statement.values(ended=_p("over"), body=_p("body")))

    def _alert_written(self) -> Prepared:
        c = t.alerts.c
        return self._prepared(update(t.alerts).where(c.alert_id == _p("this")).values(written=_p("upto")))

    def _head(self) -> Prepared:
        c = t.audit.c
        return self._prepared(select(c.seq, c.at, c.digest, c.mac).order_by(c.seq.desc()).limit(literal_column("1")))

    def _end_delegation(self) -> Prepared:
        c = t.delegations.c
        statement = update(t.delegations).where(c.id == _p("this"), c.ended_at.is_(None))
        return self._prepared(statement.values(ended_at=_p("now"), ended_by=_p("by")))

    def _save_case(self) -> Prepared:
        """Guarded by the version."""
        c = t.cases.c
        new: dict[str, Any] = {name: _p(name) for name in ("state", "version", "body")}
        return self._prepared(update(t.cases).where(c.case_id == _p("this"), c.version == _p("expected")).values(new))

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
                (t.delivered, t.delivered.c.ended_at, "sent"),
                (t.job_runs, t.job_runs.c.started_at, "runs"),
            )
        )
