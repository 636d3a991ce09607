"""Mornings that a digest tells of."""

from dataclasses import replace
from datetime import date

from tests.texts.situations import SETTING
from texts.cards import Setting
from texts.digest import Change, Digest, Row

_DAY = date(2026, 11, 24)
_NAMES = ("艾克美电子（上海）有限公司", "Hansen Trading GmbH", "华东精密铸造厂", "南方纺织集团", "北辰物流")
_ROWS = [
    Row(
        customer_id=f"C{place:04d}", name=_NAMES[place % 5], overdue=f"{386000 - place * 31000}.00", days=95 - place * 7,
        sales_owner="林晓梅" if place % 3 else "", department="华东" if place % 2 else "",
    )
    for place in range(10)
]  # fmt: skip
_FINANCE = Digest(
    day=_DAY, currency="CNY", customers=14, overdue="3120450.50", longest=95, rows=_ROWS, rest_customers=4,
    rest_overdue="8120.00", unknown=1, change=Change(since=date(2026, 11, 23), customers=2, overdue="41000.00"),
)  # fmt: skip
_DEPARTMENT = replace(
    _FINANCE, department="华东", customers=1, overdue="355000.00", longest=88, rows=_ROWS[1:2], rest_customers=0,
    rest_overdue="0.00", unknown=0, change=Change(since=date(2025, 12, 31), customers=-3, overdue="-1200000.00"),
)  # fmt: skip
_QUIET = Digest(day=_DAY, currency="CNY")
_OLD = replace(SETTING, age_minutes=95)
DIGESTS: dict[str, tuple[Digest, Setting]] = {
    "finance": (_FINANCE, SETTING),
    "department": (_DEPARTMENT, SETTING),
    "late_to_finance": (replace(_DEPARTMENT, late_for="08:30", no_channel=True, change=None), SETTING),
    "unmoved": (replace(_DEPARTMENT, change=Change(since=date(2026, 11, 23), customers=0, overdue="0.00")), SETTING),
    "quiet": (_QUIET, SETTING),
    "quiet_department": (replace(_QUIET, department="海外"), SETTING),
    "quiet_on_an_old_copy": (_QUIET, _OLD),
    "only_unknown": (replace(_QUIET, unknown=2), SETTING),
    "unknown": (replace(_QUIET, known=False), replace(SETTING, problem="sheet_unreachable")),
}
