"""What one step of a draft is shown from: the ledger's and the people's lists, today's score, the policy's lines."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from approvals.application_draft import Filled, application_of
from approvals.application_fields import FIELDS, Step
from approvals.application_parse import Value
from approvals.people import Person
from approvals.prospect import Clash, Prospect
from flows.access import Reader
from flows.apply import propose_for, statements_needed
from flows.desk import Desk
from flows.drafts import filled_in, kept_adjustments
from scoring.errors import LedgerError
from storage.record import Draft
from texts.application_form import step_view
from texts.application_sheet import Sheet, StatementRule

_MOST = 99
_OWNERS = frozenset({"sales", "sales_manager"})


def sheet_of(
    desk: Desk,
    reader: Reader,
    draft: Draft,
    step: Step,
    *,
    clashes: Iterable[Clash] = (),
    before: Mapping[str, Value] | None = None,
    problem: str = "",
) -> Sheet:
    """The sheet of a step; `before` are the values of the step that was left for it."""
    filled = filled_in(draft)
    policy = desk.policy
    form = application_of(filled, today=desk.today())
    statements = step in {"finances", "finances_before"}
    rule = policy.workflow
    return Sheet(
        draft_id=draft.id,
        step=step,
        filled=filled,
        today=desk.today(),
        base_currency=policy.base_currency,
        prospect=_prospect(desk, filled),
        options=options(desk, reader, filled),
        presets=_presets(desk, reader),
        needed=statements_needed(desk, form, on=desk.on()) if statements and desk.latest.view else frozenset(),
        clashes=tuple(clashes),
        amounts=_amounts(filled, before or {}),
        statements=StatementRule(
            amount=rule.statements_above_amount,
            days=rule.statements_above_days,
            limit=policy.vetoes.statements_limit,
        ),
        vouching=_vouches(desk, reader, filled),
        problem=problem,
    )


def shown(
    desk: Desk, reader: Reader, draft: Draft, step: Step, *, clashes: Iterable[Clash] = (), problem: str = ""
) -> dict[str, Any]:
    """A step as a modal."""
    return step_view(reader.lang, sheet_of(desk, reader, draft, step, clashes=clashes, problem=problem))


def _vouches(desk: Desk, reader: Reader, filled: Filled) -> bool:
    """Whether the form belongs to somebody else's request."""
    filed = desk.record.request(filled.request_no) if desk.record is not None and filled.request_no else None
    return filed is not None and reader.person is not None and filed.request.applicant != reader.person.id


def _prospect(desk: Desk, filled: Filled) -> Prospect | None:
    form = application_of(filled, today=desk.today())
    if not form.name:
        return None
    try:
        return propose_for(desk, form, on=desk.on(), adjustments=kept_adjustments(desk, filled.request_no))
    except LedgerError:
        return None


def options(desk: Desk, reader: Reader, filled: Filled) -> dict[str, tuple[str, ...]]:
    """What may be chosen where that depends on people or on the ledger; what was chosen before stays on the list."""
    view = desk.latest.view
    everybody = (one for person in desk.people.people for one in _departments(person))
    departments = (_departments(reader.person) if reader.person else ()) or tuple(_once(everybody))
    owners = tuple(person.name for person in desk.people.people if _sells(person))
    currencies = (desk.policy.base_currency, *(sorted(view.book.rates) if view else ()))
    industries = tuple(row.industry for row in view.book.industries.values()) if view else ()
    found = {"department": departments, "sales_owner": owners, "currency": currencies, "industry": industries}
    return {name: _with(listed, filled.typed.get(name)) for name, listed in found.items()}


def _departments(person: Person) -> tuple[str, ...]:
    """Every department that one of his roles is for."""
    return tuple(_once(one for grant in person.held for one in grant.departments))


def _sells(person: Person) -> bool:
    return any(grant.role in _OWNERS for grant in person.held)


def _with(listed: Iterable[str], chosen: object) -> tuple[str, ...]:
    """At most as many as a list shows, none of them empty or too long to be one."""
    usable = tuple(one for one in _once(listed) if one and len(one) <= 75)
    return usable if not usable or not isinstance(chosen, str) or chosen in usable else (*usable[: _MOST - 1], chosen)


def _once(names: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(names)


def _presets(desk: Desk, reader: Reader) -> dict[str, str]:
    person = reader.person
    found = {"payment_mode": "credit", "currency": desk.policy.base_currency, "statement.unit": "yuan"}
    if person is not None and _sells(person):
        found["sales_owner"] = person.name
    if person is not None and len(own := _departments(person)) == 1:
        found["department"] = own[0]
    return found


def _amounts(filled: Filled, before: Mapping[str, Value]) -> dict[str, Decimal]:
    """Amounts that stand otherwise than they were typed."""
    return {
        name: value
        for name, value in before.items()
        if FIELDS[name].kind == "money" and isinstance(value, Decimal) and not _plain(filled.typed.get(name), value)
    }


def _plain(typed: object, value: Decimal) -> bool:
    return str(typed).replace(",", "").strip() in {f"{value:f}", f"{value.normalize():f}"}
