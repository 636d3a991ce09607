"""What moves a request and to where: the whole table. What it does not name is refused."""

from collections.abc import Mapping

from approvals.request import State
from approvals.steps import Act

TRANSITIONS: Mapping[tuple[State, Act], tuple[State, ...]] = {
    ("pending", "vouch"): ("pending",),
    ("pending", "recommend"): ("pending",),
    ("pending", "approve"): ("pending", "approved"),
    ("pending", "return"): ("returned",),
    ("pending", "reject"): ("rejected",),
    ("pending", "hand_on"): ("pending",),
    ("pending", "ask"): ("pending",),
    ("pending", "take_back"): ("pending",),
    ("pending", "withdraw"): ("withdrawn",),
    ("pending", "remind"): ("pending",),
    ("pending", "escalate"): ("pending",),
    ("pending", "expire"): ("expired",),
    ("pending", "reroute"): ("pending",),
    ("pending", "adjust"): ("pending",),
    ("returned", "ask"): ("returned",),
    ("returned", "resubmit"): ("pending",),
    ("returned", "withdraw"): ("withdrawn",),
    ("returned", "take_back"): ("pending",),
    ("returned", "expire"): ("expired",),
    ("approved", "take_back"): ("pending",),
    ("rejected", "take_back"): ("pending",),
}
"""(state, act) -> the states it may lead to."""
ASKED_AGAIN: frozenset[State] = frozenset({"rejected", "withdrawn", "expired"})
"""Over without a line: its applicant may ask again, as a new request that names it."""
CLOCK_ACTS: frozenset[Act] = frozenset({"remind", "escalate", "expire", "reroute"})
APPLICANT_ACTS: frozenset[Act] = frozenset({"withdraw", "resubmit"})
SIGNING_ACTS: frozenset[Act] = frozenset({"vouch", "recommend", "approve", "return", "reject"})
"""Acts that use up a person's turn: nobody signs twice in one chain."""
TURN_ACTS: frozenset[Act] = SIGNING_ACTS | {"hand_on"}
"""Acts for which somebody must still have his turn: one that was used is not handed on either."""
PASSING_ACTS: frozenset[Act] = frozenset({"vouch", "recommend", "approve"})
"""Acts that count towards passing a step."""
MATERIAL_ACTS: frozenset[Act] = SIGNING_ACTS | {
    "take_back",
    "withdraw",
    "resubmit",
    "expire",
    "hand_on",
    "reroute",
    "adjust",
}
"""Acts after which an older card no longer shows what is being decided."""


def leads_to(state: State, act: Act) -> tuple[State, ...]:
    """Where an act may lead from a state; nothing when the table does not name it."""
    return TRANSITIONS.get((state, act), ())


def table_text() -> str:
    """The table as docs/requests.md shows it."""
    lines = ["| state | act | leads to |", "|---|---|---|"]
    for (state, act), found in TRANSITIONS.items():
        lines.append(f"| {state} | {act} | {' or '.join(found)} |")
    return "\n".join(lines)
