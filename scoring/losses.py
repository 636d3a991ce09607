"""Expected loss, two views (POLICY.md 12): PD(grade) x LGD x exposure, and by ageing bucket."""

from collections.abc import Mapping
from decimal import Decimal

from scoring.money import round_cents
from scoring.policy import Policy
from scoring.results import BUCKETS, Grade

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


def ledger_loss(ageing_base: Mapping[str, Decimal], policy: Policy) -> Decimal:
    """What is expected to be lost of what is open today: the sum of each bucket x its rate, base currency."""
    lost = sum((ageing_base.get(name, Decimal(0)) * policy.provision_pct[name] for name in BUCKETS), Decimal(0))
    return round_cents(lost / _HUNDRED)
