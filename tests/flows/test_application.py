"""An application against the ledger: how it is rated, whom it clashes with, and which company a chat line is about."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from approvals.application import Application, to_json
from approvals.application_draft import Filled, application_of
from approvals.prospect import Clash
from flows.apply import propose_for, statements_needed
from flows.clashes import clashes
from flows.company_in import company_in
from flows.desk import Desk
from flows.drafts import FormError, begin, draft_of, from_request
from flows.form_checks import check_step, parent_in, settled
from scoring.ledger import BlacklistEntry, Customer
from tests.e2e.desks import local
from tests.flows.requests import WHOLE, Office, office
from texts.application_errors import clash_text, refusal_text

NAME, NOW = "苏州恒力新材有限公司", date(2026, 11, 20)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return local(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def at_work(tmp_path: Path) -> Office:
    return office(tmp_path)


def form(**typed: Any) -> Application:
    return application_of(Filled(typed={**WHOLE, **typed}), today=NOW)


def rows(desk: Desk) -> list[Customer]:
    return [one for one in desk.mirror.tab_rows("customers") if isinstance(one, Customer)]


def kinds(found: list[Clash]) -> list[tuple[str, str, bool]]:
    return [(one.kind, one.customer_id, one.stops) for one in found]


def test_a_full_form_is_rated_and_gets_a_proposal_bound_by_what_was_asked(desk: Desk) -> None:
    prospect = propose_for(desk, form(asked_limit="10万"), on=desk.on())
    rating = prospect.assessment.rating
    assert rating is not None
    assert rating.grade == "C"
    assert prospect.proposal is not None
    assert (prospect.proposal.limit, prospect.proposal.binding) == (Decimal(100_000), "request")
    assert prospect.answer["proposal"]["limit"] == "100000.00"
    # C: 5 % x 40 % of the proposed limit
    assert prospect.expected_loss == Decimal(2_000)
    assert prospect.knock_outs == ()
    assert {veto.id for veto in prospect.caps} == {"V10"}


def test_a_guarantee_lowers_the_expected_loss(desk: Desk) -> None:
    secured = form(**{"asked_limit": "10万", "security.1.kind": "guarantee", "security.1.amount": "10万"})
    assert propose_for(desk, secured, on=desk.on()).expected_loss == Decimal(1_000)


def test_what_is_left_out_is_listed_by_step_with_its_points(desk: Desk) -> None:
    bare = {
        name: raw for name, raw in WHOLE.items() if not name.startswith("statement.1") and name != "market_standing"
    }
    prospect = propose_for(desk, application_of(Filled(typed=bare), today=NOW), on=desk.on())
    listed = {one.step: one.points for one in prospect.lacking}
    assert listed["finances"] == 25
    assert listed["business"] == 3
    assert "V8" in {veto.id for veto in prospect.caps}


@pytest.mark.parametrize(("change", "veto"), [
    ({"uscc_verified": "no"}, "V11"), ({"controller": ""}, "V11"), ({"listings": ("dishonest",)}, "V2"),
    ({"registry_status": "revoked"}, "V2"), ({"listings": ("suing_us",)}, "V4"), ({"licence_expires_on": "2026-01-01"}, "V6"),
])  # fmt: skip
def test_what_rules_a_line_out_is_known_before_it_is_sent(desk: Desk, change: dict[str, Any], veto: str) -> None:
    assert veto in {one.id for one in propose_for(desk, form(**change), on=desk.on()).knock_outs}


def test_the_law_bounds_the_term_of_a_public_body(desk: Desk) -> None:
    prospect = propose_for(desk, form(size_class="public", asked_days="60"), on=desk.on())
    assert prospect.over_statutory == desk.policy.law.public_body_days


def test_a_member_of_a_group_shares_its_room(desk: Desk) -> None:
    parent = next(iter(desk.latest.view.book.groups)) if desk.latest.view else ""
    alone = propose_for(desk, form(), on=desk.on()).proposal
    together = propose_for(desk, form(parent_id=parent), on=desk.on()).proposal
    assert alone is not None
    assert together is not None
    assert (together.parts["portfolio"] or 0) <= (alone.parts["portfolio"] or 0)


def test_a_parent_without_a_group_so_far_counts_with_its_own_exposure(desk: Desk) -> None:
    view = desk.latest.view
    assert view is not None
    lonely = next(one.customer_id for one in rows(desk) if one.customer_id not in view.book.group_roots)
    found = propose_for(desk, form(parent_id=lonely), on=desk.on())
    assert found.assessment.group is not None
    assert found.assessment.group.parent_id == lonely


def test_a_young_company_needs_one_period_only(desk: Desk) -> None:
    old, young = (
        statements_needed(desk, form(established_on=day), on=desk.on()) for day in ("2012-05-01", "2025-03-01")
    )
    assert "statement.2.revenue" in old
    assert "statement.2.revenue" not in young
    assert "statement.1.revenue" in young
    assert statements_needed(desk, form(payment_mode="prepay"), on=desk.on()) == frozenset()


def test_nobody_clashes_with_a_stranger(desk: Desk) -> None:
    assert clashes(desk, form()) == []


def test_the_same_code_or_name_stops_and_a_likeness_asks(desk: Desk) -> None:
    held = next(
        one for one in rows(desk) if one.credit_limit and one.uscc and one.status in {None, "active"} and one.controller
    )
    assert ("uscc", held.customer_id, True) in kinds(clashes(desk, form(uscc=held.uscc, controller="")))
    found = clashes(desk, form(name=held.name, uscc="", entity_type="foreign", controller=""))
    assert ("name", held.customer_id, True) in kinds(found)
    near = clashes(desk, form(name=held.name.replace("有限公司", "股份有限公司"), controller=""))
    assert ("name", held.customer_id, False) in kinds(near)


def test_the_same_controller_suggests_a_group_until_a_parent_is_named(desk: Desk) -> None:
    held = next(one for one in rows(desk) if one.controller and one.status != "closed")
    assert ("group", held.customer_id, False) in kinds(clashes(desk, form(controller=held.controller)))
    assert clashes(desk, form(controller=held.controller, parent_id=held.customer_id)) == []


def with_row(desk: Desk, **changes: Any) -> Desk:
    """The desk with a blacklist of one entry."""
    view = desk.latest.view
    assert view is not None
    entry = BlacklistEntry(**{"name": "苏州恒力新材料有限公司", "reason": "拖欠", **changes})
    other = type(desk.latest)(replace(view, book=replace(view.book, blacklist=(entry,))))
    return replace(desk, latest=other)


def test_the_blacklist_stops_by_name_and_code_and_warns_by_likeness(desk: Desk) -> None:
    assert kinds(clashes(with_row(desk, name=NAME), form())) == [("blacklist", "", True)]
    assert kinds(clashes(with_row(desk, uscc=WHOLE["uscc"]), form())) == [("blacklist", "", True)]
    assert kinds(clashes(with_row(desk, name="苏州恒力新材股份有限公司"), form())) == [("blacklist", "", False)]
    assert propose_for(with_row(desk, name="苏州恒力新材股份有限公司"), form(), on=desk.on()).alike


def test_a_prospect_of_the_ledger_is_filled_in_rather_than_doubled(desk: Desk) -> None:
    prospect = next((one for one in rows(desk) if one.status == "prospect"), None)
    known = prospect or next(one for one in rows(desk) if not one.credit_limit and one.status in {None, "active"})
    asked = form(name=known.name, uscc=known.uscc or WHOLE["uscc"], controller="")
    found = [one for one in clashes(desk, asked) if one.kind == "prospect"]
    assert [one.customer_id for one in found] == [known.customer_id]
    filled = Filled(typed={"name": known.name}, answers={found[0].key: "same"})
    whole = settled(desk, filled, "who", found)
    assert whole.customer_id == known.customer_id
    assert whole.typed["uscc"] == known.uscc
    assert settled(desk, whole, "who", ()).customer_id == ""
    assert all(one.kind != "prospect" for one in clashes(desk, application_of(whole, today=NOW)))


def test_nobody_fills_in_a_prospect_of_another_department_and_reads_what_the_ledger_has_of_him(at_work: Office) -> None:
    known = next(one for one in rows(at_work.desk) if one.customer_id == "C0005")
    typed = {
        "name": known.name,
        "uscc": "",
        "entity_type": "foreign",
        "department": "海外",
        "sales_owner": "Anna Smith",
    }
    filled = Filled(typed={**WHOLE, **typed}, answers={f"prospect:{known.customer_id}": "same"})
    smith = check_step(at_work.desk, at_work.reader("smith"), filled, "who")
    assert ([one.kind for one in smith.stops], smith.asks) == (["prospect"], ())
    assert known.name in clash_text("en", smith.stops[0])
    xu = check_step(at_work.desk, at_work.reader("xu"), filled, "who")
    assert ([one.kind for one in xu.asks], xu.stops) == (["prospect"], ())
    done = at_work.submit("smith", customer_id=known.customer_id, **typed)
    assert done.refusal is not None
    assert done.refusal.code == "clash_stops"
    assert known.name in refusal_text("en", done.refusal)


def test_a_line_that_cannot_be_read_is_not_a_missing_one(desk: Desk) -> None:
    known = next(one for one in rows(desk) if "credit_limit" in one.unread)
    found = [one for one in clashes(desk, form(name=known.name, uscc="")) if one.customer_id == known.customer_id]
    assert [(one.kind, one.stops) for one in found] == [("name", True)]


def test_one_of_the_same_group_gets_its_parent(desk: Desk) -> None:
    held = next(one for one in rows(desk) if one.controller and one.status != "closed")
    clash = Clash(kind="group", customer_id=held.customer_id, name=held.name, stops=False)
    filled = settled(desk, Filled(answers={clash.key: "member"}), "company", (clash,))
    assert filled.typed["parent_id"] == (held.parent_id or held.customer_id)
    assert parent_in(desk, held.name) == held.customer_id
    assert parent_in(desk, "nobody at all") is None


def test_who_is_asked_for_already_is_not_asked_for_twice(at_work: Office) -> None:
    request = at_work.filed()
    found = clashes(at_work.desk, form())
    assert kinds(found) == [("request", request.request_no, True)]
    assert clashes(at_work.desk, form(), request_no=request.request_no) == []


def test_a_returned_request_opens_as_it_was_sent_and_only_for_its_applicant(at_work: Office) -> None:
    request = at_work.filed()
    lin, smith, xu = (at_work.reader(one) for one in ("lin", "smith", "xu"))
    for reader, code in ((lin, "form_closed"), (smith, "draft_gone")):
        with pytest.raises(FormError, match=code):
            from_request(at_work.desk, reader, request.request_no)
    vouching = from_request(at_work.desk, xu, request.request_no)
    assert vouching.form["request_no"] == request.request_no
    assert from_request(at_work.desk, xu, request.request_no).id == vouching.id
    at_work.does("xu", request.request_no, "return", reason="缺报表")
    draft = from_request(at_work.desk, lin, request.request_no)
    again = application_of(Filled.model_validate(draft.form), today=NOW)
    filed = at_work.desk.record.request(request.request_no) if at_work.desk.record else None
    assert filed is not None
    assert to_json(again) == filed.form


def test_a_rejected_request_is_asked_for_again_as_a_new_one(at_work: Office) -> None:
    request = at_work.filed()
    at_work.does("xu", request.request_no, "vouch")
    at_work.does("wang", request.request_no, "reject", reason="资料不实")
    at_work.clock.forward(seconds=61)
    draft = from_request(at_work.desk, at_work.reader("lin"), request.request_no)
    assert (draft.form["reopens"], draft.form["request_no"]) == (request.request_no, "")


def test_a_person_keeps_fifty_drafts(at_work: Office) -> None:
    lin = at_work.reader("lin")
    first = begin(at_work.desk, lin)
    for _ in range(50):
        at_work.clock.forward(seconds=1)
        begin(at_work.desk, lin)
    with pytest.raises(FormError):
        draft_of(at_work.desk, lin, first.id)
    at_work.clock.forward(days=31)
    assert at_work.desk.record is not None
    assert at_work.desk.record.drafts("lin") == []


@pytest.mark.parametrize(("line", "name", "code"), [
    ("新客户:宁波博远化工有限公司,想开户", "宁波博远化工有限公司", ""),
    ("我们想给上海永丰食品股份有限公司开户 91310000MA1FL4T23J", "上海永丰食品股份有限公司", "91310000MA1FL4T23J"),
    ("昨天拜访了苏州恒力新材厂,挺有实力", "苏州恒力新材厂", ""), ("客户名称 南通大生集团", "南通大生集团", ""),
    ("Please open Blue Ocean Trading Co., Ltd. for us", "Blue Ocean Trading Co., Ltd.", ""),
    ("meet Müller GmbH tomorrow", "Müller GmbH", ""), ("code 91310000ma1fl4t23j", "", "91310000MA1FL4T23J"),
    ("今天吃什么", "", ""), ("", "", ""), ("91310000MA1FL4T23K", "", ""), ("公司" * 4000, "公司公司", ""),
])  # fmt: skip
def test_the_company_of_a_chat_line(line: str, name: str, code: str) -> None:
    found = company_in(line)
    assert found[1] == code
    if len(line) < 1000:
        assert found[0] == name
