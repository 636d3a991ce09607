"""What a step is held against beyond its own fields: the policy, the ledger's lists, and who is a customer already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from approvals.application import Application
from approvals.application_draft import Filled, application_of, read_step
from approvals.application_fields import ENTITY_TYPES, FIELDS, Step
from approvals.application_parse import FieldError, Value
from approvals.prospect import Clash, ClashKind
from flows.access import Reader, sees
from flows.accounts import account_of
from flows.apply import currency_kept, in_base, statements_needed, view_of
from flows.clashes import clashes
from flows.desk import Desk
from flows.form_sheet import options
from scoring.ledger import Customer

_SHOWN_AT: Mapping[Step, tuple[ClashKind, ...]] = {
    "who": ("uscc", "name", "prospect", "blacklist", "request"), "company": ("group",),
}  # fmt: skip
"""At which step which likeness is asked about: the earliest that knows enough to find it."""


@dataclass(frozen=True, slots=True)
class StepCheck:
    """One step, checked."""

    values: Mapping[str, Value]
    errors: Mapping[str, FieldError]
    stops: tuple[Clash, ...] = ()
    """Likenesses with which nothing can be asked for."""
    asks: tuple[Clash, ...] = ()
    """Likenesses that the applicant has to say something about, answered or not."""
    open: tuple[Clash, ...] = ()
    """Those of them that he has not answered."""

    @property
    def passed(self) -> bool:
        """Whether the next step may follow."""
        return not (self.errors or self.stops or self.open)


def check_step(desk: Desk, reader: Reader, filled: Filled, step: Step) -> StepCheck:
    """Everything that can be wrong with a step; LedgerError while nobody can be looked up."""
    form = application_of(filled, today=desk.today())
    needed = statements_needed(desk, form, on=desk.on()) if step.startswith("finances") else frozenset()
    read = read_step(step, filled.typed, today=desk.today(), needed=needed)
    errors = {**_beyond(desk, reader, filled, step, read.values), **read.errors}
    if errors or step not in _SHOWN_AT:
        return StepCheck(read.values, errors)
    plain = form.model_copy(update={"customer_id": ""})
    found = [
        replace(one, stops=True) if _hidden(desk, reader, one) else one
        for one in clashes(desk, plain, request_no=filled.request_no, kinds=_SHOWN_AT[step])
    ]
    asks = tuple(one for one in found if not one.stops)
    return StepCheck(
        read.values,
        errors,
        stops=tuple(one for one in found if one.stops),
        asks=asks,
        open=tuple(one for one in asks if one.key not in filled.answers),
    )


def _hidden(desk: Desk, reader: Reader, clash: Clash) -> bool:
    """A prospect of another department: to fill in his row would show what the ledger has of him."""
    account = account_of(desk, clash.customer_id) if clash.kind == "prospect" else None
    return account is not None and not sees(reader, account.customer)


def _beyond(
    desk: Desk, reader: Reader, filled: Filled, step: Step, values: Mapping[str, Value]
) -> dict[str, FieldError]:
    """What the ledger, the people or the policy have against a value."""
    wrong: dict[str, FieldError] = {}
    for name, listed in options(desk, reader, filled.model_copy(update={"typed": {}})).items():
        value = values.get(name)
        if FIELDS[name].step == step and listed and isinstance(value, str) and value not in listed:
            wrong[name] = FieldError("choice_unknown", found=value)
    parent = values.get("parent_id")
    if isinstance(parent, str) and parent_in(desk, parent) is None:
        wrong["parent_id"] = FieldError("parent_unknown", found=parent)
    if step == "plan":
        wrong |= _policy(desk, application_of(filled, today=desk.today()))
    return wrong


def _policy(desk: Desk, form: Application) -> dict[str, FieldError]:
    """What nobody may approve is said before anyone types more."""
    rule, wrong = desk.policy.authority, {}
    asked = in_base(desk, form.asked.limit, form.currency, desk.on())
    kept = currency_kept(desk, form)
    if form.currency != kept:
        wrong["currency"] = FieldError("currency_other", found=kept)
    elif asked is None:
        wrong["currency"] = FieldError("currency_unknown", found=form.currency)
    elif asked > rule.matrix[-1].up_to:
        wrong["asked_limit"] = FieldError("limit_above_policy", most=rule.matrix[-1].up_to)
    if form.asked.payment_days > rule.days[-1]:
        wrong["asked_days"] = FieldError("days_above_policy", most=rule.days[-1])
    return wrong


def parent_in(desk: Desk, typed: str) -> str | None:
    """The customer that somebody named as the group's parent: by id, code or full name."""
    hits = view_of(desk).search.find(typed).hits
    sure = [hit.customer_id for hit in hits if hit.match in {"id", "uscc", "name", "alias"} and hit.customer_id]
    return sure[0] if len(sure) == 1 else None


def settled(desk: Desk, filled: Filled, step: Step, asks: Iterable[Clash]) -> Filled:
    """The form with what the answers mean: whose row is filled in, whose group he belongs to, the parent's own id."""
    typed = dict(filled.typed)
    changes: dict[str, object] = {}
    if step == "who":
        same = [one.customer_id for one in asks if filled.answers.get(one.key) == "same"]
        changes["customer_id"] = same[0] if same else ""
        account = account_of(desk, same[0]) if same else None
        if account is not None:
            typed = {**_typed_of(account.customer), **typed}
    for one in asks:
        if one.kind == "group" and filled.answers.get(one.key) == "member":
            other = account_of(desk, one.customer_id)
            typed["parent_id"] = (other.customer.parent_id if other else "") or one.customer_id
    if step == "business" and isinstance(typed.get("parent_id"), str):
        typed["parent_id"] = parent_in(desk, str(typed["parent_id"])) or typed["parent_id"]
    changes["typed"] = {name: typed[name] for name in FIELDS if name in typed}
    return filled.model_copy(update=changes)


def _typed_of(customer: Customer) -> dict[str, str]:
    """What the ledger knows of a prospect, as it would be typed."""
    entity = next((key for key, word in ENTITY_TYPES.items() if word == customer.entity_type), "")
    found: dict[str, str] = {"entity_type": entity}
    for name in FIELDS:
        value = getattr(customer, name, None)
        if name in {"entity_type", "status"} or value in {None, ""}:
            continue
        found[name] = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    return {name: text for name, text in found.items() if text}
