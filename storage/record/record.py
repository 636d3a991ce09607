"""The record: requests with their evidence, the audit chain, and what is still to be delivered."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from approvals.alerts import Alert
from approvals.cases import Case, CaseState
from approvals.dealings import Dealing
from approvals.delegation import Delegation
from approvals.request import Request, State
from approvals.snapshots import Snapshot
from scoring.findings import Finding
from storage.record.deliveries import Deliveries
from storage.record.kinds import AuditEntry, Brief, Card, Draft, Facts, Filed, JobRun, Slot
from storage.record.moments import micros
from storage.record.verifying import problems

_PAGE = 1000


class Record(Deliveries):
    """One database; safe to share between threads."""

    # -- requests ---------------------------------------------------------------------------------------------

    def request(self, request_no: str) -> Filed | None:
        """One request, or None."""
        return self._reading.request(request_no)

    def requests(
        self,
        *,
        states: Iterable[State] = (),
        applicant: str = "",
        customer_id: str = "",
        since: datetime | None = None,
    ) -> list[Filed]:
        """Requests that fit everything that is said, oldest first."""
        return self._reading.requests(states, applicant, customer_id, since)

    def open_forms(self) -> list[tuple[Request, Facts]]:
        """Requests that are pending or returned, oldest first, with their forms."""
        return self._reading.open_forms()

    def recent(self, since: datetime) -> list[Brief]:
        """Requests filed since then, oldest first: a card compares with thousands, and opens none of them."""
        return self._reading.recent(since)

    def customer_ids(self) -> list[str]:
        """Every id that a request was filed under: of the ledger, or promised."""
        return self._reading.customer_ids()

    def draft(self, draft_id: str) -> Draft | None:
        """One draft younger than thirty days, or None. Whose it is the caller has to look at."""
        found = self._reading.drafts(self._clock(), draft_id=draft_id)
        return found[0] if found else None

    def drafts(self, person: str) -> list[Draft]:
        """A person's drafts younger than thirty days, newest first."""
        return self._reading.drafts(self._clock(), person=person)

    def cards(self, request_no: str) -> list[Card]:
        """Every card of a request."""
        return self._reading.cards(request_no)

    def delegations(self, on: date) -> list[Delegation]:
        """Delegations in force on a day."""
        return self._reading.delegations(on)

    def delegations_since(self, day: date) -> list[Delegation]:
        """Delegations whose last day is not before a day: begun, still to come or ended by hand."""
        return self._reading.delegations_since(day)

    def delegation(self, delegation_id: str) -> Delegation | None:
        """One delegation, or None."""
        return self._reading.delegation(delegation_id)

    def all_delegations(self, person: str) -> list[Delegation]:
        """Everything a person has given or taken, ended or not, newest first."""
        return self._reading.all_delegations(person)

    def case(self, case_id: str) -> Case | None:
        """One case, or None."""
        return self._reading.case(case_id)

    def cases(self, *, states: Iterable[CaseState] = (), customer_id: str = "") -> list[Case]:
        """Cases that fit everything that is said, newest first."""
        return self._reading.cases(states, customer_id)

    # -- warnings ---------------------------------------------------------------------------------------------

    def alerts(self, customer_ids: Iterable[str] | None = None, *, closed_since: date | None = None) -> list[Alert]:
        """Warnings that are not closed, and those closed since a day; of some customers or of all."""
        return self._reading.alerts(customer_ids, closed_since)

    def alerts_unwritten(self, limit: int) -> list[Alert]:
        """Warnings of which the sheet does not show the newest version, some of them."""
        return self._reading.alerts_unwritten(limit)

    def alert(self, alert_id: str) -> Alert | None:
        """One warning, or None."""
        return self._reading.alert(alert_id)

    def snapshots(self, customer_ids: Iterable[str]) -> dict[str, Snapshot]:
        """What these customers looked like when they were last looked at; those never looked at left out."""
        return self._reading.snapshots(customer_ids)

    # -- collection -------------------------------------------------------------------------------------------

    def dealings(self, customer_ids: Iterable[str]) -> list[Dealing]:
        """What was done about the debts of these customers, oldest first."""
        return self._reading.dealings(customer_ids)

    def dealing(self, dealing_id: str) -> Dealing | None:
        """One of them, or None."""
        return self._reading.dealing(dealing_id)

    # -- audit ------------------------------------------------------------------------------------------------

    def audit_entries(self) -> Iterator[AuditEntry]:
        """The chain from its first entry on."""
        after = 0
        while page := self._reading.audit(after, _PAGE):
            yield from page
            after = page[-1].seq

    def audit_reopened(self) -> list[AuditEntry]:
        """Entries at which a copy of the head was missing and made anew: what had been cut off by then is not known.

        A second machine's first copy is among them, and whatever follows restoring a backup.
        """
        return [one for one in self._reading.openings() if one.seq > 1]

    def audit_head(self) -> AuditEntry | None:
        """The newest entry."""
        return self._reading.newest_audit()

    def verify_audit(self) -> list[Finding]:
        """Everything that is wrong with the chain; empty when it is whole."""
        file = self._chain.head_file
        outside = None if file is None else file.read()
        return list(problems(self._chain.key, outside, self.audit_entries(), copied=file is not None))

    # -- jobs -------------------------------------------------------------------------------------------------

    def slots(self, job: str, since: date | None = None) -> list[Slot]:
        """The days whose run of a job somebody took, oldest first."""
        return self._reading.slots(job, since)

    def job_runs(self, job: str, limit: int = 20) -> list[JobRun]:
        """The last runs of a job, newest first."""
        return self._reading.job_runs(job, limit)

    def tidy(self) -> None:
        """Forget events after 30 days, unsent drafts after 30, finished deliveries and runs after 90."""
        now = self._clock()
        month, quarter = micros(now - timedelta(days=30)), micros(now - timedelta(days=90))
        values = {"events": month, "drafts": month, "sent": quarter, "runs": quarter}
        with self.begin() as writing:
            for statement in self._sql.tidy:
                statement.run(writing.cursor, values)
