"""Requests at every point of their way, as cards get them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from approvals.completion import FieldChange
from approvals.gates import Gate
from approvals.steps import Act
from approvals.terms import Terms
from scoring.errors import DeskError
from tests.texts.situations import SETTING, answer, details, finding
from texts.request_card import request_card
from texts.request_file import request_file
from texts.request_lists import (
    OutReason,
    Together,
    bulk_modal,
    bulk_result,
    mine_message,
    queue_message,
    route_preview,
)
from texts.request_mine import applicant_card, told_message
from texts.request_modals import Ask, ask_modal, confirm_terms, confirm_worse
from texts.request_sheet import (
    Alike,
    Bad,
    Button,
    Completed,
    Loss,
    Past,
    Refused,
    RequestSheet,
    ScoreMove,
    Signed,
    Situation,
    Stop,
)

D = Decimal
TODAY = date(2026, 11, 24)
NAME = "艾克美贸易(上海)有限公司"


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    """A local moment of November."""
    return datetime(2026, 11, day, hour, minute)  # noqa: DTZ001  (local, as the flow hands it over)


def terms(limit: int | str, days: int, **more: Any) -> Terms:
    """A line in CNY."""
    return Terms(limit=D(limit), payment_days=days, currency="CNY", **more)


XU = Stop(kind="vouch", role="customer_admin", names=("徐蕾",))
WANG = Stop(kind="post", role="sales_manager", names=("王强",))
HE = Stop(kind="cosign", role="finance", names=("何静", "周敏"))
MA = Stop(kind="cosign", role="risk", names=("马丽",))
ZHAO = Stop(kind="post", role="dept_deputy_gm", names=("赵敏",))
CHEN = Stop(kind="post", role="dept_gm", names=("陈国华",), decides=True)
VOUCHED = Signed(act="vouch", who="徐蕾", role="customer_admin", at=at(10, 12))
RECOMMENDED = Signed(
    act="recommend", who="王强", role="sales_manager", at=at(11, 30), terms=terms(1_000_000, 30),
    reason="去年同业都按期付款",
)  # fmt: skip
FORM: dict[str, Any] = {
    "name": NAME, "uscc": "91310000MA1K4XXXXX", "entity_type": "limited", "legal_representative": "张伟",
    "controller": "李建国", "registered_capital": "20000000", "paid_in_capital": "20000000",
    "established_on": "2014-03-01", "industry": "电子元件", "region": "上海", "department": "华东",
    "business_scope": "电子元器件批发", "planned_monthly_sales": "600000", "goods": "电容、连接器",
    "bank_account": "招商银行 6225 *** 1234", "currency": "CNY",
    "references": [
        {"company": "上海恒达电子", "contact": "陈经理", "verdict": "prompt", "note": "三年按期"},
        {"company": "苏州明远", "contact": "", "verdict": "adverse", "note": "去年拖欠 40 天"},
    ],
    "securities": [{"kind": "guarantee", "amount": "300000", "coverage_pct": "100", "expires_on": "2027-11-30"}],
    "contract": {"contract_no": "HT-2026-118", "breach_liability": True, "title_retention": True, "prepayment_pct": "10"},
    "attachments": [
        {"name": "营业执照.pdf", "kind": "licence", "size": 482133, "sha256": "ab" * 32, "type": "pdf"},
        {"name": "2025年报.xlsx", "kind": "statements", "size": 1204412, "sha256": "cd" * 32, "type": "xlsx"},
    ],
}  # fmt: skip


def sheet(**changes: Any) -> RequestSheet:
    """Vouched for and recommended, the deputy GM's turn; every field may be said otherwise."""
    fields: dict[str, Any] = {
        "request_no": "CR-2026-0007", "version": 3, "kind": "open_account", "state": "pending", "round": 1,
        "customer_id": "C0041", "name": NAME, "department": "华东", "applicant": "林晓梅", "filed_at": at(9, 41),
        "currency": "CNY", "base_currency": "CNY", "score": 84.26, "grade": "B", "coverage": 91.0,
        "asked": terms(1_500_000, 45), "proposed": terms(1_150_000, 45, conditions=("open_account",)),
        "binding": "need", "now": Situation(exposure=D(0), share=D(0)),
        "after": Situation(
            limit=D(1_150_000), payment_days=45, exposure=D(1_150_000), utilisation=D(100), share=D("5.4"),
        ),
        "reason": "客户今年新增两条产线，预计每月采购 60 万。",
        "bad": (
            Bad(kind="veto", found=finding("V8", "note", cap="C", row=None)),
            Bad(kind="missing", found=finding("missing", "note", points=9.0, factors=["references", "promises"])),
        ),
        "loss": Loss(amount=D("6900.00"), exposure=D(1_150_000), pd_pct=D("1.5"), lgd_pct=D(40), ledger=D(0)),
        "signed": (VOUCHED, RECOMMENDED), "waiting": (ZHAO,), "to_come": (CHEN,),
        "escalates_at": at(11, 30, 26), "hours_left": D(13), "expires_on": date(2026, 12, 8),
        "alike": ALIKE,
        "gates": (
            Gate(name="first_screening", result="passed", person="林晓梅", at=at(9, 41), source="ledger"),
            Gate(name="background_check", result="warned", person="林晓梅", at=at(9, 41), source="企查查", found=("V7",)),
            Gate(name="credit_evaluation", result="passed", person="徐蕾", at=at(10, 12), source="policy 3f1c9a7b21aa"),
            Gate(name="risk_decision", result="open", person="", at=None, source="policy 3f1c9a7b21aa"),
        ),
        "answer": answer(name=NAME, vetoes=[finding("V8", "note", cap="C")]), "details": details(), "form": FORM,
        "buttons": ("recommend", "return", "reject", "file", "other", "hand_on", "ask"), "today": TODAY,
    }  # fmt: skip
    return RequestSheet(**fields | changes)


def _past(number: str, state: Any, outcome: Any = "unseen", **more: Any) -> Past:
    fields: dict[str, Any] = {
        "request_no": number, "name": "恒达电子(苏州)有限公司", "state": state, "on": date(2026, 3, 9),
        "asked": terms(1_200_000, 45), "decided": terms(1_000_000, 45) if state == "approved" else None,
        "outcome": outcome,
    }  # fmt: skip
    return Past(**fields | more)


ALIKE = Alike(
    grade="B", low=D(1_050_000), high=D(1_950_000), months=24,
    found=(
        _past("CR-2026-0002", "approved", "fine"), _past("CR-2025-0031", "approved", "overdue", days=12),
        _past("CR-2025-0018", "rejected", name="", reason="偿付能力不足"),
    ),
)  # fmt: skip


def _decides() -> RequestSheet:
    return sheet(
        version=4, waiting=(CHEN,), to_come=(), signed=(VOUCHED, RECOMMENDED, replace(VOUCHED, act="recommend", who="赵敏", role="dept_deputy_gm", at=at(15, 2))),
        buttons=("approve", "return", "reject", "file", "other", "conditions", "hand_on", "ask"),
    )  # fmt: skip


def _worse() -> RequestSheet:
    changes = [
        finding("grade_worse", "red", was="B", now="C"), finding("exposure_worse", "red", was="0.00", now="86500.00"),
        finding("veto_worse", "red", veto="V7"), finding("warning_worse", "red", warning="enforcement", colour="red"),
        finding("proposed_limit_worse", "red", was="1150000.00", now="640000.00"),
        finding("max_days_overdue_better", "info", was=12, now=0), finding("warning_better", "info", warning="utilisation", colour="yellow"),
    ]  # fmt: skip
    return replace(_decides(), grade="C", score=77.04, changes=tuple(changes), escalated=True)


def _group() -> RequestSheet:
    """A prospect of a group, co-signers open together, a vacant post, a stop that everybody has to sign."""
    stops = (replace(HE, mode="all"), MA)
    return sheet(
        version=3, waiting=stops, to_come=(replace(CHEN, passed_up=("dept_deputy_gm",)),), group_limit=D(3_000_000),
        now=Situation(exposure=D(0), group=D(1_240_000), share=D(0)),
        after=Situation(
            limit=D(1_150_000), payment_days=45, exposure=D(1_150_000), utilisation=D(100), group=D(2_390_000), share=D("5.4"),
        ),
        buttons=("approve", "return", "reject", "file", "other", "hand_on", "ask"), bad=(), provisional=True,
        past=(_past("CR-2026-0003", "rejected", name=""),),
    )  # fmt: skip


def _unrated() -> RequestSheet:
    return sheet(
        version=1, score=41.5, grade=None, coverage=58.0, proposed=terms(0, 0, conditions=("prepay",)), binding="missing_data", loss=None,
        after=Situation(limit=D(0), payment_days=0, exposure=D(0), share=D(0)), signed=(), waiting=(XU,), to_come=(WANG, HE, CHEN),
        reason="", alike=None, buttons=("vouch", "return", "file", "hand_on", "ask"),
    )  # fmt: skip


def _prepay() -> RequestSheet:
    none = Terms(limit=D(0), payment_days=0, currency="CNY", prepay=True)
    return sheet(
        version=2, asked=none, proposed=none, binding=None, loss=None, bad=(), signed=(VOUCHED,), alike=None, after=Situation(), now=Situation(),
        waiting=(replace(WANG, decides=True),), to_come=(), buttons=("approve", "return", "reject", "file", "hand_on", "ask"), score=None, grade=None, coverage=None,
    )  # fmt: skip


def _signed() -> RequestSheet:
    return sheet(buttons=("file", "take_back"), has_signed=True, take_back_until=at(11, 31))


def _approved() -> RequestSheet:
    decided = terms(1_200_000, 45, deposit_pct=D(30), guarantee="股东连带担保", valid_until=date(2027, 5, 31))
    final = Signed(
        act="approve", who="陈国华", role="dept_gm", at=at(16, 20), terms=decided, reason="产线已投产", decides=True
    )
    return replace(_decides(), state="approved", version=5, decided=decided, decided_at=at(16, 20), waiting=(), expires_on=None, signed=(VOUCHED, RECOMMENDED, final), buttons=("take_back",), take_back_until=at(16, 21))  # fmt: skip


def _rejected() -> RequestSheet:
    final = Signed(
        act="reject",
        who="刘建军",
        role="responsible_vp",
        for_whom="陈国华",
        at=at(16, 20),
        reason="偿付能力不足 <!channel>",
    )
    return replace(_decides(), state="rejected", version=5, decided_at=at(16, 20), waiting=(), expires_on=None, signed=(VOUCHED, final), buttons=())  # fmt: skip


def _returned() -> RequestSheet:
    back = Signed(act="return", who="王强", role="sales_manager", at=at(11, 30), reason="请补最近两期财务报表")
    return sheet(state="returned", signed=(VOUCHED, back), waiting=(), to_come=(), expires_on=None, buttons=())


def _withdrawn() -> RequestSheet:
    return sheet(state="withdrawn", signed=(VOUCHED,), waiting=(), to_come=(), expires_on=None, buttons=())


CHANGES = (
    FieldChange(field="paid_in_capital", was="20000000", now="50000000", source="form"),
    FieldChange(field="reference.2.verdict", was="adverse", now="prompt", source="form"),
    FieldChange(field="listings", was="", now="abnormal_list,tax_arrears", source="国家企业信用信息公示系统"),
    FieldChange(field="established_on", was="2014-03-01", now="2013-03-01", source="form"),
    FieldChange(field="files.licence", was="", now="营业执照.pdf (abababab)", source="form"),
)


def _completed() -> RequestSheet:
    """The customer administrator's turn; he and the applicant changed the form before."""
    return sheet(
        signed=(), waiting=(XU,), to_come=(WANG, ZHAO, CHEN), round=3,
        buttons=("vouch", "complete", "return", "file", "hand_on", "ask"),
        completed=(
            Completed(act="resubmit", who="林晓梅", at=at(9, 50), round=2, fields=CHANGES[:1]),
            Completed(act="vouch", who="徐蕾", at=at(10, 12), round=3, fields=CHANGES),
        ),
    )  # fmt: skip


def _again() -> RequestSheet:
    """Asked for again after a refusal."""
    refused = Signed(act="reject", who="赵敏", role="dept_deputy_gm", at=at(16, 5, 3), reason="偿付能力不足")
    return sheet(
        refused=Refused(
            request_no="CR-2026-0003", who="赵敏", at=at(16, 5, 3), reason="偿付能力不足", fields=CHANGES[:2],
            ledger=(finding("overdue_better", "info", was="50000.00", now="0.00"),), signed=(VOUCHED, refused),
        ),
    )  # fmt: skip


def _moved() -> RequestSheet:
    """An expert raised the score; another one's word has run out."""
    over = ScoreMove(
        who="秦", at=at(9, 0, 3), points=D("-2.5"), reason="行业下行", until=date(2026, 11, 20), counts=False
    )  # fmt: skip
    now = ScoreMove(who="马丽", at=at(11), points=D(3), reason="新控股股东实力强", until=date(2027, 5, 1), counts=True)
    return sheet(
        own_score=81.26,
        moves=(over, now),
        buttons=("approve", "file", "adjust"),
        most_points=D(5),
        review_on=date(2027, 5, 24),
    )


SHEETS: dict[str, Callable[[], RequestSheet]] = {
    "recommends": sheet, "decides": _decides, "worse": _worse, "group": _group, "unrated": _unrated, "prepay": _prepay,
    "completed": _completed, "again": _again, "moved": _moved, "signed": _signed, "approved": _approved, "rejected": _rejected, "returned": _returned, "withdrawn": _withdrawn,
}  # fmt: skip


def together() -> Together:
    """Two that fit, and one of each reason why not."""
    small = {"asked": terms(200_000, 30), "proposed": terms(150_000, 30)}
    fit = tuple(sheet(request_no=f"CR-2026-00{place}", **small) for place in (11, 12))
    why: tuple[OutReason, ...] = ("not_deciding", "amount", "above_proposal", "worse", "flagged", "count", "nothing")
    out = tuple((sheet(request_no=f"CR-2026-002{place}"), reason) for place, reason in enumerate(why))
    return Together(fit=fit, out=out, most=D(200_000), count=20, currency="CNY")


def request_pages(lang: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Everything that is said about requests, by name."""
    for name, make in SHEETS.items():
        yield f"card_{name}", request_card(make(), lang)
    mine: dict[str, tuple[Button, ...]] = {"recommends": ("file", "withdraw"), "returned": ("resubmit", "file", "withdraw"), "rejected": ("reopen", "file"), "approved": ("file",)}  # fmt: skip
    for name, buttons in mine.items():
        yield f"mine_{name}", applicant_card(replace(SHEETS[name](), buttons=buttons), lang)
    yield "file", request_file(_worse(), lang, SETTING)
    for name in ("completed", "again", "moved"):
        yield f"file_{name}", request_file(SHEETS[name](), lang, SETTING)
        yield f"mine_{name}", applicant_card(replace(SHEETS[name](), buttons=("file", "withdraw")), lang)
    kinds: tuple[Ask, ...] = ("other", "conditions", "return", "reject", "recommend_up", "hand_on", "ask", "adjust")
    for kind in kinds:
        about = _moved() if kind == "adjust" else _decides()
        yield f"modal_{kind}", ask_modal(kind, about, lang, people=[("刘建军", "liu")])
    confirm = [
        ("terms.1", confirm_terms(terms(1_500_000, 60, deposit_pct=D(30)), _decides(), lang, deciding=True)),
        ("worse.1", confirm_worse(_worse().changes[:5], _worse(), lang)),
    ]
    yield "modal_confirm", ask_modal("approve", _worse(), lang, confirm=confirm)
    waiting = [_decides(), replace(_worse(), request_no="CR-2026-0008")]
    yield "queue", queue_message(lang, waiting, together(), len(waiting))
    yield "queue_empty", queue_message(lang, [], together(), 0)
    listed = [sheet(), replace(_approved(), request_no="CR-2026-0006"), replace(_returned(), request_no="CR-2026-0005")]
    yield "mine_list", mine_message(lang, listed)
    yield "bulk", bulk_modal(lang, together())
    yield "bulk_result", bulk_result(lang, 2, [("CR-2026-0011", DeskError("beyond_authority", request_no="CR-2026-0011", post="dept_gm"))], {})  # fmt: skip
    yield "route", route_preview(lang, [XU, WANG, replace(HE, mode="all"), replace(CHEN, passed_up=("dept_deputy_gm",))], ("grade_c",))  # fmt: skip
    yield "route_refused", route_preview(lang, [], (), DeskError("grade_d"))
    for act, when in TOLD.items():
        signature = Signed(
            act=act, who="王强", role="sales_manager", at=at(11, 30), reason="请补最近两期财务报表", to="赵敏", decides=when == "approved",
            points=D(3) if act == "adjust" else None,
        )  # fmt: skip
        yield f"told_{act}", told_message(SHEETS[when](), signature, lang, alone=act == "ask")
    lent = Signed(act="recommend", who="赵敏", role="dept_deputy_gm", at=at(11, 30), for_whom="王强")
    yield "told_lent", told_message(SHEETS["decides"](), lent, lang)


TOLD: dict[Act, str] = {
    "vouch": "recommends", "recommend": "decides", "approve": "approved", "return": "returned", "reject": "rejected",
    "hand_on": "recommends", "ask": "recommends", "take_back": "decides", "escalate": "worse", "expire": "withdrawn",
    "reroute": "decides",
    "remind": "decides", "withdraw": "withdrawn", "resubmit": "recommends", "adjust": "moved",
}  # fmt: skip
