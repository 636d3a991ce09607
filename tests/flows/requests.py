"""A desk with a record over the demo ledger, an application filled in, and clicks on what becomes of it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from approvals.application_draft import Filled
from approvals.people import Person
from approvals.request import Request
from approvals.steps import Act
from flows.access import Reader
from flows.apply import Submitted
from flows.decide import Click, Decided, decide
from flows.desk import Desk
from flows.routing import record_of
from flows.submit import submit
from scoring.errors import DeskError
from storage.baseline import Baseline
from storage.record import Draft, open_record
from tests.e2e.desks import local

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
WHOLE: dict[str, Any] = {
    "name": "苏州恒力新材有限公司", "uscc": "91310000MA1FL4T23J", "entity_type": "limited", "payment_mode": "credit",
    "department": "华东", "sales_owner": "林晓梅", "legal_representative": "周立", "controller": "周立青",
    "registered_capital": "6000万", "paid_in_capital": "5000万", "established_on": "2012-05-01", "size_class": "medium",
    "licence_expires_on": "2032-05-01", "regulated": "no", "industry": "化工", "market_standing": "leader", "goods": "树脂",
    "planned_monthly_sales": "80万", "asked_limit": "60万", "asked_days": "30", "currency": "CNY", "term_basis": "invoice",
    "statement.unit": "wan", "checked_on": "2026-11-18", "source": "国家企业信用信息公示系统", "uscc_verified": "yes",
    "registry_status": "active", "suits_amount": "0", "pending_suits_amount": "0", "enforcement": "none", "penalties": "none",
    "reference.1.company": "宁波化工", "reference.1.verdict": "prompt", "reference.2.company": "嘉兴石化",
    "reference.2.verdict": "prompt", "reason": "年采购约七百万，同行推荐",
}  # fmt: skip
for _place, _year in ((1, 2025), (2, 2024)):
    WHOLE |= {
        f"statement.{_place}.{name}": value
        for name, value in {
            "period_end": f"{_year}-12-31", "revenue": "9000", "net_profit": "1000", "ebit": "1300", "total_assets": "8000",
            "intangible_assets": "100", "total_liabilities": "2800", "current_assets": "4500", "current_liabilities": "2000",
            "inventory": "900", "retained_earnings": "1800", "operating_cash_flow": "900",
        }.items()
    }  # fmt: skip


@dataclass
class Clock:
    """Moved by hand."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Office:
    """The desk and its people at work."""

    desk: Desk
    clock: Clock
    keys: Callable[[], int] = field(default_factory=lambda: count().__next__)

    def reader(self, person_id: str) -> Reader:
        person: Person = next(one for one in self.desk.people.people if one.id == person_id)
        return Reader(account=person.slack[0], name=person.name, lang="zh-CN", person=person)

    def fill_in(self, person: str = "lin", *, request_no: str = "", customer_id: str = "", **typed: Any) -> str:
        """A draft of the whole form, some fields otherwise."""
        filled = Filled(typed={**WHOLE, **typed}, request_no=request_no, customer_id=customer_id)
        draft = Draft(
            id=f"d{self.keys()}", person=person, account="U", kind="open_account", form=filled.model_dump(mode="json"),
            step="review", changed_at=self.clock.now,
        )  # fmt: skip
        with record_of(self.desk).begin() as writing:
            writing.keep_draft(draft)
        return draft.id

    def submit(self, person: str = "lin", *, request_no: str = "", **typed: Any) -> Submitted:
        draft = self.fill_in(person, request_no=request_no, **typed)
        return submit(self.desk, self.reader(person), draft, f"s{self.keys()}")

    def filed(self, **typed: Any) -> Request:
        done = self.submit(**typed)
        assert done.refusal is None, done.refusal
        assert done.request is not None
        return done.request

    def now(self, request_no: str) -> Request:
        found = record_of(self.desk).request(request_no)
        assert found is not None
        return found.request

    def click(self, person: str, request_no: str, act: Act, **more: Any) -> Decided:
        version = more.pop("version", None) or self.now(request_no).version
        key = more.pop("event_key", f"c{self.keys()}")
        click = Click(request_no=request_no, version=version, act=act, event_key=key, payload_hash="h", **more)
        return decide(self.desk, self.reader(person), click)

    def does(self, person: str, request_no: str, act: Act, **more: Any) -> Request:
        done = self.click(person, request_no, act, **more)
        assert done.refusal is None, done.refusal
        assert done.done, done.worse
        assert done.request is not None
        return done.request

    def refused(self, person: str, request_no: str, act: Act, **more: Any) -> DeskError:
        done = self.click(person, request_no, act, **more)
        assert done.refusal is not None
        assert not done.done
        return done.refusal


def office(folder: Path) -> Office:
    """Everything in a folder."""
    clock = Clock()
    desk = local(folder)
    record = open_record(folder, "", "a key that is long enough", clock)
    view = desk.latest.view
    assert view is not None
    desk.latest.view = replace(view, synced_at=NOON)
    return Office(replace(desk, record=record, clock=clock, baseline=Baseline(folder / "baseline.db")), clock)
