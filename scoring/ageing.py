"""Ageing by due date: the seven buckets of POLICY.md 0, and what is measured beside them."""

_TOPS = ((0, "not_due"), (30, "1-30"), (60, "31-60"), (90, "61-90"), (180, "91-180"), (365, "181-365"))


def bucket(days_overdue: int) -> str:
    """The bucket of an invoice this many days past due; due today is not due yet."""
    for top, name in _TOPS:
        if days_overdue <= top:
            return name
    return "over-365"


MEASURES = ("open", "unapplied", "disputed", "overdue")
