"""An application as the ledger would hold it: an account to be rated, and rows to be written. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from approvals.application import Application
from approvals.application_fields import ENTITY_TYPES
from scoring.ledger import Account, Check, Contract, Customer, Financials, Security, columns_of

Cell = Decimal | str | int | bool | date
RowMode = Literal["append", "update", "upsert"]
_DERIVED = frozenset({"customer_id", "entity_type"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One row that an application adds to the ledger or fills in: typed values by column key, none of them empty."""

    tab: str
    key: Mapping[str, str | date]
    values: Mapping[str, Cell]
    """Without the key's columns."""
    mode: RowMode


def as_account(form: Application, customer_id: str, on: date, *, known: Account | None = None) -> Account:
    """The account of the applying customer as it would stand on day `on` with everything the form says.

    `known` is what the ledger holds of a prospect already: the form fills it in, and its own rows stay.
    """
    before = known or Account(customer=Customer(customer_id=customer_id))
    return replace(
        before,
        customer=replace(before.customer, **_customer_values(form)),
        financials=(*before.financials, *_financials(form, customer_id)),
        checks=(*before.checks, *_checks(form, customer_id, on, "")),
        securities=(*before.securities, *_securities(form, customer_id)),
        contracts=(*before.contracts, *_contracts(form, customer_id)),
    )


def as_rows(
    form: Application, customer_id: str, *, on: date, checked_by: str = "", known: bool = False
) -> list[LedgerRow]:
    """The rows of the form for the ledger, people's columns only; `on` is the day it was filed.

    `known` = the customer has a row already, which is filled in. Decision columns are none of the form's business.
    """
    mode: RowMode = "update" if known else "append"
    customer = {name: value for name, value in _customer_values(form).items() if value not in {"", None}}
    rows = [LedgerRow(tab="customers", key={"customer_id": customer_id}, values=_cells(customer), mode=mode)]
    for made in (
        *_financials(form, customer_id), *_checks(form, customer_id, on, checked_by), *_securities(form, customer_id),
        *_contracts(form, customer_id),
    ):  # fmt: skip
        found = {name: getattr(made, name) for name in columns_of(made.TAB)}
        key = {name: found.pop(name) for name in made.IDENTITY}
        rows.append(LedgerRow(tab=made.TAB, key=key, values=_cells(found), mode="upsert"))
    return rows


def _cells(values: Mapping[str, object]) -> dict[str, Cell]:
    return {name: value for name, value in values.items() if isinstance(value, Cell) and value != ""}


def _customer_values(form: Application) -> dict[str, Any]:
    """Columns of `customers` that the form fills in; what it leaves empty stays as it was."""
    named = (set(columns_of("customers")) & set(Application.model_fields)) - _DERIVED
    given = {name: getattr(form, name) for name in sorted(named)}
    given["entity_type"] = ENTITY_TYPES.get(form.entity_type, form.entity_type)
    return {name: value for name, value in given.items() if value is not None and value != ""}


def _financials(form: Application, customer_id: str) -> tuple[Financials, ...]:
    return tuple(Financials(customer_id=customer_id, currency=form.currency, **dict(one)) for one in form.statements)


def _checks(form: Application, customer_id: str, on: date, checked_by: str) -> tuple[Check, ...]:
    """The background check with the trade references counted into it; references alone make one of the day."""
    if form.background is None and not form.references:
        return ()
    prompt = sum(1 for one in form.references if one.verdict == "prompt")
    adverse = len(form.references) - prompt
    counts = {"references_prompt": prompt, "references_adverse": adverse} if form.references else {}
    found: dict[str, Any] = dict(form.background) if form.background else {"checked_on": on}
    return (Check(customer_id=customer_id, checked_by=checked_by, **{**found, **counts}),)


def _securities(form: Application, customer_id: str) -> tuple[Security, ...]:
    return tuple(
        Security(security_id=f"{customer_id}-S{place}", customer_id=customer_id, currency=form.currency, **dict(one))
        for place, one in enumerate(form.securities, 1)
    )


def _contracts(form: Application, customer_id: str) -> tuple[Contract, ...]:
    points = {name: value for name, value in form.contract if value is not None and value != ""}
    if not points:
        return ()
    number = str(points.pop("contract_no", "")) or f"{customer_id}-K1"
    return (Contract(contract_no=number, customer_id=customer_id, **points),)
