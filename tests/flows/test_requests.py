"""Open an account: filed, vouched for, signed up the ladder, decided, taken back; and who is told no."""

from pathlib import Path

import pytest

from flows.routing import record_of
from tests.flows.requests import Office, office


@pytest.fixture
def hall(tmp_path: Path) -> Office:
    return office(tmp_path)


def test_a_filed_application_waits_for_the_customer_administrator(hall: Office) -> None:
    request = hall.filed()
    assert (request.request_no, request.state, request.version) == ("CR-2026-0001", "pending", 1)
    assert [(step.kind, step.role) for step in request.steps][:2] == [
        ("vouch", "customer_admin"),
        ("post", "sales_manager"),
    ]
    assert request.at == (0,)


def test_from_the_form_to_the_decision(hall: Office) -> None:
    number = hall.filed().request_no
    hall.does("xu", number, "vouch")
    assert hall.refused("zhao", number, "approve").code == "not_your_turn"
    hall.does("wang", number, "recommend")
    hall.does("he", number, "approve")
    hall.does("ma", number, "approve")
    hall.does("zhao", number, "recommend")
    done = hall.does("chen", number, "approve")
    assert (done.state, done.decided) == ("approved", done.proposed)
    assert record_of(hall.desk).verify_audit() == []
