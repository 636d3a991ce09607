"""A chat line becomes evidence: read, put right, recorded, and it leads back."""

from typing import Any

import pytest

from flows.routing import record_of
from tests.flows.requests import Office
from tests.handlers.forms import FormHand
from tests.handlers.slack import Bolt
from tests.handlers.test_case import LIN, SMITH, WANG, app, east, hall, now, opened

__all__ = ["app", "hall"]
LINK = "https://t.example/archives/C03EAST/p1795060800000100"


def name(hall: Office) -> str:
    view = hall.desk.latest.view
    assert view is not None
    return next(one.name for one in view.search.find(east(hall)).hits)


def pointed(app: Bolt, text: str, who: str = LIN) -> dict[str, Any]:
    """Somebody takes the shortcut on a message of Wang's from noon of the 19th."""
    return {
        "type": "message_action", "callback_id": "credit_case_from_message", "user": {"id": who}, "trigger_id": "t",
        "channel": {"id": "C03EAST"}, "response_url": f"{app.slack.url}reply",
        "message": {"text": text, "user": WANG, "ts": "1763524800.000100".replace("1763524800", "1795060800")},
    }  # fmt: skip


def taken(app: Bolt, text: str, who: str = LIN) -> FormHand:
    count = len(app.slack.named("views.open"))
    app.send(pointed(app, text, who))
    return FormHand(app, who, shown=50 + 10 * count).show(app.slack.wait("views.open", count + 1)["view"])


def shown(hand: FormHand) -> dict[str, Any]:
    """What stands in the questions."""
    found = {}
    for block in hand.view["blocks"]:
        element = block.get("element") or {}
        chosen = element.get("initial_option") or {}
        value = element.get("initial_value") or element.get("initial_date") or chosen.get("value")
        found[block.get("block_id")] = value
    return found


def test_what_a_line_tells_stands_in_the_questions(app: Bolt, hall: Office) -> None:
    hand = taken(app, f"<@U05CHEN> {name(hall)} 昨天说欠 50万 &amp; 付不出")
    told = shown(hand)
    assert (told["customer"], told["amount"], told["into"]) == (name(hall), "500,000", "new")
    assert told["text"] == f"{name(hall)} 昨天说欠 50万 & 付不出"
    assert told["said_on"] == "2026-11-18"


def test_a_line_opens_a_case_and_leads_back_to_the_message(app: Bolt, hall: Office) -> None:
    hand = taken(app, f"{name(hall)} 欠 50万 付不出").submit({"severity": "yellow"})
    assert hand.errors == {}
    (case,) = record_of(hall.desk).cases()
    (evidence,) = case.evidence
    assert (case.source, case.severity, case.owner, case.what) == ("message", "yellow", "lin", evidence.text)
    assert (str(evidence.amount), evidence.link, evidence.said_by, evidence.by) == ("500000", LINK, "wang", "lin")
    assert f"<{LINK}|" in hand.said


def test_a_line_goes_into_the_case_that_is_open(app: Bolt, hall: Office) -> None:
    case = opened(app, hall)
    hand = taken(app, f"{name(hall)} 又退票 20w")
    assert shown(hand)["into"] == case.case_id
    hand.submit()
    assert len(record_of(hall.desk).cases()) == 1
    assert str(now(hall, case).evidence[0].amount) == "200000"


def test_a_customer_that_is_only_like_it_is_asked_for(app: Bolt, hall: Office) -> None:
    hand = taken(app, "没有人知道的公司欠 50万")
    assert shown(hand)["customer"] is None
    hand.submit({"customer": name(hall)[:3]})
    assert list(hand.errors) == ["customer"]
    hand.submit({"customer": east(hall)})
    assert len(record_of(hall.desk).cases()) == 1


def test_a_case_of_another_customer_takes_nothing(app: Bolt, hall: Office) -> None:
    case = opened(app, hall)
    rows = [one for one in hall.desk.mirror.customer_ids() if one != case.customer_id]
    other = next(one for one in rows if _seen(hall, one))
    hand = taken(app, "欠 50万").submit({"customer": other, "into": case.case_id})
    assert list(hand.errors) == ["customer"]
    assert now(hall, case).evidence == ()


def _seen(hall: Office, customer_id: str) -> bool:
    account = hall.desk.mirror.account(customer_id)
    return account is not None and account.customer.department == "华东"


def test_who_does_not_see_the_customer_records_nothing(app: Bolt, hall: Office) -> None:
    hand = taken(app, f"{name(hall)} 欠 50万", SMITH).submit({"customer": east(hall)})
    assert record_of(hall.desk).cases() == []
    assert "case.answer" in hand.said


def test_the_link_may_fail_and_the_line_is_kept_all_the_same(app: Bolt, hall: Office) -> None:
    app.slack.spoilt["chat.getPermalink"] = "channel_not_found"
    taken(app, f"{name(hall)} 欠 50万").submit()
    (case,) = record_of(hall.desk).cases()
    assert case.evidence[0].link == ""


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "https://x/archives/C1/p1|<!channel>", "https://evil.example/login"]
)
def test_a_link_that_is_none_of_slacks_is_not_believed(app: Bolt, hall: Office, link: str) -> None:
    hand = taken(app, f"{name(hall)} 欠 50万")
    hand.view["private_metadata"] = f'{{"l":"{link}","u":""}}'
    hand.submit()
    (case,) = record_of(hall.desk).cases()
    assert case.evidence[0].link == ""
