"""The people and channels of the demo company."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

TEAM, APP, BOT_USER, BOT = "T00DEMO", "A00DESK", "U00DESK", "B00DESK"


@dataclass(frozen=True)
class Person:
    """One account as users.info describes it."""

    id: str
    name: str
    title: str
    locale: str
    guest: bool = False
    stranger: bool = False
    deleted: bool = False
    tz: str = "Asia/Shanghai"

    @property
    def reads_chinese(self) -> bool:
        """Whether the pages speak Chinese to this person."""
        return self.locale.startswith("zh")

    def clock(self, ts: str) -> datetime:
        """A message's time where this person is."""
        return datetime.fromtimestamp(float(ts), ZoneInfo(self.tz))

    def as_user(self) -> dict[str, object]:
        """The user object of users.info with include_locale."""
        return {
            "id": self.id, "team_id": "T99ELSE" if self.stranger else TEAM, "name": self.id.lower(), "deleted": self.deleted,
            "real_name": self.name, "locale": self.locale, "tz": self.tz, "tz_offset": self._offset(), "is_bot": False,
            "is_restricted": self.guest, "is_ultra_restricted": False, "is_stranger": self.stranger, "is_app_user": False,
            "profile": {"real_name": self.name, "display_name": self.name, "title": self.title},
        }  # fmt: skip

    def _offset(self) -> int:
        now = datetime.now(ZoneInfo(self.tz))
        return int((now.utcoffset() or timedelta()).total_seconds())


PEOPLE = {
    person.id: person
    for person in (
        Person("U01LIN", "林晓梅", "华东 销售", "zh-CN"),
        Person("U02WANG", "王强", "华东 销售经理", "zh-CN"),
        Person("U03SMITH", "Anna Smith", "Overseas sales", "en-GB"),
        Person("U04ZHAO", "赵敏", "华东 部门副总", "zh-CN"),
        Person("U05CHEN", "陈国华", "华东 部门总经理", "zh-CN"),
        Person("U06LIU", "刘建军", "主管副总裁", "zh-CN"),
        Person("U07HE", "何静", "财务", "zh-CN"),
        Person("U08XU", "徐蕾", "客户管理员", "zh-CN"),
        Person("U09MA", "马丽", "Risk", "en-US"),
        Person("U10SUN", "孙律", "法务", "zh-CN"),
        Person("U11GUEST", "外包小周", "guest", "zh-CN", guest=True),
        Person("U12CONN", "Partner Pete", "Slack Connect", "en-US", stranger=True),
    )
}
_ALL = tuple(PEOPLE)
CHANNELS: dict[str, tuple[str, tuple[str, ...]]] = {
    "C01GENERAL": ("全员", _ALL),
    "C02FINANCE": ("财务", ("U07HE", "U08XU", "U09MA")),
    "C03EAST": ("华东销售", ("U01LIN", "U02WANG", "U04ZHAO", "U05CHEN", "U06LIU")),
    "C04SOUTH": ("华南销售", ("U06LIU",)),
    "C05NORTH": ("华北销售", ("U06LIU",)),
    "C06OVERSEAS": ("海外销售", ("U03SMITH", "U06LIU")),
    "C07RISK": ("风控", ("U09MA", "U10SUN", "U06LIU")),
}
PRIVATE = frozenset(CHANNELS) - {"C01GENERAL"}
"""Where figures may be posted: only members read along."""

USERGROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "S01EAST": ("华东销售组", ("U01LIN", "U02WANG", "U04ZHAO", "U05CHEN")),
    "S02FINANCE": ("财务组", ("U07HE", "U08XU")),
    "S03RISK": ("风控组", ("U09MA", "U10SUN")),
}


def initials(name: str) -> str:
    """What an avatar shows."""
    parts = name.split()
    return (parts[0][0] + parts[-1][0]).upper() if len(parts) > 1 and name.isascii() else name[-1:]
