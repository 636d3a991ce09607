"""Chapter 1: the desk answers."""

from typing import Any

from sandbox.client import Hand, NotSeenError, all_text, buttons

LIN, SMITH, WANG, HE, GUEST, PETE = "U01LIN", "U03SMITH", "U02WANG", "U07HE", "U11GUEST", "U12CONN"
EAST, GENERAL, FINANCE = "C03EAST", "C01GENERAL", "C02FINANCE"


def say(condition: object, what: str) -> None:
    """An assertion that also holds under -O."""
    if not condition:
        raise NotSeenError(what)


def line(message: Any) -> str:
    """The fallback sentence."""
    return str(message["text"])


def acme(hand: Hand) -> str:
    """A good customer."""
    card = hand.credit(LIN, EAST, "ACME")
    say(card["ephemeral"], "the answer is only for the one who asked")
    say("可以发货" in line(card) and "艾克美" in line(card), line(card))
    say("C0001" in all_text(card) and "A 级" in all_text(card), "id and grade on the card")
    say({"lookup.details", "lookup.share"} <= set(buttons(card)), "buttons")
    say(all(one["ts"] != card["ts"] for one in hand.messages(WANG, EAST)), "nobody else sees it")
    return line(card)


def english(hand: Hand) -> str:
    """The same desk in English, and another department's customer."""
    card = hand.credit(SMITH, GENERAL, "Pacific")
    say("🟢" in line(card) and "ship" in line(card), line(card))
    other = hand.credit(SMITH, GENERAL, "ACME")
    say("可" not in all_text(other).replace("艾克美贸易(上海)有限公司", ""), "English throughout")
    say("Grade" in all_text(other) and "lookup.details" not in buttons(other), "grade only")
    return f"{line(card)} | {line(other)}"


def outsiders(hand: Hand) -> str:
    """A guest and a Slack Connect outsider get one neutral sentence."""
    found = [all_text(hand.credit(person, GENERAL, "ACME")) for person in (GUEST, PETE)]
    say(all("艾克美" not in text and "C0001" not in text for text in found), "no name, no figure")
    return found[0][:60]


def overdue(hand: Hand) -> str:
    """Paused: 37 days, and the one 75 days overdue."""
    paused, stopped = hand.credit(LIN, EAST, "明川"), None
    say("选" in all_text(paused) or "37" in all_text(paused), all_text(paused))
    paused = hand.credit(LIN, EAST, "C0017")
    stopped = hand.credit(LIN, EAST, "C0003")
    say("37" in line(paused) and "12.4 万" in line(paused), line(paused))
    say("75" in line(stopped), line(stopped))
    return f"{line(paused)} | {line(stopped)}"


def stories(hand: Hand) -> str:
    """Blacklisted, prepay, over the limit, faulty rows, on hold."""
    told = []
    for customer, words in (
        ("C0004", ("黑名单",)), ("C0005", ("款到发货",)), ("C0002", ("额度",)), ("C0016", ("冻结",)), ("C0008", ("约80万",)),
    ):  # fmt: skip
        card = hand.credit(WANG if customer in {"C0004", "C0005"} else "U06LIU", GENERAL, customer)
        text = all_text(card)
        say(all(word in text for word in words), f"{customer}: {text[:200]}")
        say(customer == "C0005" or "🟢" not in line(card), f"{customer} must not be green")
        told.append(line(card).split("：")[-1].split(":")[-1][:24])
    return " | ".join(told)


def likeness(hand: Hand) -> str:
    """Two names alike: the desk asks, a click answers."""
    question = hand.credit(LIN, EAST, "恒达")
    say("lookup.choose" in buttons(question), "a question with buttons")
    value = buttons(question)["lookup.choose"]["value"]
    hand.act("click", person=LIN, channel=EAST, ts=question["ts"], action_id="lookup.choose", value=value)
    answered = hand.wait(
        lambda: [one for one in hand.messages(LIN, EAST) if one["ts"] == question["ts"] and one["edited"]],
        "the choice to answer",
    )
    typo = hand.credit(LIN, EAST, "acmee")
    say("lookup.choose" in buttons(typo), "a typo asks, also when there is only one")
    return f"{line(question)} → {line(answered[0])}"


def details(hand: Hand) -> str:
    """Everything behind the verdict, in a modal."""
    card = hand.credit(LIN, EAST, "C0017")
    hand.act("click", person=LIN, channel=EAST, ts=card["ts"], action_id="lookup.details")
    modal = hand.wait(lambda: hand.seen(LIN)["modals"], "the modal")[-1]["view"]
    text = all_text(modal)
    for word in ("评分", "账龄", "未清发票", "付款表现"):
        say(word in text, f"{word} in the details")
    say("/ledger?tab=" in text, "links to the ledger's rows")
    hand.act("close", person=LIN)
    return f"{len(modal['blocks'])} blocks: score, ageing, invoices, behaviour, links"


def share(hand: Hand) -> str:
    """The verdict for the channel, without figures."""
    card = hand.credit(LIN, EAST, "ACME")
    hand.act("click", person=LIN, channel=EAST, ts=card["ts"], action_id="lookup.share")
    shared = hand.wait(
        lambda: [one for one in hand.messages(WANG, EAST) if "C0001" in one["text"]], "the shared verdict"
    )[-1]
    say("万" not in shared["text"], "no figure in the channel")
    return line(shared)


def chat(hand: Hand) -> str:
    """A mention, a direct message, a message shortcut, Home."""
    hand.act("say", person=LIN, channel=EAST, text="<@U00DESK> C0013")
    hand.wait(
        lambda: [one for one in hand.messages(LIN, EAST) if "恒达" in one["text"] and one["ephemeral"]],
        "the answer to a mention",
    )
    direct = hand.seen(LIN)["dm"]
    hand.act("say", person=LIN, channel=direct, text="ACME")
    hand.wait(
        lambda: [one for one in hand.messages(LIN, direct) if "可以发货" in one["text"]],
        "the answer in the direct message",
    )
    spoken = hand.act("say", person=WANG, channel=EAST, text="无锡明川纺织那边今天能发吗?")["result"]
    hand.act("message_shortcut", person=LIN, channel=EAST, ts=spoken, callback_id="credit_lookup")
    hand.wait(
        lambda: [one for one in hand.messages(LIN, EAST) if "明川" in one["text"] and one["ephemeral"]],
        "the shortcut's answer",
    )
    hand.act("open_home", person=LIN)
    home = hand.wait(
        lambda: [view for view in [hand.seen(LIN)["home"]] if view and "艾克美" in all_text(view)],
        "Home with recent look-ups",
    )
    hand.act("click_view", person=LIN, surface="home", action_id="home.search", value="青禾")
    hand.wait(lambda: hand.seen(LIN)["modals"], "the search's answer")
    hand.act("close", person=LIN)
    return f"mention, direct message, shortcut, Home with {len(home[0]['blocks'])} blocks"


def hostile(hand: Hand) -> str:
    """Hostile input: nothing interpreted, a clear answer each time."""
    for text in (
        "<!channel>",
        '=IMPORTXML("http://x","//a")',
        "'; drop table rows; --",
        '"NEAR/2',
        "a" * 3000,
        "\u202eEMCA",
        "%%%",
    ):
        reply = hand.credit(LIN, EAST, text)
        say("<!channel>" not in all_text(reply), "never a broadcast")
        say(reply["text"], "an answer")
    empty = hand.credit(LIN, EAST, "")
    say("/credit" in all_text(empty), "help for nothing")
    return "seven hostile texts answered, help for an empty one"


def live_edit(hand: Hand) -> str:
    """Finance types a payment into the sheet: the next answer is green, and who waited is told."""
    card = hand.credit(LIN, EAST, "C0017")
    hand.act("click", person=LIN, channel=EAST, ts=card["ts"], action_id="lookup.notify")
    invoice = overdue_invoice(hand)
    say(hand.edit("应收", "发票号", invoice, "已收", 124000), "the cell was found")
    say(hand.edit("应收", "发票号", invoice, "结清日", "2026-01-01"), "the cell was found")
    direct = hand.seen(LIN)["dm"]
    freed = hand.wait(
        lambda: [one for one in hand.messages(LIN, direct) if "明川" in one["text"] and "🟢" in one["text"]],
        "the message that it is free",
        40,
    )[-1]
    after = hand.credit(LIN, EAST, "C0017")
    say("可以发货" in line(after), line(after))
    return f"{line(card)} → {line(after)}; told: {line(freed)[:40]}"


def overdue_invoice(hand: Hand) -> str:
    """The number of C0017's overdue invoice, as the details show it."""
    card = hand.credit(LIN, EAST, "C0017")
    hand.act("click", person=LIN, channel=EAST, ts=card["ts"], action_id="lookup.details")
    text = all_text(hand.wait(lambda: hand.seen(LIN)["modals"], "the modal")[-1]["view"])
    hand.act("close", person=LIN)
    start = text.index("INV-")
    return text[start : start + 9]


def guards(hand: Hand) -> str:
    """A tab is renamed by mistake: finance is told once, the card says so, and the copy answers on."""
    first = hand.wait(
        lambda: [one for one in hand.messages(HE, FINANCE) if "已审批" in one["text"]], "the baseline told to finance"
    )[0]
    hand.ledger(rename="应收", to="应收(旧)")
    told = hand.wait(
        lambda: [one for one in hand.messages(HE, FINANCE) if "副本" in one["text"]], "the warning to finance", 40
    )[-1]
    card = hand.credit(LIN, EAST, "ACME")
    say("可以发货" in line(card), "the last good copy answers")
    say("应收" in all_text(card) and "沿用上次" in all_text(card), "the card says that the tab is held back")
    hand.ledger(rename="应收(旧)", to="应收")
    hand.wait(
        lambda: [one for one in hand.messages(HE, FINANCE) if "恢复正常" in one["text"]],
        "finance hears that all is well",
        40,
    )
    say(sum("副本" in one["text"] for one in hand.messages(HE, FINANCE)) == 1, "told once")
    return f"{line(first)[:24]}… | {line(told)}"


def hand_edit(hand: Hand) -> str:
    """A limit changed by hand does not count: the card shows it as not approved."""
    before = hand.credit(LIN, EAST, "C0013")
    say(hand.edit("客户", "客户编号", "C0013", "授信额度", 9_900_000), "the cell was found")
    shown = hand.wait(lambda: _unapproved(hand), "the note on the hand edit", 40)
    say("990" not in line(shown), "the limit in force is the decided one")
    say(line(shown) == line(before), f"{line(before)} became {line(shown)}")
    return line(shown)


def _unapproved(hand: Hand) -> Any:
    card = hand.credit(LIN, EAST, "C0013")
    return card if "审批" in all_text(card) else None


TRIES = 4
"""How often the desk asks Google within one sync; one refusal more belongs to a later sync, so the first has failed."""


def away(hand: Hand) -> str:
    """Google fails until a sync has failed: answers go on from the copy; Slack drops the line: the desk comes back."""
    hand.fault(side="google", method="*", kind="503", times=500)
    refused = hand.wait(
        lambda: len(hand.state()["google_faults"]) > TRIES and hand.state()["google_faults"], "a failed sync", 60
    )
    card = hand.credit(LIN, EAST, "ACME")
    say("可以发货" in line(card), line(card))
    hand.fault(clear=True)
    asked = sum(hand.state()["google_counts"].values())
    hand.wait(lambda: sum(hand.state()["google_counts"].values()) > asked, "the desk to ask Google again", 60)
    opened = hand.state()["counts"]["apps.connections.open"]
    hand.fault(disconnect=True)
    hand.wait(
        lambda: hand.state()["counts"]["apps.connections.open"] > opened, "another connection to be asked for", 30
    )
    hand.wait(lambda: hand.state()["connections"], "a new connection", 30)
    again = hand.wait(lambda: _try(hand), "an answer over the new connection", 30)
    return f"Google refused {len(refused)} times, then {line(again)}"


def _try(hand: Hand) -> Any:
    try:
        return hand.credit(LIN, EAST, "ACME")
    except NotSeenError:
        return None


CHAPTER = (
    "1. The desk answers",
    (
        ("a salesperson types /credit ACME", acme),
        ("an English reader; another department's customer shows the grade only", english),
        ("a guest and an outsider get nothing", outsiders),
        ("paused for 37 days, stopped for 75", overdue),
        ("blacklist, prepay, over the limit, hold, faulty rows", stories),
        ("likenesses and typos ask, a click answers", likeness),
        ("details behind the verdict", details),
        ("the verdict shared without figures", share),
        ("mention, direct message, message shortcut, Home", chat),
        ("hostile texts", hostile),
        ("a payment typed into the sheet frees the customer", live_edit),
        ("a limit changed by hand does not count", hand_edit),
        ("a renamed tab: the last good copy answers, finance is told", guards),
        ("Google away, Slack reconnects", away),
    ),
)
