"""What the second screen knows beyond the first."""

from pathlib import Path

import pytest

from flows.asking import reader_for
from flows.desk import Desk
from flows.lookup import details_of
from tests.e2e.desks import local
from tests.texts.plain import page


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return local(Path(tmp_path_factory.mktemp("desk")))


def shown(desk: Desk, customer_id: str) -> str:
    return page(details_of(desk, reader_for(desk, None, "zh-CN"), customer_id))


def test_a_member_names_its_group_by_the_parent(desk: Desk) -> None:
    assert "*集团*\n华北钢联集团有限公司（C0009）：额度" in shown(desk, "C0010")


def test_data_that_only_this_customer_lacks_is_named_with_its_points(desk: Desk) -> None:
    text = shown(desk, "C0007")
    assert "• 财务（缺这家客户的数据）：最多 +25 分" in text
    assert "• 核查（缺这家客户的数据）：最多 +19 分" in text


def test_each_factor_says_what_gains_the_next_band(desk: Desk) -> None:
    assert "成立年限：5 年  ·  *2.5*/3（到 10 年 再加 0.5）" in shown(desk, "C0007")
