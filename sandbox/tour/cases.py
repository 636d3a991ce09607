"""Chapter 3: something goes wrong, and something is learnt from it."""

from functools import partial
from typing import Any

from sandbox.client import Hand, all_text, buttons
from sandbox.tour.accounts import CHEN, MA, ZHAO, filled_in, modal
from sandbox.tour.answers import EAST, LIN, WANG, line, say

SPOKEN = "明川昨天又退票 50万，老板电话打不通"
EVENTS = "风险事件"
_kept: dict[str, str] = {}


def evidence(hand: Hand) -> str:
    """A line in the department's channel becomes evidence in a case, read and led back; it stands in the ledger."""
    spoken = hand.act("say", person=WANG, channel=EAST, text=SPOKEN)["result"]
    hand.act("message_shortcut", person=LIN, channel=EAST, ts=spoken, callback_id="credit_case_from_message")
    view = modal(hand, LIN, "the evidence", "哪家客户")
    told = {block["block_id"]: block["element"].get("initial_value") for block in view["blocks"] if "element" in block}
    say(told["amount"] == "500,000", f"the amount is read: {told}")
    whom = {"customer": "C0017"} if not told["customer"] else {}
    hand.act("submit", person=LIN, values=filled_in(view, {**whom, "severity": "orange"}))
    shown = all_text(modal(hand, LIN, "the case", "EV-"))
    say("50.0 万" in shown and "王强" in shown and "/archives/" in shown, shown)
    _kept["case"] = shown[shown.index("EV-") :][: len("EV-2026-0001")]
    hand.act("close", person=LIN)
    row = hand.wait(lambda: [one for one in hand.rows(EVENTS) if _kept["case"] in one], "the row in the ledger", 30)[0]
    return " · ".join(str(cell) for cell in row[:5])


def alarm(hand: Hand) -> str:
    """Raised to red: a private channel, the incident team in it, the checklist of the emergency plan."""
    _press(hand, LIN, _dm(hand, LIN), "case.change")
    view = modal(hand, LIN, "owner and severity", _kept["case"])
    hand.act("submit", person=LIN, values=filled_in(view, {"severity": "red"}))
    hand.act("close", person=LIN)
    card = hand.wait(lambda: _incident(hand, MA), "the incident channel")
    say(not _incident(hand, ZHAO), "who is not in the team does not see it")
    say("应急预案" in all_text(card["card"]) and "case.tick" in buttons(card["card"]), all_text(card["card"]))
    _kept["channel"] = card["channel"]
    return line(card["card"])


def learnt(hand: Hand) -> str:
    """A measure with its effect, every step seen to, and closed by somebody else than who has it, with a lesson."""
    channel = _kept["channel"]
    for action, given in (
        ("measure", {"text": "上门拜访，停发在途货物"}),
        ("effect", {"text": "找到老板，退回一半货物"}),
    ):
        _press(hand, CHEN, channel, f"case.{action}")
        view = modal(hand, CHEN, action, _kept["case"])
        hand.act("submit", person=CHEN, values=filled_in(view, given))
        hand.act("close", person=CHEN)
    while left := _ticks(hand, channel):
        _press(hand, MA, channel, "case.tick")
        hand.wait(partial(_fewer, hand, channel, left), "a tick on the card")
    _press(hand, MA, channel, "case.close")
    view = modal(hand, MA, "cause and lesson", _kept["case"])
    hand.act("submit", person=MA, values=filled_in(view, {"cause": "扩张过快", "lesson": "退票当天就停货"}))
    hand.act("close", person=MA)

    def closed() -> list[Any]:
        return [one for one in hand.rows(EVENTS) if _kept["case"] in one and "退票当天就停货" in one]

    row = hand.wait(closed, "the lesson in the ledger", 30)[0]
    return " · ".join(str(cell) for cell in row if cell)[:160]


def _dm(hand: Hand, person: str) -> str:
    return str(hand.seen(person)["dm"])


def _card(hand: Hand, person: str, channel: str, action: str = "") -> Any:
    """The case's card in a channel, once it has this button."""

    def look() -> list[Any]:
        found = [one for one in hand.messages(person, channel) if _kept["case"] in all_text(one)]
        return [one for one in found if "/archives/" in all_text(one) and (not action or action in buttons(one))][-1:]

    return hand.wait(look, f"the card of {person} with {action}")[0]


def _press(hand: Hand, person: str, channel: str, action: str) -> None:
    card = _card(hand, person, channel, action)
    hand.act("click", person=person, channel=channel, ts=card["ts"], action_id=action)


def _ticks(hand: Hand, channel: str) -> int:
    blocks = _card(hand, MA, channel)["blocks"]
    return sum(1 for one in blocks if (one.get("accessory") or {}).get("action_id") == "case.tick")


def _fewer(hand: Hand, channel: str, than: int) -> bool:
    return _ticks(hand, channel) < than


def _incident(hand: Hand, person: str) -> Any:
    """The card in a channel that is neither a department's nor a direct message."""
    for channel, messages in hand.seen(person)["messages"].items():
        if channel.startswith("D") or channel == EAST:
            continue
        for one in messages:
            if _kept["case"] in all_text(one) and "case.tick" in buttons(one):
                return {"channel": channel, "card": one}
    return None


CHAPTER = (
    "3. Something goes wrong",
    (
        ("a chat line becomes evidence", evidence),
        ("a red case opens an incident channel", alarm),
        ("closed with cause and lesson", learnt),
    ),
)
