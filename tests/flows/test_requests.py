"""Open an account: filed, vouched for, signed up the ladder, decided, taken back; and who is told no."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from approvals.application_draft import Filled, application_of
from approvals.channels import Channel, Channels
from approvals.people import Grant, Person
from approvals.steps import Signature, Step
from approvals.terms import Terms
from flows.access import reader_of
from flows.apply import view_of
from flows.decide import Click, decide, may_know
from flows.drafts import filled_in, from_request
from flows.ledger_entry import entry_of
from flows.queue import home_requests, queue_of
from flows.remind import keep_deadlines
from flows.request_texts import CardTexts
from flows.request_view import Seat, sheet_of
from flows.routing import asked_in_group, record_of
from flows.submit import submit
from scoring.money import round_cents
from storage.record.transactions import Begun
from tests.flows.requests import NOON, WHOLE, Office, office
from texts.application_errors import refusal_text
from texts.request_refusal import refusal_sentence

LADDER = (("xu", "vouch"), ("wang", "recommend"), ("he", "approve"), ("ma", "approve"), ("zhao", "recommend"))


@pytest.fixture
def hall(tmp_path: Path) -> Office:
    return office(tmp_path)


def up_to(hall: Office, last: str = "zhao") -> str:
    """A request signed by everybody up to and including one of the ladder; its number."""
    number = hall.filed().request_no
    for person, act in LADDER:
        hall.does(person, number, act)  # type: ignore[arg-type]
        if person == last:
            break
    return number


def kinds(hall: Office) -> list[tuple[str, str]]:
    """What waits in the outbox, claimed one after the other as if time did not matter."""
    hall.clock.forward(minutes=2)
    found = []
    while (item := record_of(hall.desk).claim("test", 60)) is not None:
        found.append((item.kind, str(item.payload.get("audience", ""))))
        record_of(hall.desk).finish(item, "test", outcome="done")
    return found


def test_a_filed_application_waits_for_the_customer_administrator(hall: Office) -> None:
    request = hall.filed()
    assert (request.request_no, request.state, request.version) == ("CR-2026-0001", "pending", 1)
    assert [(step.kind, step.role, step.decides) for step in request.steps] == [
        ("vouch", "customer_admin", False), ("post", "sales_manager", False), ("cosign", "finance", False),
        ("cosign", "risk", False), ("post", "dept_deputy_gm", False), ("post", "dept_gm", True),
    ]  # fmt: skip
    assert (request.at, request.grade, request.reasons_higher) == ((0,), "C", ("grade_c",))
    assert set(kinds(hall)) == {("card", "applicant"), ("card", "xu")}
    assert record_of(hall.desk).drafts("lin") == []


def test_from_the_form_to_the_decision_everything_follows_once(hall: Office) -> None:
    number = up_to(hall)
    kinds(hall)
    done = hall.does("chen", number, "approve")
    assert (done.state, done.decided, done.at) == ("approved", done.proposed, ())
    assert record_of(hall.desk).claim("test", 60) is not None
    told = kinds(hall)
    assert told.count(("ledger", "")) == 1
    assert told.count(("thread", "applicant")) == 1
    assert record_of(hall.desk).verify_audit() == []
    acts = [entry.act for entry in record_of(hall.desk).audit_entries()]
    assert acts[1:] == ["file", "vouch", "recommend", "approve", "approve", "recommend", "approve"]


def test_nothing_goes_out_before_the_sixty_seconds_are_over_and_nothing_after_it_was_taken_back(hall: Office) -> None:
    number = up_to(hall)
    kinds(hall)
    hall.does("chen", number, "approve")
    back = hall.does("chen", number, "take_back")
    assert (back.state, back.decided, back.at) == ("pending", None, (5,))
    assert ("ledger", "") not in kinds(hall)
    hall.does("chen", number, "approve")
    hall.clock.forward(seconds=61)
    assert hall.refused("chen", number, "take_back").code == "undo_too_late"
    assert hall.now(number).state == "approved"


@pytest.mark.parametrize(("person", "act", "code"), [
    ("zhao", "approve", "not_your_turn"), ("lin", "approve", "own_request"), ("smith", "approve", "request_unknown"),
    ("xu", "approve", "vouch_only"), ("xu", "reject", "vouch_only"), ("wang", "withdraw", "not_the_applicant"),
    ("sun", "vouch", "not_your_turn"),
])  # fmt: skip
def test_whoever_may_not_is_told_why_and_nothing_is_recorded_but_that(
    hall: Office, person: str, act: str, code: str
) -> None:
    number = hall.filed().request_no
    before = hall.now(number)
    assert hall.refused(person, number, act, reason="x").code == code  # type: ignore[arg-type]
    assert hall.now(number) == before
    last = list(record_of(hall.desk).audit_entries())[-1]
    assert last.act == ("file" if code == "request_unknown" else "refused")


def test_nobody_signs_twice_and_a_late_click_hears_who_was_faster(hall: Office) -> None:
    number = up_to(hall, "wang")
    assert hall.refused("wang", number, "approve").code == "already_signed"
    seen = hall.now(number).version
    hall.does("he", number, "approve")
    assert hall.does("ma", number, "approve", version=seen).at == (4,), "a co-signer beside him does not make it stale"
    assert hall.refused("zhao", number, "recommend", version=seen - 1).code == "request_moved"
    hall.does("zhao", number, "reject", reason="风险过高")
    late = hall.refused("chen", number, "approve", version=seen)
    assert (late.code, late.facts["person"], late.facts["state"]) == ("request_over", "赵敏", "rejected")


def test_the_same_click_twice_is_done_once(hall: Office) -> None:
    number = hall.filed().request_no
    hall.does("xu", number, "vouch", event_key="once")
    again = hall.click("wang", number, "recommend", event_key="once")
    assert (again.done, again.refusal and again.refusal.code) == (False, "click_again")
    assert hall.now(number).version == 2


def test_returned_changed_and_resubmitted_voids_the_signatures(hall: Office) -> None:
    number = up_to(hall, "wang")
    assert hall.refused("he", number, "return").code == "reason_missing"
    assert hall.does("he", number, "return", reason="缺少担保").state == "returned"
    assert hall.refused("ma", number, "approve").code == "request_returned"
    again = hall.submit(request_no=number, asked_limit="40万")
    assert again.refusal is None
    request = hall.now(number)
    assert (request.state, request.round, request.at, request.asked.limit) == ("pending", 2, (0,), Decimal(400_000))
    hall.does("xu", number, "vouch")
    assert hall.now(number).at == (1,)


def test_what_got_worse_since_filing_has_to_be_confirmed(hall: Office) -> None:
    number = hall.filed().request_no
    hall.does("xu", number, "vouch")
    hall.desk = replace(hall.desk, day=hall.desk.today() + timedelta(days=600))
    found = hall.click("wang", number, "recommend")
    assert not found.done
    assert "veto_worse" in {one.code for one in found.worse}
    confirmed = tuple(one.code for one in found.worse)
    beyond = hall.refused("wang", number, "recommend", confirmed=confirmed)
    assert (beyond.code, beyond.facts["bound"]) == ("above_grade_limit", 500_000)  # what V8 leaves today
    less = Terms(limit=Decimal(500_000), payment_days=30, currency="CNY", deposit_pct=Decimal(30))
    signed = hall.does("wang", number, "recommend", confirmed=confirmed, terms=less)
    assert signed.signatures[-1].confirmed == confirmed


def test_a_veto_bounds_every_signature_and_the_branch_stays_with_the_request(hall: Office) -> None:
    old = {"statement.1.period_end": "2025-03-31", "statement.2.period_end": "2024-03-31"}
    request = hall.filed(branch="宁波", asked_limit="50万", **old)
    assert (request.cap_base, request.branch) == (Decimal(500_000), "宁波")
    hall.does("xu", request.request_no, "vouch")
    more = Terms(limit=Decimal(500_001), payment_days=30, currency="CNY")
    refusal = hall.refused("wang", request.request_no, "recommend", terms=more, reason="老客户介绍")
    assert (refusal.code, refusal.facts["bound"]) == ("above_grade_limit", 500_000)


def test_what_the_group_asked_for_counts_until_the_policy_s_days_after_its_decision(hall: Office) -> None:
    other = {"name": "宁波远洋树脂有限公司", "uscc": "91441672MA220CHX99"}
    first = hall.filed(parent_id="G9")
    assert first.group_base == 0
    hall.clock.forward(days=3)
    view = hall.desk.latest.view
    assert view is not None
    hall.desk.latest.view = replace(view, synced_at=hall.clock.now)
    for person, act in (*LADDER, ("chen", "approve")):
        hall.does(person, first.request_no, act)  # type: ignore[arg-type]
    for later, counted in ((29, 600_000), (2, 0)):
        hall.clock.forward(days=later)
        form = application_of(Filled(typed={**WHOLE, **other, "parent_id": "G9"}), today=hall.desk.today())
        assert asked_in_group(hall.desk, form) == counted


def test_whoever_sees_the_department_may_know_of_the_request_by_a_grant_too(hall: Office) -> None:
    request = hall.filed()
    guest = Person(id="gao", name="高", roles=(), grants=(Grant(role="sales_manager", departments=("华东",)),))
    assert may_know(request, guest)
    assert not may_know(request, Person(id="gao", name="高", roles=("sales",), departments=("华南",)))


def test_the_ledger_is_told_the_policy_of_the_day_of_the_decision(hall: Office) -> None:
    number = up_to(hall)
    hall.does("chen", number, "approve")
    decided = hall.desk.policy.fingerprint
    hall.desk = replace(hall.desk, policy=hall.desk.policy.model_copy(update={"fingerprint": "another"}))
    filed = record_of(hall.desk).request(number)
    assert filed is not None
    (entry,) = (row for row in entry_of(hall.desk, filed, mark="m", mark_no=1).rows if row.tab == "decisions")
    assert entry.values["policy"] == decided != hall.desk.policy.fingerprint


def test_a_channel_that_decides_in_common_gets_each_change_of_the_card(hall: Office) -> None:
    shared = Channels(decisions={"华东": Channel(channel="C07BOARD"), "*": Channel(channel="C08REST")})
    hall.desk = replace(hall.desk, channels=shared)
    number = hall.filed().request_no
    assert ("card", "channel:C07BOARD") in kinds(hall)
    hall.does("xu", number, "vouch")
    assert ("card", "channel:C07BOARD") in kinds(hall)
    assert (shared.decided_in("海外"), shared.by_id["C08REST"].lang) == ("C08REST", "zh-CN")


def test_the_audit_says_what_counts_whichever_button_a_co_signer_pressed(hall: Office) -> None:
    number = up_to(hall, "wang")
    hall.does("he", number, "recommend")
    assert [one.act for one in record_of(hall.desk).audit_entries() if one.request_no == number][-1] == "approve"


def test_old_figures_decide_nothing_and_a_refusal_needs_none(hall: Office) -> None:
    number = up_to(hall, "xu")
    view = hall.desk.latest.view
    assert view is not None
    hall.desk.latest.view = replace(view, synced_at=NOON - timedelta(minutes=11))
    assert hall.refused("wang", number, "recommend").code == "figures_old"
    assert hall.does("wang", number, "return", reason="请补资料").state == "returned"


def test_other_values_stay_within_reason_grade_and_authority(hall: Office) -> None:
    number = up_to(hall)

    def terms(limit: int, days: int = 30) -> Terms:
        return Terms(limit=Decimal(limit), payment_days=days, currency="CNY")

    assert hall.refused("chen", number, "approve", terms=terms(700_000)).code == "above_proposal_needs_reason"
    assert hall.refused("chen", number, "approve", terms=terms(1_000_001), reason="x").code == "above_grade_limit"
    assert hall.refused("chen", number, "approve", terms=terms(500_000, 31), reason="x").code == "above_grade_days"
    assert hall.refused("chen", number, "approve", terms=terms(1_000_000), reason="集团客户").code == "above_cosigned"
    assert hall.does("chen", number, "approve", terms=terms(500_000), reason="无需保证金").decided == terms(500_000)


@pytest.mark.parametrize(("typed", "code"), [
    ({"asked_limit": "600万"}, "above_policy_amount"), ({"asked_days": "91"}, "above_policy_days"),
    ({"uscc_verified": "no"}, "v11_uncleared"), ({"asked_limit": "1e9"}, "form_incomplete"),
    ({"name": "艾克美贸易(上海)有限公司"}, "clash_stops"),
])  # fmt: skip
def test_what_cannot_be_routed_is_not_filed_and_the_draft_stays(hall: Office, typed: dict[str, str], code: str) -> None:
    done = hall.submit(**typed)
    assert done.refusal is not None
    assert (done.request, done.refusal.code) == (None, code)
    assert record_of(hall.desk).requests() == []
    assert len(record_of(hall.desk).drafts("lin")) == 1


def test_vacant_posts_pass_upward_and_are_named(hall: Office) -> None:
    steps = hall.filed(department="西南").steps
    assert [(step.role, step.passed_up) for step in steps if step.kind == "post"] == [
        ("responsible_vp", ("sales_manager", "dept_deputy_gm", "dept_gm"))
    ]


def test_payment_before_delivery_needs_no_line(hall: Office) -> None:
    request = hall.filed(payment_mode="prepay")
    assert [(step.kind, step.role, step.decides) for step in request.steps] == [
        ("vouch", "customer_admin", False), ("post", "sales_manager", True),
    ]  # fmt: skip
    hall.does("xu", request.request_no, "vouch")
    done = hall.does("wang", request.request_no, "approve")
    assert (done.state, done.decided and done.decided.limit, done.decided and done.decided.prepay) == (
        "approved",
        0,
        True,
    )


def test_somebody_else_s_draft_is_not_there(hall: Office) -> None:
    from flows.submit import submit

    draft = hall.fill_in("lin")
    done = submit(hall.desk, hall.reader("smith"), draft, "k")
    assert done.refusal is not None
    assert done.refusal.code == "draft_unknown"


def told(hall: Office) -> list[str]:
    """What the applicant is told, in the order in which it goes out."""
    hall.clock.forward(minutes=2)
    found = []
    while (item := record_of(hall.desk).claim("test", 60)) is not None:
        filed = record_of(hall.desk).request(str(item.payload["request_no"]))
        assert filed is not None
        if item.kind == "thread":
            message = CardTexts().thread(hall.desk, filed, "applicant", "zh-CN", item.payload)
            found += [] if message is None else [str(message["blocks"])]
        record_of(hall.desk).finish(item, "test", outcome="done")
    return found


def test_a_last_word_taken_back_is_never_heard_of_and_what_was_said_before_is_not_lost(hall: Office) -> None:
    number = up_to(hall)
    hall.does("chen", number, "reject", reason="先不做")
    hall.does("chen", number, "take_back")
    heard = told(hall)
    assert len(heard) == len(LADDER)
    assert not any("陈国华" in one and ("拒绝" in one or "收回" in one) for one in heard)


def test_a_step_taken_back_that_was_told_is_told_too(hall: Office) -> None:
    number = up_to(hall, "xu")
    hall.does("wang", number, "recommend")
    hall.does("wang", number, "take_back")
    assert any("收回" in one for one in told(hall))


def test_who_waits_hears_the_decision_and_not_the_last_co_signature(hall: Office) -> None:
    number = up_to(hall)
    hall.does("chen", number, "approve")
    filed = record_of(hall.desk).request(number)
    assert filed is not None
    request = filed.request
    beside = Step(kind="cosign", role="legal", people=("sun",))
    last = Signature(act="approve", person="sun", account="U10SUN", at=hall.clock.now, step=len(request.steps))
    filed = replace(
        filed, request=replace(request, steps=(*request.steps, beside), signatures=(*request.signatures, last))
    )
    hall.clock.forward(minutes=2)
    message = CardTexts().thread(
        hall.desk, filed, "applicant", "zh-CN", {"signature": len(filed.request.signatures) - 1}
    )
    assert message is not None
    assert "陈国华" in str(message["blocks"])
    assert "已批准" in str(message["blocks"])


def test_a_returned_request_that_lapses_blames_nobody_and_can_be_asked_for_again_as_it_was(hall: Office) -> None:
    number = hall.filed().request_no
    hall.does("xu", number, "return", reason="缺合同")
    hall.clock.forward(days=40)
    assert keep_deadlines(hall.desk)["expire"] == 1
    (*_, last) = told(hall)
    assert "没有人" not in last
    assert "可以再申请" in last
    filed = record_of(hall.desk).request(number)
    assert filed is not None
    assert "reopen" in sheet_of(hall.desk, filed, Seat(person=None, applicant=True)).buttons
    draft = filled_in(from_request(hall.desk, hall.reader("lin"), number))
    assert (draft.reopens, draft.request_no, draft.typed["name"]) == (number, "", filed.request.name)


def test_what_was_begun_while_it_was_returned_asks_anew_once_it_has_lapsed(hall: Office) -> None:
    number = hall.filed().request_no
    hall.does("xu", number, "return", reason="缺合同")
    begun = from_request(hall.desk, hall.reader("lin"), number)
    hall.clock.forward(days=20)
    assert keep_deadlines(hall.desk)["expire"] == 1
    again = from_request(hall.desk, hall.reader("lin"), number)
    assert again.id == begun.id
    hall.desk.latest.view = replace(view_of(hall.desk), synced_at=hall.clock.now)
    done = submit(hall.desk, hall.reader("lin"), again.id, "again")
    assert done.request is not None, done.refusal
    assert done.request.request_no != number


TEA = {"customer_id": "C0005", "name": "杭州青禾茶业有限公司", "uscc": ""}
"""In the ledger without a line: of 华东, looked after by 王强."""


def test_who_looks_after_a_known_customer_in_the_ledger_never_signs_whatever_the_form_says(hall: Office) -> None:
    request = hall.filed(**TEA, entity_type="foreign", sales_owner="林晓梅")
    assert request.sales_owner == "林晓梅; 王强"
    assert all("wang" not in step.people for step in request.steps)
    hall.does("xu", request.request_no, "vouch")
    assert hall.refused("wang", request.request_no, "recommend").code == "sales_owner"


def test_a_known_customer_is_decided_where_the_ledger_has_him(hall: Office) -> None:
    request = hall.filed(**TEA, entity_type="foreign", department="海外", branch="成都")
    assert (request.department, request.branch) == ("华东", "")
    assert request.customer_id == "C0005"


def test_a_line_is_asked_for_in_the_currency_that_the_ledger_keeps(hall: Office) -> None:
    done = hall.submit(**TEA, entity_type="foreign", currency="USD", asked_limit="5万", planned_monthly_sales="10万")
    assert done.refusal is not None
    assert (done.refusal.code, done.refusal.facts["found"]) == ("currency_other", "CNY")


def test_a_resubmission_may_be_about_a_known_customer_with_another_owner(hall: Office) -> None:
    number = hall.filed().request_no
    hall.does("xu", number, "return", reason="已有客户")
    again = hall.submit(request_no=number, sales_owner="王强", **TEA, entity_type="foreign").request
    assert again is not None
    assert (again.customer_id, again.sales_owner) == ("C0005", "王强")
    hall.does("xu", number, "return", reason="不是同一家")
    third = hall.submit(request_no=number).request
    assert third is not None
    assert third.customer_id not in {*hall.desk.mirror.customer_ids(), ""}
    assert third.sales_owner == "林晓梅"


def test_of_two_who_file_the_same_company_in_the_same_instant_one_is_told_of_the_other(
    hall: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, record = hall.fill_in(), record_of(hall.desk)
    begin = record.begin
    others: list[Any] = []

    def after_another_one() -> Begun:
        if not others:
            others.append(None)
            others[0] = hall.submit().request
        return begin()

    monkeypatch.setattr(record, "begin", after_another_one)
    done = submit(hall.desk, hall.reader("lin"), draft, "k")
    assert done.refusal is not None
    assert done.refusal.code == "clash_stops"
    assert others[0] is not None
    assert done.refusal.facts["customer_id"] == others[0].request_no
    assert [one.request.request_no for one in record.requests()] == [others[0].request_no]


@pytest.mark.parametrize("ends", ["", "refused", "done"])
def test_who_was_granted_a_line_that_is_not_in_the_ledger_yet_is_not_asked_for_again(hall: Office, ends: Any) -> None:
    number = up_to(hall)
    hall.does("chen", number, "approve")
    hall.clock.forward(minutes=2)
    record = record_of(hall.desk)
    while ends and (item := record.claim("test", 60)) is not None:
        record.finish(item, "test", outcome=ends if item.kind == "ledger" else "done")
    hall.desk.latest.view = replace(view_of(hall.desk), synced_at=hall.clock.now)
    done = hall.submit()
    assert done.refusal is not None
    assert done.refusal.facts["customer_id"] == number


DOLLARS = {"currency": "USD", "asked_limit": "8万", "planned_monthly_sales": "20万"}


def test_authority_is_measured_at_the_rate_of_the_day_of_the_decision(hall: Office) -> None:
    number = hall.filed(**DOLLARS).request_no
    for person, act in LADDER:
        hall.does(person, number, act)  # type: ignore[arg-type]
    view = view_of(hall.desk)
    dearer = tuple(replace(one, to_base=Decimal(14)) for one in view.book.rates["USD"])
    hall.desk.latest.view = replace(view, book=replace(view.book, rates={**view.book.rates, "USD": dearer}))
    request = hall.now(number)
    worse = tuple(one.code for one in hall.click("chen", number, "approve").worse)
    refusal = hall.refused("chen", number, "approve", confirmed=worse)
    assert (refusal.code, refusal.facts["amount"]) == ("above_grade_limit", round_cents(request.proposed.limit * 14))


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_a_refusal_says_amounts_in_the_currency_of_the_request(hall: Office, lang: str) -> None:
    number = hall.filed(**DOLLARS).request_no
    for person, act in LADDER:
        hall.does(person, number, act)  # type: ignore[arg-type]
    more = Terms(limit=Decimal(90_000), payment_days=30, currency="USD", deposit_pct=Decimal(30))
    refusal = hall.refused("chen", number, "approve", terms=more, reason="大客户")
    assert refusal.code == "above_cosigned"
    said = refusal_sentence(lang, refusal, {})
    assert "$80,000" in said or "8.0 万美元" in said or "USD" in said or "US$" in said, said
    assert "¥" not in said


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_what_is_still_missing_is_named_as_on_the_screen(hall: Office, lang: str) -> None:
    done = hall.submit(**{"statement.2.revenue": "", "asked_limit": "80万"})
    assert done.refusal is not None
    assert done.refusal.facts["field"] == "statement.2.revenue"
    said = refusal_text(lang, done.refusal)
    assert ("Revenue" in said and "Period before" in said) or ("营业收入" in said and "上一期报表" in said), said


def test_whoever_became_an_outsider_decides_and_learns_nothing_though_people_yaml_names_him(hall: Office) -> None:
    number = up_to(hall, "xu")
    wang = hall.reader("wang")
    guest = reader_of(hall.desk.people, wang.account, name="", lang="zh-CN", outsider=True)
    click = Click(request_no=number, version=2, act="recommend", event_key="g", payload_hash="h")
    for reader in (guest, replace(wang, outsider=True)):
        done = decide(hall.desk, reader, click)
        assert (done.request, done.refusal and done.refusal.code) == (None, "request_unknown")
    assert number not in str(queue_of(hall.desk, guest))
    assert home_requests(hall.desk, guest) == []
    assert hall.now(number).version == 2


def test_the_audit_names_the_act_that_was_recorded_not_the_button(hall: Office) -> None:
    number = up_to(hall, "wang")
    hall.does("he", number, "recommend")  # beside the ladder every yes is an agreement
    entry = record_of(hall.desk).audit_head()
    assert entry is not None
    assert (entry.act, hall.now(number).signatures[-1].act) == ("approve", "approve")
