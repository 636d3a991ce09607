"""`/credit collect NAME` 催收: where a customer stands in dunning, as a card and as figures."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from approvals.dealings import Dealing, disputes_in, promises_in, proofs_in
from approvals.dunning import Claim, dunning
from approvals.promises import Arrived, Given, Outcome, judged, reliability
from flows.access import Reader, sight
from flows.accounts import account_of
from flows.answers import answer_of
from flows.desk import Desk, View
from flows.setting import setting_of
from scoring.currency import Rates
from scoring.findings import money_text
from scoring.ledger import Account
from texts.blocks import Message
from texts.collection import collection_card, collection_unknown
from texts.messages import grade_only, stale
from texts.standing import Bounced, Standing, Told


def collect(desk: Desk, reader: Reader, view: View, customer_id: str) -> tuple[Message, dict[str, Any] | None]:
    """(card, figures) for a reader; no figures for one who may see the grade alone, or where there are none."""
    answered = answer_of(desk, view, customer_id)
    if answered is None:
        return stale(reader.lang, f"c:{customer_id}"), None
    if sight(reader, answered.details["department"], answered.details["sales_owner"]) != "full":
        return grade_only(reader.lang, answered.answer), None
    standing = standing_of(desk, view, customer_id)
    if standing is None:
        return collection_unknown(reader.lang, str(answered.answer["name"]), customer_id), None
    may = standing.recorded and reader.person is not None
    return collection_card(standing, reader.lang, setting_of(desk, view), may_record=may), as_json(standing)


def standing_of(desk: Desk, view: View, customer_id: str) -> Standing | None:
    """Where he stands on the desk's day; None without such a customer, or where his figures leave something out."""
    account, answered = account_of(desk, customer_id), answer_of(desk, view, customer_id)
    position = None if answered is None else answered.assessment.position
    if account is None or answered is None or position is None or not answered.assessment.known:
        return None
    rating, customer, on = answered.assessment.rating, account.customer, desk.on()
    rates = Rates(view.book.rates, desk.policy.base_currency, on, desk.policy.reading.rate_days)

    def own(amount: Decimal, currency: str) -> Decimal:
        return rates.convert(amount, currency or position.currency, position.currency)

    grade = None if rating is None else rating.grade
    dealings = _dealings(desk, customer_id, on)
    promised = judged([*_given(account), *promises_in(dealings)], _arrived(account, own), on)
    outcomes = {one.given.promise_id: one.outcome for one in promised}
    return Standing(
        customer_id=customer_id,
        name=customer.name,
        department=customer.department,
        sales_owner=customer.sales_owner,
        grade=grade,
        currency=position.currency,
        open=position.open,
        unapplied=position.unapplied,
        dunning=dunning(position, account, grade, desk.policy, on, proofs_in(dealings, on), disputes_in(dealings, on)),
        promises=reliability(promised),
        bounced=_bounced(account, desk.policy.warnings.recent_days, on, own),
        told=tuple(_told(desk, one, outcomes) for one in dealings),
        recorded=desk.record is not None,
    )


def _dealings(desk: Desk, customer_id: str, on: date) -> list[Dealing]:
    """What the record holds of a customer up to a day."""
    found = [] if desk.record is None else desk.record.dealings([customer_id])
    return [one for one in found if one.day <= on]


def _told(desk: Desk, dealing: Dealing, outcomes: Mapping[str, Outcome]) -> Told:
    names = desk.people.by_id
    person, owner = names.get(dealing.person), names.get(dealing.owner)
    return Told(
        dealing,
        dealing.person if person is None else person.name,
        dealing.owner if owner is None else owner.name,
        outcomes.get(dealing.dealing_id, "open"),
    )


def _given(account: Account) -> list[Given]:
    """What stands in the promises tab."""
    return [
        Given(
            promise_id=row.promise_id, made_on=row.made_on, promised_on=row.promised_on, amount=row.amount,
            invoice_no=row.invoice_no,
            said=row.outcome if row.outcome in {"kept", "partly", "broken"} else None,  # type: ignore[arg-type]
        )
        for row in account.promises
    ]  # fmt: skip


def _arrived(account: Account, own: Callable[[Decimal, str], Decimal]) -> list[Arrived]:
    """Money that surely came, oldest first."""
    found = [
        Arrived(row.received_on, own(row.amount, row.currency), row.invoice_no)
        for row in account.payments
        if row.received_on is not None and row.amount is not None and row.amount > 0
        and not row.bounced and "bounced" not in row.unread
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.on, one.invoice_no))


def _bounced(account: Account, days: int, on: date, own: Callable[[Decimal, str], Decimal]) -> tuple[Bounced, ...]:
    """Receipts of the last days that came back."""
    return tuple(
        Bounced(row.receipt_no, row.received_on, own(row.amount or Decimal(0), row.currency))
        for row in account.payments
        if row.bounced and row.received_on is not None and 0 <= (on - row.received_on).days < days
    )


def as_json(standing: Standing) -> dict[str, Any]:
    """The figures, for `creditdesk collect --json`."""
    found, word = standing.dunning, standing.promises
    pct = word.kept_pct
    return {
        "customer_id": standing.customer_id,
        "name": standing.name,
        "as_of": found.on.isoformat(),
        "currency": standing.currency,
        "grade": standing.grade,
        "stage": found.stage,
        "days": found.days if found.stage is not None else None,
        "overdue": money_text(found.overdue),
        "interest": money_text(found.interest),
        "disputed": money_text(found.disputed),
        "unapplied": money_text(standing.unapplied),
        "holds": found.holds,
        "measures": list(found.measures),
        "letters": list(standing.letters),
        "next_stage": found.next_stage,
        "next_on": None if found.next_on is None else found.next_on.isoformat(),
        "promises": {
            "kept": word.kept, "partly": word.partly, "broken": word.broken, "open": word.open,
            "kept_pct": None if pct is None else float(pct),
        },
        "bounced": [
            {"receipt_no": one.receipt_no, "received_on": one.received_on.isoformat(), "amount": money_text(one.amount)}
            for one in standing.bounced
        ],
        "invoices": [_claim_json(claim) for claim in found.claims],
    }  # fmt: skip


def _claim_json(claim: Claim) -> dict[str, Any]:
    return {
        "invoice_no": claim.invoice_no,
        "due_on": claim.due_on.isoformat(),
        "open": money_text(claim.open),
        "demanded": money_text(claim.demanded),
        "disputed": money_text(claim.disputed),
        "days": claim.days,
        "stage": claim.stage,
        "late_interest_pct": float(claim.rate.pct),
        "contract_no": claim.rate.contract_no or None,
        "interest": money_text(claim.interest),
        "limitation_expires_on": claim.limitation.expires_on.isoformat(),
        "limitation_warned": claim.limitation.warned,
    }
