"""Deliveries through a real client into the sandbox: the workspace's own state says what arrived, and how often."""

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows.announce import tell_finance
from flows.deliver import HANDLERS, LEASE_SECONDS, deliver_next
from flows.outgoing import Attempt, Sent, StoppedError
from flows.reconcile import Reconciler
from flows.roster import Roster
from flows.sync import sync
from sandbox.faults import AFTER, BEFORE
from tests.faults.outside import Sheet
from tests.flows.office import EAST, FINANCE, GENERAL, Office, office

APPLIED = ("lost", "truncated", "cut", "reset")
WANG, LIN = "U02WANG", "U01LIN"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as opened:
        yield opened


def test_a_card_is_posted_to_its_audience_and_changed_where_it_hangs(desk: Office) -> None:
    about = desk.file()
    first = desk.send("card", about, audience="wang")
    desk.run()
    (card,) = desk.posted(desk.dm(WANG))
    assert card.text == "card CR-2026-0001 v1 wang zh-CN"
    assert card.metadata == {"event_type": "credit_desk_out", "event_payload": {"k": first, "v": 1}}
    desk.change(about, state="rejected", at=())
    desk.send("card", about, audience="wang")
    desk.run()
    (changed,) = desk.posted(desk.dm(WANG))
    assert (changed.ts, changed.text) == (card.ts, "card CR-2026-0001 v2 wang zh-CN")
    assert changed.metadata == card.metadata
    (kept,) = desk.record.cards("CR-2026-0001")
    assert (kept.channel, kept.ts, kept.shape, kept.audience) == (desk.dm(WANG), card.ts, "closed", "wang")


def test_channels_threads_and_direct_messages_speak_the_language_of_their_reader(desk: Office) -> None:
    about = desk.file()
    desk.send("card", about, audience=f"channel:{EAST}")
    desk.send("card", about, audience="applicant")
    desk.send("thread", about, audience=f"channel:{EAST}", what="question")
    desk.send("thread", about, audience="applicant", what="returned")
    desk.send("tell", about, person="smith", what="approved")
    desk.run()
    card, reply = desk.posted(EAST)
    assert (card.text, reply.text) == ("card CR-2026-0001 v1 channel:C03EAST en", "thread CR-2026-0001 question en")
    assert reply.thread_ts == card.ts
    mine, under = desk.posted(desk.dm(LIN))
    assert under.thread_ts == mine.ts
    assert desk.texts_in(desk.dm("U03SMITH")) == ["tell CR-2026-0001 approved en"]


@pytest.mark.parametrize(
    "kind", [*sorted(AFTER | BEFORE - {"403"}), "error:internal_error", "error:ratelimited", "error:fatal_error"]
)
@pytest.mark.parametrize("times", [1, 3])
def test_whatever_happens_to_a_post_it_arrives_once(desk: Office, kind: str, times: int) -> None:
    about = desk.file()
    sent = desk.send("tell", about, person="wang", what="x")
    desk.fail("chat.postMessage", kind, times, seconds=3.0)
    desk.run()
    assert desk.texts_in(desk.dm(WANG)) == ["tell CR-2026-0001 x zh-CN"]
    assert desk.item(sent).state == "done"
    assert desk.posted(desk.dm(WANG))[0].ts == desk.item(sent).result["ts"]


@pytest.mark.parametrize("kind", ["stall", "error:internal_error", "503", "html"])
def test_a_fault_after_the_message_stands_there_is_read_back(desk: Office, kind: str) -> None:
    sent = desk.send("tell", desk.file(), person="wang", what="x")
    desk.fail("chat.postMessage", kind, 1, seconds=3.0, applies=True)
    desk.run()
    assert len(desk.posted(desk.dm(WANG))) == desk.calls("chat.postMessage") == 1
    assert (desk.item(sent).state, desk.item(sent).why) == ("done", "read_back")


@pytest.mark.parametrize(
    "method",
    [
        "conversations.open",
        "users.info",
        "auth.test",
        "conversations.info",
        "conversations.history",
        "conversations.replies",
    ],
)
@pytest.mark.parametrize("kind", ["reset", "503", "429", "truncated", "error:internal_error", "error:invalid_auth"])
def test_a_question_that_gets_no_answer_is_asked_again_and_nothing_is_lost(
    desk: Office, method: str, kind: str
) -> None:
    about = desk.file()
    desk.send("card", about, audience=f"channel:{EAST}")
    desk.send("thread", about, audience=f"channel:{EAST}", what="x")
    desk.send("tell", about, person="wang", what="x")
    desk.fail("chat.postMessage", "reset", 3)
    desk.fail(method, kind, 2)
    desk.run()
    assert (len(desk.posted(EAST)), len(desk.posted(desk.dm(WANG)))) == (2, 1)
    assert desk.record.unfinished() == []


@pytest.mark.parametrize("kind", ["lost", "reset", "503", "429", "stall", "truncated"])
def test_a_change_that_may_have_arrived_is_made_again(desk: Office, kind: str) -> None:
    about = desk.file()
    desk.send("card", about, audience="wang")
    desk.run()
    desk.change(about)
    desk.fail("chat.update", kind, 2, seconds=3.0)
    desk.send("card", about, audience="wang")
    desk.run()
    assert desk.texts_in(desk.dm(WANG)) == ["card CR-2026-0001 v2 wang zh-CN"]


@pytest.mark.parametrize("fault", [None, "reset", "503", "stall"])
def test_a_card_that_somebody_deleted_hangs_again_once(desk: Office, fault: str | None) -> None:
    about = desk.file()
    desk.send("card", about, audience="wang")
    desk.run()
    desk.slack.workspace.messages[desk.dm(WANG)].clear()
    desk.change(about)
    if fault:
        desk.fail("chat.postMessage", fault, 1, seconds=3.0)
    desk.send("card", about, audience="wang")
    desk.send("card", about, audience="wang")
    desk.run()
    (again,) = desk.posted(desk.dm(WANG))
    assert again.text.startswith("card CR-2026-0001 v2")
    assert desk.record.cards("CR-2026-0001")[0].ts == again.ts


def test_a_reply_whose_card_was_deleted_stands_alone(desk: Office) -> None:
    about = desk.file()
    desk.send("card", about, audience="wang")
    desk.run()
    desk.slack.workspace.messages[desk.dm(WANG)].clear()
    desk.fail("chat.postMessage", "reset", 2)
    desk.send("thread", about, audience="wang", what="x")
    desk.run()
    assert desk.texts_in(desk.dm(WANG)) == ["thread CR-2026-0001 x zh-CN"]


def test_a_reply_waits_for_a_card_that_is_still_on_its_way(desk: Office) -> None:
    about = desk.file()
    with desk.record.begin() as writing:
        ids = {"request_no": about.request_no, "audience": "applicant"}
        writing.enqueue("thread", "told", {**ids, "what": "x"})
        writing.enqueue("card", "card", ids)
    desk.fail("chat.postMessage", "429", 1, retry_after=7)
    desk.run()
    card, reply = desk.posted(desk.dm(LIN))
    assert (card.text, reply.thread_ts) == ("card CR-2026-0001 v1 applicant zh-CN", card.ts)


# -- who may get what ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("archived", "channel_archived"),
        ("shared", "channel_shared"),
        ("public", "channel_public"),
        ("left", "channel_not_found"),
    ],
)
def test_a_channel_that_others_read_or_nobody_may_write_to_gets_nothing(desk: Office, where: str, why: str) -> None:
    workspace = desk.slack.workspace
    about = desk.file()
    desk.send("card", about, audience=f"channel:{EAST}")
    desk.run()
    spoil: dict[str, Any] = {
        "archived": lambda: workspace.archived.add(EAST), "shared": lambda: workspace.shared.add(EAST),
        "public": lambda: workspace.private.discard(EAST), "left": lambda: workspace.members[EAST].discard("U00DESK"),
    }  # fmt: skip
    spoil[where]()
    desk.change(about)
    new = [
        desk.send("card", about, audience=f"channel:{EAST}"),
        desk.send("thread", about, audience=f"channel:{EAST}", what="x"),
    ]
    desk.send("tell", about, person="wang", what="x")
    desk.run()
    assert desk.texts_in(EAST) == ["card CR-2026-0001 v1 channel:C03EAST en"]
    assert [(item.id, item.why) for item in desk.record.parked()] == [(one, why) for one in new]
    assert len(desk.posted(desk.dm(WANG))) == 1


def test_a_public_channel_gets_figures_only_where_the_file_says_so(desk: Office) -> None:
    about = desk.file()
    item = desk.send("card", about, audience=f"channel:{GENERAL}")
    desk.run()
    assert (desk.item(item).why, desk.posted(GENERAL)) == ("channel_public", [])


@pytest.mark.parametrize("account", ["U11GUEST", "U12CONN"])
def test_a_guest_or_a_stranger_gets_no_message(desk: Office, account: str) -> None:
    item = desk.send("tell", desk.file(applicant_account=account), person="lin", what="x")
    desk.run()
    assert (desk.item(item).state, desk.item(item).why) == ("parked", "outsider")
    assert desk.posted(desk.dm(account)) == []


def test_a_card_of_somebody_without_an_account_any_more_is_taken_away(desk: Office) -> None:
    about = desk.file(applicant_account="U03SMITH")
    desk.send("card", about, audience="wang")
    desk.run()
    left = tuple(person for person in desk.desk.people.people if person.id != "wang")
    desk.desk = replace(desk.desk, roster=Roster(desk.desk.people.model_copy(update={"people": left})))
    desk.send("card", about, audience="wang")
    unknown = desk.send("tell", about, person="wang", what="x")
    desk.run()
    assert desk.posted(desk.dm(WANG)) == []
    assert desk.item(unknown).why == "no_account"
    assert desk.record.cards("CR-2026-0001")[0].ts == ""


def test_a_card_that_is_not_to_be_shown_any_more_is_taken_away(desk: Office) -> None:
    about = desk.file()
    desk.send("card", about, audience="wang")
    desk.run()
    desk.texts.silent.add("wang")
    desk.send("card", about, audience="wang")
    desk.send("card", about, audience="wang")
    desk.run()
    assert desk.posted(desk.dm(WANG)) == []


def test_what_cannot_be_delivered_is_parked_with_its_reason_and_the_rest_flows(desk: Office) -> None:
    about = desk.file()
    ghost = desk.send("tell", about, person="nobody", what="x")
    with desk.record.begin() as writing:
        lost = writing.enqueue("card", "CR-1", {"request_no": "CR-1", "audience": "wang"})
        odd = writing.enqueue("parcel", "CR-1", {})
    desk.send("tell", about, person="wang", what="x")
    desk.run()
    assert {item.id: item.why for item in desk.record.parked()} == {
        ghost: "no_account",
        lost: "request_unknown",
        odd: "kind_unknown",
    }
    assert len(desk.posted(desk.dm(WANG))) == 1


@pytest.mark.parametrize(("minutes", "linked"), [(1, True), (6, False)])
def test_a_decision_waits_a_few_minutes_for_the_link_to_its_card_and_no_longer(
    desk: Office, minutes: int, linked: bool
) -> None:
    about = desk.file()
    desk.send("card", about, audience="applicant")
    desk.run()
    desk.change(about, state="rejected", at=())
    sheet = Sheet()
    ports = replace(desk.ports, ledger=sheet)
    desk.fail("chat.getPermalink", "503", 1 if linked else 100)
    desk.send("ledger", about, mark_no=1)
    assert deliver_next(desk.desk, ports, "a")
    assert sheet.jobs == {}
    desk.slack.forward(60 * minutes)
    assert deliver_next(desk.desk, ports, "a")
    (job,) = sheet.jobs.values()
    assert ("/archives/" in str(job.rows[0].values["reason"])) is linked


# -- crashes, leases, doubles --------------------------------------------------------------------------------------


def test_a_desk_killed_after_sending_finds_its_message_again(desk: Office) -> None:
    sent = desk.send("tell", desk.file(), person="wang", what="x")
    item = desk.record.claim("dead", LEASE_SECONDS)
    assert item is not None
    HANDLERS["tell"](Attempt(desk.desk, desk.ports, item, desk.slack.clock() + 24))
    assert not desk.one()
    desk.slack.forward(LEASE_SECONDS + 1)
    desk.run()
    assert len(desk.posted(desk.dm(WANG))) == desk.calls("chat.postMessage") == 1
    assert desk.item(sent).why == "read_back"


def test_a_desk_killed_before_sending_loses_nothing(desk: Office) -> None:
    desk.send("tell", desk.file(), person="wang", what="x")
    assert desk.record.claim("dead", LEASE_SECONDS) is not None
    desk.slack.forward(LEASE_SECONDS + 1)
    desk.run()
    assert len(desk.posted(desk.dm(WANG))) == 1


def test_a_fault_of_our_own_is_looked_into_before_it_is_tried_again(desk: Office) -> None:
    sent = desk.send("tell", desk.file(), person="wang", what="x")

    def trips(attempt: Attempt) -> Any:
        HANDLERS["tell"](attempt)
        raise ZeroDivisionError

    deliver_next(desk.desk, desk.ports, "a", {"tell": trips})
    assert (desk.item(sent).state, desk.item(sent).why) == ("waiting", "ZeroDivisionError")
    desk.run()
    assert len(desk.posted(desk.dm(WANG))) == 1


class Slow:
    """A door behind which time passes: before each post `seconds`, in which somebody else may act."""

    def __init__(self, office: Office, seconds: float) -> None:
        self._office, self._inner, self._seconds = office, office.door, seconds
        self.before_open = 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def open_dm(self, account: str) -> str:
        self._office.slack.forward(self.before_open)
        return self._inner.open_dm(account)

    def post(self, *given: Any) -> Sent:
        self._office.door = self._inner
        self._office.slack.forward(self._seconds)
        self._office.one("b")
        return self._inner.post(*given)


def test_whoever_comes_late_does_not_send(desk: Office) -> None:
    desk.send("tell", desk.file(), person="wang", what="x")
    slow = Slow(desk, 0)
    slow.before_open, desk.door = LEASE_SECONDS * 0.4 + 1, slow
    assert desk.one()
    assert desk.posted(desk.dm(WANG)) == []
    slow.before_open = 0
    desk.run()
    assert len(desk.posted(desk.dm(WANG))) == 1


def test_a_stall_longer_than_the_lease_makes_a_double_that_the_reconciler_deletes(desk: Office) -> None:
    about = desk.file()
    desk.send("card", about, audience="wang")
    desk.door = Slow(desk, LEASE_SECONDS + 1)
    assert desk.one("a")
    first, late = desk.posted(desk.dm(WANG))
    assert desk.record.cards("CR-2026-0001")[0].ts == first.ts
    done = Reconciler().round(desk.desk, desk.door)
    assert (done.places, done.doubles, done.again) == (1, 1, 0)
    assert [one.ts for one in desk.posted(desk.dm(WANG))] == [first.ts]
    (entry,) = [one for one in desk.record.audit_entries() if one.act == "double_deleted"]
    assert entry.request_no == "CR-2026-0001"
    assert late.ts in entry.facts
    assert desk.record.verify_audit() == []


def test_the_reconciler_sends_again_what_is_gone_once_and_only_when_it_saw_everything(desk: Office) -> None:
    about = desk.file()
    desk.send("card", about, audience=f"channel:{EAST}")
    item = desk.send("thread", about, audience=f"channel:{EAST}", what="x")
    desk.run()
    look = Reconciler()
    messages = desk.slack.workspace.messages[EAST]
    messages.remove(messages[1])
    assert look.round(desk.desk, desk.door).again == 0  # too young: it may not have reached where it is read from
    desk.slack.forward(200)
    desk.fail("conversations.replies", "503", 1)
    assert look.round(desk.desk, desk.door).again == 0
    desk.slack.forward(200)
    assert look.round(desk.desk, desk.door).again == desk.nudges == 1
    desk.run()
    assert desk.texts_in(EAST)[1] == "thread CR-2026-0001 x en"
    messages.remove(messages[1])
    desk.slack.forward(4000)
    assert look.round(desk.desk, desk.door).again == 0  # deleted twice is meant
    assert desk.item(item).state == "done"
    assert [entry.act for entry in desk.record.audit_entries()].count("delivered_again") == 1


def test_the_reconciler_looks_often_at_what_is_young_and_seldom_at_the_rest(desk: Office) -> None:
    desk.send("tell", desk.file(), person="wang", what="x")
    desk.run()
    look, seen = Reconciler(), []
    for _ in range(60):
        seen.append(look.round(desk.desk, desk.door).places)
        desk.slack.forward(60)
    assert seen[0] == 1
    assert 4 <= sum(seen[:15]) <= 6
    assert sum(seen[20:]) <= 1


def test_an_item_in_doubt_for_a_day_is_left_to_a_person(desk: Office) -> None:
    item = desk.send("tell", desk.file(), person="wang", what="x")
    desk.fail("chat.postMessage", "reset", 1)
    assert desk.one()
    desk.slack.workspace.messages[desk.dm(WANG)].clear()
    desk.slack.forward(90_000)
    desk.run()
    assert (desk.item(item).state, desk.item(item).why, desk.posted(desk.dm(WANG))) == (
        "parked",
        "in_doubt_for_a_day",
        [],
    )


# -- limits --------------------------------------------------------------------------------------------------------


def test_a_busy_channel_waits_as_long_as_it_is_told_and_the_others_flow(desk: Office) -> None:
    first, second = desk.file(1), desk.file(2)
    for about in (first, second):
        desk.send("card", about, audience=f"channel:{EAST}")
        desk.send("tell", about, person="wang", what="x")
    third = desk.file(3)
    desk.send("tell", third, person="wang", what="x")
    desk.fail("chat.postMessage", "429", 1, retry_after=30)
    while desk.one():
        pass
    assert desk.texts_in(EAST) == []
    assert desk.texts_in(desk.dm(WANG)) == ["tell CR-2026-0003 x zh-CN"]
    assert desk.calls("chat.postMessage") == 1  # the 429 itself never reached the workspace
    desk.slack.forward(29)
    assert not desk.one()
    desk.slack.forward(2)
    desk.run()
    assert (len(desk.posted(EAST)), len(desk.posted(desk.dm(WANG)))) == (2, 3)


def test_a_revoked_token_keeps_the_outbox_and_costs_one_call_in_half_a_minute(desk: Office) -> None:
    items = [desk.send("tell", desk.file(number), person="wang", what="x") for number in range(1, 6)]
    right, desk.slack.workspace.secrets.bot_token = desk.slack.workspace.secrets.bot_token, "xoxb-other"
    for _ in range(20):
        while desk.one():
            pass
        desk.slack.forward(10)
    assert desk.record.parked() == []
    assert len(desk.slack.workspace.calls) <= 8
    desk.slack.workspace.secrets.bot_token = right
    desk.run()
    assert len(desk.posted(desk.dm(WANG))) == len(items)


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_lost_and_nothing_comes_twice_under_random_faults(desk: Office, seed: int) -> None:
    dice = random.Random(seed)
    kinds = [*APPLIED, "429", "500", "503", "html", "error:internal_error", "error:ratelimited"]
    methods = ["chat.postMessage"] * 4 + [
        "chat.update",
        "conversations.history",
        "conversations.replies",
        "conversations.open",
        "users.info",
    ]
    requests = [desk.file(number) for number in range(1, 6)]
    for about in requests:
        desk.send("card", about, audience="wang")
        desk.send("card", about, audience=f"channel:{EAST}")
        desk.send("thread", about, audience=f"channel:{EAST}", what="a")
        desk.change(about)
        desk.send("card", about, audience="wang")
        desk.send("tell", about, person="lin", what="b")
    for _ in range(14):
        desk.fail(dice.choice(methods), dice.choice(kinds), dice.randint(1, 2))
    for _ in range(dice.randint(0, 3)):  # a desk that dies with a claim in its hand
        item = desk.record.claim("dead", LEASE_SECONDS)
        if item is not None and dice.random() < 0.5:
            with suppress(StoppedError):
                HANDLERS[item.kind](Attempt(desk.desk, desk.ports, item, desk.slack.clock() + 24))
    desk.run(2000)
    assert desk.record.unfinished() == []
    names = [about.request_no for about in requests]
    assert sorted(desk.texts_in(desk.dm(WANG))) == [f"card {name} v2 wang zh-CN" for name in names]
    assert sorted(desk.texts_in(desk.dm(LIN))) == [f"tell {name} b zh-CN" for name in names]
    cards = {one.ts: one.text for one in desk.posted(EAST) if one.thread_ts is None}
    replies = [(one.text, cards[str(one.thread_ts)]) for one in desk.posted(EAST) if one.thread_ts]
    assert sorted(replies) == [(f"thread {name} a en", f"card {name} v2 channel:{EAST} en") for name in names]
    assert len(cards) == len(names)
    assert desk.posted(FINANCE) == []
    assert Reconciler().round(desk.desk, desk.door).doubles == 0


def test_finance_hears_once_of_what_was_given_up(desk: Office) -> None:
    sync(desk.desk)
    said: list[str] = []

    def post(_channel: str, message: Any) -> bool:
        said.append(message["text"])
        return True

    def told() -> list[str]:
        said.clear()
        tell_finance(desk.desk, post)
        return list(said)

    told()
    about = desk.file()
    first = desk.send("tell", about, person="nobody", what="x")
    desk.run()
    assert [text.partition("。")[0] for text in told()] == ["有 1 条消息或台账记录没能送出"]
    assert told() == []
    desk.send("tell", about, person="nobody", what="y")
    desk.run()
    assert "有 1 条" in told()[0]
    assert desk.record.retry(first)
    assert told() == []
    desk.run()
    assert "有 1 条" in told()[0]
