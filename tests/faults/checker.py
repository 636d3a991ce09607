"""What a workspace, a ledger and a record must hold after any story: nothing lost, nothing twice (I1 to I7)."""

from collections import Counter
from typing import Any

from sandbox.google.store import Cell
from sandbox.slack.people import BOT_USER
from sandbox.slack.state import Posted
from storage.record import Record
from tests.faults.opening import KEY, shipped
from tests.faults.points import SharedClock
from tests.faults.story import SCRIPT
from tests.faults.town import Run, book
from tests.flows.requests import WHOLE

NUMBER, CUSTOMER, NAME = "CR-2026-0001", "C0007", WHOLE["name"]
ASKED = ("xu", "wang", "he", "ma", "zhao", "chen")
APPLICANT = "D01LIN"
DIGESTS = ("C02FINANCE", "C03EAST", "C04SOUTH", "C05NORTH", "C06OVERSEAS")
TOLD = (
    "徐蕾（客户管理员）核实了资料", "王强（销售经理）要求补充：“请补充合同”", "徐蕾（客户管理员）核实了资料",
    "王强（销售经理）已推荐", "何静（财务部）已会签", "马丽（风控部）已会签", "赵敏（部门副总）已推荐",
    "陈国华（部门总经理）已批准：50.0 万 / 30 天，每单定金 30%",
)  # fmt: skip
ENTRY = {
    "申请编号": NUMBER, "类型": "开户授信", "客户编号": CUSTOMER, "申请": "CNY 500,000.00 · 30 天",
    "核定": "CNY 500,000.00 · 30 天 · 每单定金 30%", "结果": "批准",
    "审批人": "王强 (推荐); 何静 (会签); 马丽 (会签); 赵敏 (推荐); 陈国华 (批准)", "客户管理员": "徐蕾",
}  # fmt: skip
LINE = {
    "客户名称": NAME, "授信额度": 500_000, "账期": 30, "额度到期": None, "状态": "正常", "统一社会信用代码": WHOLE["uscc"],
    "结算方式": "赊销", "部门": "华东", "业务经办": "林晓梅",
}  # fmt: skip


def check(run: Run) -> None:
    """AssertionError says what is lost, twice or wrong."""
    check_record(run)
    check_workspace(run)
    check_ledger(run)


def check_record(run: Run) -> None:
    """I1: each act acknowledged, once. I5: nothing left over. I6: the chain is whole and says the same."""
    record = Record(f"sqlite:///{run.home / 'record.db'}", KEY, SharedClock(run.home / "time").now)
    try:
        (filed,) = record.requests()
        signed = [(one.person, one.act) for one in filed.request.signatures]
        acts = [(person, act or ("resubmit" if place else "file")) for place, (person, act, _) in enumerate(SCRIPT)]
        assert signed == acts[1:]
        assert (filed.request.state, filed.request.decided) == ("approved", filed.request.proposed)
        entries = [one for one in record.audit_entries() if one.request_no == NUMBER and one.act != "refused"]
        assert [(one.person, one.act) for one in entries] == acts, "nor was anything sent again or deleted"
        assert record.verify_audit() == []
        assert record.unfinished() == []
        assert record.drafts("lin") == []
    finally:
        record.close()


def check_workspace(run: Run) -> None:
    """Each audience has one card that shows the end; each step was told once; nobody else got anything (I4, I7)."""
    workspace = run.world.workspace
    assert workspace.unknown == []
    said = {channel: messages for channel, messages in workspace.messages.items() if messages}
    cards = {workspace.dm_of(one.slack[0]) for one in shipped()[1].people if one.id in ASKED}
    assert set(said) == {APPLICANT, *cards, *DIGESTS}
    assert {one.author for messages in said.values() for one in messages} == {BOT_USER}
    for channel in cards:
        (card,) = said[channel]
        assert NUMBER in card.text
        assert _actions(card) == set(), channel
        assert any(word in _words(card) for word in ("已批准", "Approved")), _words(card)
    (mine,) = (one for one in said[APPLICANT] if one.thread_ts is None)
    assert _actions(mine) <= {"approval.file"}
    assert "已批准：50.0 万 / 30 天" in _words(mine)
    told = [_words(one).partition("，下一步")[0] for one in said[APPLICANT] if one.thread_ts == mine.ts]
    assert Counter(told) == Counter(TOLD)
    assert len(said[APPLICANT]) == 1 + len(TOLD)
    for channel in DIGESTS:
        (digest,) = said[channel]
        assert any(word in digest.text for word in ("逾期日报", "verdue")), digest.text


def check_ledger(run: Run) -> None:
    """I3: the effect of the approval, once, in its own rows; everything else stands as people left it."""
    sheet = run.world.google.sheet
    assert run.world.google.unknown == []
    (entry,) = _mine(run, "审批记录", NUMBER)
    assert {name: entry[name] for name in ENTRY} == ENTRY
    assert entry["政策指纹"] == shipped()[0].fingerprint
    assert _opens(run, str(entry["原因"])), entry["原因"]
    (line,) = _mine(run, "客户", CUSTOMER)
    assert {name: line[name] for name in LINE} == LINE
    assert len(_mine(run, "财务", CUSTOMER)) == 2
    assert len(_mine(run, "核查", CUSTOMER)) == 1
    for before in book().tabs:
        now = sheet.tab(before.title)
        assert now is not None
        others = [row for row in map(_trimmed, now.cells) if row[:1] != [CUSTOMER]]
        assert others == [_trimmed(row) for row in before.cells], before.title
    assert len(sheet.marks) == 1


def _mine(run: Run, title: str, key: str) -> list[dict[str, Cell]]:
    """The rows of a tab that begin with a key, by header."""
    tab = run.world.google.sheet.tab(title)
    assert tab is not None, title
    head = [str(cell) for cell in tab.cells[0]]
    return [dict(zip(head, [*row, *[None] * len(head)], strict=False)) for row in tab.cells[1:] if row[:1] == [key]]


def _trimmed(row: list[Cell]) -> list[Cell]:
    end = max((place + 1 for place, cell in enumerate(row) if cell not in {None, ""}), default=0)
    return row[:end]


def _opens(run: Run, link: str) -> bool:
    """Whether a link leads to a card that hangs there."""
    *_, channel, moment = ["", *link.split("/")]
    ts = moment.removeprefix("p")
    return run.world.workspace.find(channel, f"{ts[:-6]}.{ts[-6:]}") is not None


def _words(message: Posted) -> str:
    return " ".join(str(block.get("text", {}).get("text", "")) for block in message.blocks)


def _actions(message: Posted) -> set[str]:
    elements: list[dict[str, Any]] = [one for block in message.blocks for one in block.get("elements", [])]
    return {str(one["action_id"]) for one in elements if "action_id" in one}
