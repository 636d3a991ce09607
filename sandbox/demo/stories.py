"""The customers whose stories the tour, the tests and the README tell. Ids and names are fixed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """One customer: who he is, how he trades and pays, and what the desk should say of him."""

    id: str
    name: str
    aliases: str
    department: str
    owner: str
    verdict: str | None
    says: str
    currency: str = "CNY"
    monthly: int = 400_000
    days: int = 45
    limit: int | None = 2_000_000
    lateness: tuple[int, int] = (-4, 6)
    months: int = 18
    years: int = 9
    strong: bool = True
    mode: str = ""
    status: str = ""
    parent: str = ""


EAST, SOUTH, NORTH, OVERSEAS = "华东", "华南", "华北", "海外"

STORIES = (
    Story("C0001", "艾克美贸易(上海)有限公司", "ACME; ACME Trading (Shanghai) Co., Ltd.", EAST, "林晓梅", "ok",
          "a good customer with room", monthly=520_000, limit=2_000_000, lateness=(-12, -1), years=14),
    Story("C0002", "宁波卓远家居有限公司", "Zhuoyuan Home", EAST, "林晓梅", "approval",
          "a C that grew over its limit", monthly=420_000, limit=900_000, lateness=(0, 12), strong=False, years=4),
    Story("C0003", "苏州瑞丰机电有限公司", "Ruifeng", EAST, "林晓梅", "stop",
          "75 days overdue", monthly=160_000, limit=600_000, lateness=(5, 20), strong=False),
    Story("C0004", "温州宏达鞋业有限公司", "", EAST, "王强", "stop",
          "blacklisted", monthly=60_000, limit=200_000, lateness=(10, 30), strong=False, status="blacklist"),
    Story("C0005", "杭州青禾茶业有限公司", "Qinghe Tea", EAST, "王强", "prepay",
          "pays before delivery", monthly=50_000, limit=None, days=0, lateness=(0, 0), mode="prepay"),
    Story("C0006", "广州南粤包装有限公司", "Nanyue Packaging", SOUTH, "黄志明", "ok",
          "its limit expires in six days", monthly=220_000, limit=900_000, lateness=(-6, 0), years=7),
    Story("C0007", "深圳启明电子科技有限公司", "Qiming", SOUTH, "黄志明", "ok",
          "unrated: statements and checks are missing", monthly=90_000, limit=300_000, lateness=(-3, 3), months=5, years=2,
          strong=False),
    Story("C0008", "天津海通物流有限公司", "Haitong Logistics", NORTH, "张雷", "approval",
          "faulty rows: an unreadable limit, a strange date, a repeated invoice", monthly=120_000, limit=800_000),
    Story("C0009", "华北钢联集团有限公司", "", NORTH, "张雷", "ok",
          "the parent of a group", monthly=450_000, limit=2_500_000, lateness=(-5, 0), years=16),
    Story("C0010", "唐山钢联加工有限公司", "", NORTH, "张雷", "ok",
          "a member of the group", monthly=180_000, limit=800_000, lateness=(-4, 0), years=8, parent="C0009"),
    Story("C0011", "Pacific Trading LLC", "Pacific", OVERSEAS, "Anna Smith", "ok",
          "trades in US dollars", currency="USD", monthly=42_000, limit=200_000, lateness=(-6, 0)),
    Story("C0012", "Müller Handels GmbH", "Mueller", OVERSEAS, "Anna Smith", "ok",
          "trades in euro", currency="EUR", monthly=36_000, limit=180_000, lateness=(-6, 0)),
    Story("C0013", "上海恒达贸易有限公司", "", EAST, "王强", "ok",
          "its name resembles the next one", monthly=140_000, limit=700_000, lateness=(-5, 0)),
    Story("C0014", "上海恒大贸易有限公司", "", EAST, "林晓梅", "ok",
          "its name resembles the one before", monthly=110_000, limit=600_000, lateness=(-5, 0)),
    Story("C0015", "香港恆達國際有限公司", "Hang Tat", OVERSEAS, "Anna Smith", "ok",
          "written in traditional characters", currency="USD", monthly=25_000, limit=120_000, lateness=(-5, 0)),
    Story("C0016", "青岛海汇食品有限公司", "Haihui", NORTH, "李娜", "approval",
          "on hold", monthly=130_000, limit=600_000, lateness=(-3, 2), status="hold"),
    Story("C0017", "无锡明川纺织有限公司", "Mingchuan", EAST, "林晓梅", "approval",
          "37 days overdue with 124,000", monthly=150_000, limit=900_000, lateness=(-3, 4)),
)  # fmt: skip
