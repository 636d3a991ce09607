"""What a card says about the copy it was made from."""

from flows.desk import Desk, View
from texts.cards import Setting


def age_minutes(desk: Desk, view: View) -> int:
    """Minutes since the last sync; 0 for a ledger read just now from a file."""
    if view.synced_at is None or desk.baseline is None:
        return 0
    return max(0, int((desk.clock() - view.synced_at).total_seconds() // 60))


def setting_of(desk: Desk, view: View) -> Setting:
    """How old the copy is, which tabs are held back, where rows open."""
    return Setting(
        synced_at=None if desk.baseline is None else desk.local(view.synced_at),
        age_minutes=age_minutes(desk, view),
        amber_minutes=desk.policy.operating.amber_minutes,
        problem=view.problem,
        held=[finding.as_json() for finding in view.held],
        links=view.links,
        today=desk.today().isoformat(),
        waiting_allowed=desk.watches is not None,
    )
