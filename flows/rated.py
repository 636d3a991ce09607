"""The parts of a request that come from its form and how that is rated: the same at filing and at every new round."""

from typing import Any

from approvals.application import Application
from approvals.authority import Route
from approvals.people import Person
from approvals.prospect import Prospect
from flows.desk import Desk
from flows.routing import asked_in_group, cap_of, terms_proposed, whose_customer


def rated(
    desk: Desk, form: Application, prospect: Prospect, route: Route, applicant: Person, request_no: str
) -> dict[str, Any]:
    """Fields of a request; `request_no` leaves the request itself out of what its group has asked for."""
    whose = whose_customer(desk, form, applicant)
    rating, position = prospect.assessment.rating, prospect.assessment.position
    return {
        "name": form.name,
        "department": whose.department,
        "branch": whose.branch,
        "sales_owner": whose.sales_owner,
        "asked": form.asked,
        "proposed": terms_proposed(desk, prospect),
        "grade": rating.grade if rating else None,
        "amount_base": route.amount_base,
        "group_base": asked_in_group(desk, form, request_no),
        "to_base": position.to_base if position and position.to_base else 1,
        "cap_base": cap_of(prospect),
        "reasons_higher": route.higher,
        "flags": _flags(prospect),
        "steps": route.steps,
    }


def _flags(prospect: Prospect) -> tuple[str, ...]:
    held = (
        ("sued", any(veto.id == "V4" for veto in prospect.assessment.vetoes)),
        ("security", bool(prospect.form.securities)),
        ("over_statutory_term", prospect.over_statutory is not None),
        ("adjusted", prospect.lifted),
    )
    return tuple(name for name, holds in held if holds)
