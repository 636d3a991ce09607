"""A draft: what was typed, as it was typed; and the application it amounts to so far."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from approvals.application import Application, Attachment
from approvals.application_fields import (
    FIELDS,
    PERIODS,
    REFERENCES,
    SECURITIES,
    TICKS,
    Step,
    fields_of,
    steps_of,
)
from approvals.application_parse import FieldError, Raw, Typed, Value, parse_field, unit_of
from approvals.application_together import together
from scoring.policy_parts import Part

Answer = Literal["different", "same", "member"]
"""Of a customer that is like the one applying: somebody else, the same one, or one of the same group."""


class Filled(Part):
    """The form as far as it was filled in; nothing typed is lost, also what cannot be read yet."""

    typed: Typed = Field(default_factory=dict)
    """Field -> what stands in it."""
    attachments: tuple[Attachment, ...] = ()
    answers: Mapping[str, Answer] = Field(default_factory=dict)
    """Key of a likeness -> what the applicant said of it."""
    customer_id: str = ""
    request_no: str = ""
    """Of the returned request that this will be resubmitted as."""
    reopens: str = ""
    """Of the rejected request whose customer this asks for again."""
    round: int = 0
    """Of that request, when this was begun; 0 for a form that belongs to none."""

    def with_step(self, step: Step, state: Mapping[str, Raw]) -> "Filled":
        """The same with the fields of one step as they stand now; others are left alone, unknown ones ignored."""
        kept = {name: raw for name, raw in self.typed.items() if FIELDS[name].step != step}
        now = {field.name: state.get(field.name) for field in fields_of(step) if field.kind != "files"}
        typed = {**kept, **{name: raw for name, raw in now.items() if raw}}
        return self.model_copy(update={"typed": {name: typed[name] for name in FIELDS if name in typed}})

    @property
    def payment_mode(self) -> str:
        """As chosen so far."""
        return "prepay" if self.typed.get("payment_mode") == "prepay" else "credit"

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that this form takes; without the newest statements the period before is not asked for."""
        begun = any(name.startswith("statement.1.") for name in self.typed)
        return tuple(step for step in steps_of(self.payment_mode) if step != "finances_before" or begun)

    def after(self, step: Step) -> Step:
        """The step that follows; the last one is followed by itself."""
        steps = self.steps
        return steps[min(steps.index(step) + 1, len(steps) - 1)] if step in steps else steps[-1]


@dataclass(frozen=True, slots=True)
class StepRead:
    """One step as read: values of what is filled in and can be taken, and what is wrong with the rest."""

    values: Mapping[str, Value]
    errors: Mapping[str, FieldError]


def read_step(step: Step, typed: Typed, *, today: date, needed: Collection[str] = ()) -> StepRead:
    """The fields of a step. `needed` names fields that this application must fill in beyond those that all must."""
    values: dict[str, Value] = {}
    errors: dict[str, FieldError] = {}
    prepay = typed.get("payment_mode") == "prepay"
    for field in fields_of(step):
        if field.kind == "files":
            continue
        unit = unit_of(typed) if field.name.startswith("statement.") else 1
        try:
            value = parse_field(field, typed.get(field.name), today=today, unit=unit)
        except FieldError as wrong:
            errors[field.name] = wrong
            continue
        if value is not None:
            values[field.name] = value
        elif field.need == "always" or (field.need == "credit" and not prepay) or field.name in needed:
            errors[field.name] = FieldError("field_missing")
    for name, odd in together(step, values, typed):
        errors.setdefault(name, odd)
    return StepRead(values, errors)


def application_of(filled: Filled, *, today: date) -> Application:
    """What the form amounts to so far: fields that cannot be read are left out, as if they were empty."""
    values: dict[str, Value] = {}
    for step in filled.steps:
        values |= read_step(step, filled.typed, today=today).values
    plain = {name: value for name, value in values.items() if name in _PLAIN}
    return Application.model_validate({
        **plain, "name": values.get("name", ""), "customer_id": filled.customer_id,
        "statements": [one for place in range(1, PERIODS + 1) if (one := _statement(values, place))],
        "background": _background(values),
        "references": _places(values, "reference", REFERENCES, ("company", "verdict")),
        "securities": _places(values, "security", SECURITIES, ("kind", "amount")),
        "contract": {
            **{name: values[name] for name in _POINTS if name in values}, **_at(values, "contract"),
        },
        "attachments": filled.attachments,
        "acknowledged": [key for key, said in filled.answers.items() if said == "different"],
    })  # fmt: skip


_POINTS = ("breach_liability", "title_retention", "prepayment_pct")
_PLAIN = frozenset(Application.model_fields) & frozenset(FIELDS)


def _at(values: Mapping[str, Value], place: str) -> dict[str, Value]:
    return {name.removeprefix(f"{place}."): value for name, value in values.items() if name.startswith(f"{place}.")}


def _statement(values: Mapping[str, Value], place: int) -> dict[str, Value] | None:
    found = _at(values, f"statement.{place}")
    return found if "period_end" in found else None


def _places(values: Mapping[str, Value], what: str, most: int, needed: Iterable[str]) -> list[dict[str, Value]]:
    found = [_at(values, f"{what}.{place}") for place in range(1, most + 1)]
    return [one for one in found if all(name in one for name in needed)]


def _background(values: Mapping[str, Value]) -> dict[str, Any] | None:
    """The outside step as a row of `checks`; None where nobody has looked."""
    if "checked_on" not in values:
        return None
    names = (
        "checked_on", "source", "uscc_verified", "registry_status", "suits_amount", "pending_suits_amount",
        "enforcement", "enforcement_settled_on", "rating", "rating_on",
    )  # fmt: skip
    found: dict[str, Any] = {name: values[name] for name in names if name in values}
    ticked = values.get("listings", ())
    found |= {name: isinstance(ticked, tuple) and name in ticked for name in TICKS}
    penalties = values.get("penalties")
    if isinstance(penalties, str):
        found["penalties"] = penalties.removesuffix("_settled")
        found["penalties_settled"] = penalties == "minor_settled" if penalties != "none" else None
    return found


def filled_of(application: Application) -> Filled:
    """The form that reads as this application: for one that came back, or is asked for again."""
    values: dict[str, object] = {name: getattr(application, name) for name in _PLAIN}
    for place, statement in enumerate(application.statements, 1):
        values |= {f"statement.{place}.{name}": value for name, value in statement}
    for place, reference in enumerate(application.references, 1):
        values |= {f"reference.{place}.{name}": value for name, value in reference}
    for place, security in enumerate(application.securities, 1):
        values |= {f"security.{place}.{name}": value for name, value in security}
    values |= {name: getattr(application.contract, name) for name in _POINTS}
    values |= {f"contract.{name}": value for name, value in application.contract if name not in _POINTS}
    if application.background is not None:
        background = dict(application.background)
        values |= {name: value for name, value in background.items() if name in FIELDS}
        values["listings"] = tuple(name for name in TICKS if background[name])
        settled = application.background.penalties == "minor" and application.background.penalties_settled
        values["penalties"] = "minor_settled" if settled else application.background.penalties
    typed = {name: text for name, field in FIELDS.items() if (text := _as_typed(field.kind, values.get(name)))}
    return Filled(
        typed=typed,
        attachments=application.attachments,
        answers={**dict.fromkeys(application.acknowledged, "different"), **_same(application.customer_id)},
        customer_id=application.customer_id,
    )


def _same(customer_id: str) -> dict[str, Answer]:
    """Whoever was said to be in the ledger already is not asked about again."""
    return {f"{kind}:{customer_id}": "same" for kind in ("prospect", "name")} if customer_id else {}


def _as_typed(kind: str, value: object) -> str | tuple[str, ...]:
    if value is None or kind == "files":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value if isinstance(value, tuple) else str(value)
