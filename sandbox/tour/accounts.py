"""Chapter 2: a new customer gets its line."""

import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

from sandbox.client import Hand, all_text, buttons
from sandbox.tour.answers import EAST, FINANCE, HE, LIN, WANG, line, say

XU, MA, ZHAO, CHEN = "U08XU", "U09MA", "U04ZHAO", "U05CHEN"
COMPANY = "苏州恒力新材有限公司"
FORM: dict[str, Any] = {
    "name": COMPANY, "uscc": "91310000MA1FL4T23J", "entity_type": "limited", "payment_mode": "credit",
    "department": "华东", "sales_owner": "林晓梅", "legal_representative": "周立", "controller": "周立青",
    "registered_capital": "6000万", "paid_in_capital": "5000万", "established_on": "2012-05-01", "size_class": "medium",
    "licence_expires_on": "2036-05-01", "regulated": "no", "market_standing": "leader", "goods": "树脂",
    "planned_monthly_sales": "80万", "asked_limit": "六十万", "asked_days": "30天", "currency": "CNY",
    "term_basis": "invoice", "statement.unit": "wan", "source": "国家企业信用信息公示系统", "uscc_verified": "yes",
    "registry_status": "active", "suits_amount": "0", "pending_suits_amount": "0", "enforcement": "none",
    "penalties": "none", "reference.1.company": "宁波化工", "reference.1.verdict": "prompt",
    "reference.2.company": "嘉兴石化", "reference.2.verdict": "prompt", "reason": "年采购约七百万，同行推荐",
}  # fmt: skip
STATEMENT = {
    "revenue": "9000", "net_profit": "1000", "ebit": "1300", "total_assets": "8000", "intangible_assets": "100",
    "total_liabilities": "2800", "current_assets": "4500", "current_liabilities": "2000", "inventory": "900",
    "retained_earnings": "1800", "operating_cash_flow": "900",
}  # fmt: skip
_NUMBER = "CR-"
_kept: dict[str, str] = {}


def _form(**other: str) -> dict[str, Any]:
    """The whole form, dated relative to today."""
    day = date.today()  # noqa: DTZ011  (the desk's own day, on this machine)
    year = day.year
    periods = {
        f"statement.{place}.{name}": value
        for place in (1, 2)
        for name, value in {**STATEMENT, "period_end": f"{year - place}-12-31"}.items()
    }
    return {**FORM, **periods, "checked_on": day.isoformat(), **other}


def modal(hand: Hand, person: str, what: str, *words: str) -> Any:
    """The topmost modal of somebody, once it shows this."""

    def look() -> Any:
        modals = hand.seen(person)["modals"]
        return modals and all(word in all_text(modals[-1]["view"]) for word in words) and modals[-1]["view"]

    return hand.wait(look, what)


def filled_in(view: Any, given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What of `given` this view asks for."""
    asked = [block for block in view["blocks"] if block["type"] == "input" and block["block_id"] in given]
    return {block["block_id"]: {block["element"]["action_id"]: given[block["block_id"]]} for block in asked}


def _through(hand: Hand, person: str, given: Mapping[str, Any]) -> str:
    """Fill in step after step up to the review, and send it; what the review said."""
    said = ""
    for _ in range(14):
        view = hand.seen(person)["modals"][-1]["view"]
        step = view["callback_id"]
        if not step.startswith("application."):
            break
        if step == "application.review":
            said = all_text(view)
        hand.act("submit", person=person, values=filled_in(view, given))
        if step == "application.review":
            break
    return said


def files(hand: Hand) -> str:
    """The form step by step: a mistake stands at its field, amounts as people write them, the score on the way."""
    hand.act("command", person=LIN, channel=EAST, command="/credit", text="new")
    view = modal(hand, LIN, "the form", "客户名称")
    wrong = {**FORM, "uscc": "91310000MA1FL4T23K"}
    hand.act("submit", person=LIN, values=filled_in(view, wrong))
    say(hand.seen(LIN)["modals"][-1]["view"]["callback_id"] == "application.who", "a wrong check digit stays")
    review = _through(hand, LIN, _form())
    say("60.0 万" in review and "C 级" in review, review[:300])
    done = all_text(modal(hand, LIN, "the request", _NUMBER))
    _kept["number"] = done[done.index(_NUMBER) :][: len("CR-2026-0001")]
    hand.act("close", person=LIN)
    return done.strip()


def _card(hand: Hand, person: str, *actions: str) -> Any:
    """Somebody's card of the request, once it offers these buttons."""

    def look() -> Any:
        dm = hand.seen(person)["dm"]
        found = [one for one in hand.messages(person, dm) if _kept["number"] in one["text"]]
        return [one for one in found if set(actions) <= set(buttons(one))][-1:]

    return hand.wait(look, f"the card of {person} with {', '.join(actions)}")[0]


def _press(hand: Hand, person: str, action: str) -> Any:
    card = _card(hand, person, action)
    hand.act("click", person=person, channel=hand.seen(person)["dm"], ts=card["ts"], action_id=action)
    return card


def _gone(hand: Hand, person: str, action: str) -> None:
    """The button has vanished."""

    def look() -> bool:
        dm = hand.seen(person)["dm"]
        found = [one for one in hand.messages(person, dm) if _kept["number"] in one["text"]]
        return all(action not in buttons(one) for one in found)

    hand.wait(look, f"{action} to vanish for {person}")


def returned(hand: Hand) -> str:
    """The customer administrator vouches, the manager asks for changes, the applicant is told in words."""
    card = _press(hand, XU, "approval.vouch")
    _gone(hand, XU, "approval.vouch")
    _press(hand, WANG, "approval.return")
    view = modal(hand, WANG, "the reasons", COMPANY)
    hand.act("submit", person=WANG, values=filled_in(view, {"ready": "return_contract"}))
    _card(hand, LIN, "approval.resubmit")
    return line(card)


def resubmitted(hand: Hand) -> str:
    """Changed and sent again: earlier signatures are void."""
    _press(hand, LIN, "approval.resubmit")
    modal(hand, LIN, "the form again", _kept["number"])
    review = _through(hand, LIN, _form(asked_limit="50万"))
    say("50.0 万" in review, review[:300])
    hand.act("close", person=LIN)
    card = _card(hand, XU, "approval.vouch")
    return line(card)


def signed(hand: Hand) -> str:
    """Vouched for, recommended, co-signed by finance and risk side by side, recommended by the deputy GM."""
    for person, action in (
        (XU, "approval.vouch"), (WANG, "approval.recommend"), (HE, "approval.approve"), (MA, "approval.approve"),
        (ZHAO, "approval.recommend"),
    ):  # fmt: skip
        _press(hand, person, action)
        _gone(hand, person, action)
    card = _card(hand, CHEN, "approval.approve")
    say("50.0 万" in all_text(card), "the proposal on the card of who decides")
    return line(card)


def decided(hand: Hand) -> str:
    """The GM approves with conditions; buttons vanish, and after the seconds to take it back it is in the ledger."""
    _press(hand, CHEN, "approval.approve")
    _gone(hand, CHEN, "approval.approve")

    def in_ledger() -> Any:
        rows = hand.rows("审批记录")
        return [row for row in rows if _kept["number"] in row]

    row = hand.wait(in_ledger, "the entry in the ledger", 30)[0]
    customer = [one for one in hand.rows("客户") if COMPANY in one]
    say(customer and any("500000" in str(cell) for cell in customer[0]), "the limit stands in the customer's row")
    told = hand.wait(
        lambda: [one for one in hand.messages(LIN, hand.seen(LIN)["dm"]) if one.get("thread_ts")],
        "the applicant to be told in the thread",
    )
    return f"{' | '.join(str(cell) for cell in row if cell)[:160]} → {line(told[-1])}"


def answers(hand: Hand) -> str:
    """The next question about the new customer is answered from the ledger."""
    card = hand.wait(
        lambda: [one for one in [hand.credit(LIN, EAST, COMPANY)] if "可以发货" in line(one)], "the new line", 30
    )[0]
    return line(card)


def _command(*words: str) -> str:
    """What the administrator types in a terminal of the desk's machine; the last line it prints."""
    ran = subprocess.run(  # noqa: S603  (the desk's own command line, beside which the tour runs)
        [sys.executable, "-m", "bot", *words], capture_output=True, text=True, check=False, timeout=60
    )
    say(ran.returncode == 0, f"{' '.join(words)}: {ran.stdout[-300:]}{ran.stderr[-300:]}")
    return ran.stdout.strip().splitlines()[-1]


def verified(_hand: Hand) -> str:
    """The audit chain is whole from the first entry to the keyed head."""
    return _command("audit", "verify")


def digest(hand: Hand) -> str:
    """The overdue digest reaches finance: totals, the biggest by money and days with whoever looks after them."""

    def look() -> Any:
        return [one for one in hand.messages(HE, FINANCE) if "逾期日报" in one["text"]]

    if not look():  # before half past eight, or on a day off: by hand
        _command("digest", "finance")
    arrived = hand.wait(look, "the digest in finance's channel")
    say(len(arrived) == 1, "one digest a day")
    return line(arrived[-1])


CHAPTER = (
    "2. Open an account",
    (
        ("sales fills in the form", files),
        ("the manager asks for changes", returned),
        ("changed and resubmitted", resubmitted),
        ("signed up the ladder, co-signers beside", signed),
        ("decided, written, told", decided),
        ("the desk answers with the new line", answers),
        ("the audit chain verifies", verified),
        ("the morning digest arrives", digest),
    ),
)
