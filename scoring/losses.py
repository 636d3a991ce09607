"""Expected loss, the customer's view: PD(grade) x LGD x exposure (POLICY.md 12)."""

from decimal import Decimal

from scoring.money import round_cents
from scoring.policy import Policy
from scoring.results import Grade

_HUNDRED = Decimal(100)


def expected_loss(grade: Grade | None, exposure: Decimal, secured: Decimal, policy: Policy) -> Decimal:
    """What a year costs on average when `exposure` is owed, `secured` of it insured or guaranteed; base currency.

    An unrated customer counts as the policy's `unrated_as`.
    """
    owed = max(Decimal(0), exposure)
    covered = min(owed, max(Decimal(0), secured))
    rule = policy.proposal
    lost = (owed - covered) * rule.lgd_pct + covered * rule.lgd_secured_pct
    return round_cents(policy.grade(grade or policy.unrated_as).pd_pct * lost / _HUNDRED / _HUNDRED)
