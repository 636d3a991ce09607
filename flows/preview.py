"""`creditdesk policy preview FILE`: what another policy would make of the live book, before it is in force."""

from collections.abc import Callable
from dataclasses import replace
from operator import attrgetter
from typing import Any

from flows.answers import answer_of
from flows.desk import Desk, View
from flows.view import stamp_of
from scoring.answer import number
from scoring.errors import LedgerError, MisuseError
from scoring.facts import facts_of
from scoring.policy import Policy
from scoring.rescore import BookScores, moved

Progress = Callable[[str, int, int], None]
_KEPT = ("base_currency", "time_zone", "reading.order_horizon_days")
"""What the kept figures of everybody were made with: groups and shares would have to be added up anew."""
_SCORED = ("scorecard", "grades")
"""Sections that change nothing but points, scores and grades: the facts of today are enough for them."""


def preview(desk: Desk, then: Policy, progress: Progress | None = None) -> dict[str, Any]:
    """Grades of the whole book now and under `then`, and every customer whose grade or verdict moves.

    A policy that differs in points and grades only is judged from the facts kept with the cards, in a moment; any
    other difference assesses everybody twice. MisuseError where that is not enough: see `_KEPT`.
    """
    for key in _KEPT:
        in_force, wanted = attrgetter(key)(desk.policy), attrgetter(key)(then)
        if wanted != in_force:
            raise MisuseError("preview_cannot", key=key, found=wanted, bound=in_force)
    view = desk.latest.view
    if view is None:
        raise LedgerError("ledger_not_found", where="")
    other = replace(desk, policy=then)
    other_view = replace(view, stamp=stamp_of(other, view.book, view.on))
    book = desk.mirror.open_base()
    # whoever joins the book meanwhile is not in it
    names = {customer_id: customer_id for _, customer_id, _ in book}
    names |= {found[0]: found[1] or found[0] for found in desk.mirror.named()}
    ids = [customer_id for _, customer_id, _ in book]
    whole_book = view.receivables_minor or 0
    shares = {one: 100 * (opened or 0) / whole_book if whole_book > 0 else 0.0 for _, one, opened in book}
    owners = {owner: customer_id for owner, customer_id, _ in book}
    known = {owners[owner]: body for owner, body in zip(*desk.mirror.facts(view.stamp), strict=True) if owner in owners}
    facts = _facts(desk, view, ids, known, progress)
    rated = [one for one in ids if one in facts]
    kept = [shares[one] for one in rated]
    now = BookScores([facts[one] for one in rated], desk.policy, kept)
    whole = not only_scores(desk.policy, then)
    later = _facts(other, other_view, ids, {}, progress) if whole else facts
    both = [one for one in rated if one in later]
    after = BookScores([later[one] for one in both], then, [shares[one] for one in both])
    before = (
        now if both == rated else BookScores([facts[one] for one in both], desk.policy, [shares[one] for one in both])
    )
    found = [_move(desk, view, other, other_view, both[at], names, before, after, at) for at in moved(before, after)]
    if whole:
        seen = {one["customer_id"] for one in found}
        rest = [_verdicts(desk, view, other, other_view, one, names) for one in ids if one not in seen]
        found += [one for one in rest if one is not None]
    return {
        "policy": {"now": desk.policy.fingerprint, "then": then.fingerprint},
        "customers": len(ids),
        "grades": {"now": before.counts(), "then": after.counts()},
        "moved": sorted(found, key=lambda one: one["customer_id"]),
        "as_of": desk.on().isoformat(),
    }


def only_scores(now: Policy, then: Policy) -> bool:
    """True when two policies differ in points and grade bounds alone."""
    plain = [
        {key: value for key, value in policy.as_json().items() if key not in {*_SCORED, "fingerprint"}}
        for policy in (now, then)
    ]
    limits = [[(rule.grade, rule.limit, rule.hold_days) for rule in policy.grades] for policy in (now, then)]
    outcomes = [{name: sorted(bands.choices) for name, bands in policy.bands.items()} for policy in (now, then)]
    return plain[0] == plain[1] and limits[0] == limits[1] and outcomes[0] == outcomes[1]


def _facts(
    desk: Desk, view: View, ids: list[str], known: dict[str, bytes], progress: Progress | None
) -> dict[str, bytes]:
    """Packed facts of everybody who has a rating; those not kept with a card are measured now."""
    found: dict[str, bytes] = {}
    for place, customer_id in enumerate(ids):
        if customer_id in known:
            found[customer_id] = known[customer_id]
            continue
        answered = answer_of(desk, view, customer_id)
        rating = answered.assessment.rating if answered is not None else None
        paying = answered.assessment.behaviour if answered is not None else None
        if rating is not None and paying is not None:
            found[customer_id] = facts_of(rating, new=paying.new_customer, policy=desk.policy).packed()
        if progress and place % 200 == 0:
            progress("answers", place, len(ids))
    return found


def _move(
    desk: Desk, view: View, other: Desk, other_view: View, customer_id: str, names: dict[str, str],
    before: BookScores, after: BookScores, at: int,
) -> dict[str, Any]:  # fmt: skip
    verdicts = [_verdict(desk, view, customer_id), _verdict(other, other_view, customer_id)]
    return {
        "customer_id": customer_id,
        "name": names[customer_id],
        "grade": {"now": before.grade(at), "then": after.grade(at)},
        "score": {"now": number(before.score(at)), "then": number(after.score(at))},
        "verdict": {"now": verdicts[0], "then": verdicts[1]},
    }


def _verdicts(
    desk: Desk, view: View, other: Desk, other_view: View, customer_id: str, names: dict[str, str]
) -> dict[str, Any] | None:
    """A customer whose grade stays and whose verdict moves; None where both stay."""
    answers = [answer_of(desk, view, customer_id), answer_of(other, other_view, customer_id)]
    now, then = (one.answer if one is not None else {} for one in answers)
    if not now or now["verdict"] == then["verdict"]:
        return None
    return {
        "customer_id": customer_id,
        "name": names[customer_id],
        **{key: {"now": now[key], "then": then[key]} for key in ("grade", "score", "verdict")},
    }


def _verdict(desk: Desk, view: View, customer_id: str) -> Any:
    answered = answer_of(desk, view, customer_id)
    return None if answered is None else answered.answer["verdict"]
