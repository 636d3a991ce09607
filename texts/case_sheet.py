"""A case as it is shown: with names for ids and the company's days for moments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from approvals.cases import Case, CaseAct


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSheet:
    """One case for one reader."""

    case: Case
    names: Mapping[str, str]
    """Persons' names by id."""
    zone: ZoneInfo
    today: date
    acts: tuple[CaseAct, ...]
    """What the reader may do now: its buttons."""

    def who(self, person_id: str) -> str:
        """A person's name; one whom people.yaml no longer knows stands by his id."""
        return self.names.get(person_id, person_id)

    def day(self, moment: datetime) -> date:
        """The day of a moment where the company is."""
        return moment.astimezone(self.zone).date()


def case_value(case: Case, step: str = "") -> str:
    """What a button or a modal carries: the case, the version it saw, and a step of the checklist."""
    made: dict[str, Any] = {"e": case.case_id, "v": case.version}
    return orjson.dumps(made | {"t": step} if step else made).decode()


def new_case_value(customer_id: str, alert_id: str = "") -> str:
    """What a button `case.new` carries: a customer, and the alert that the case grows from."""
    made: dict[str, Any] = {"c": customer_id, "v": 1}
    return orjson.dumps(made | {"a": alert_id} if alert_id else made).decode()
