"""What the command line says and prints."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from bot.__main__ import Globals, app, asking_for_ledger, main
from bot.digests import show
from bot.doctor import Result
from bot.settings import Settings
from bot.terminal import print_ageing, print_card, print_examination, print_notes
from flows.asking import ask_json, reader_for
from flows.desk import Desk
from flows.lookup import look_up
from flows.words import error_text
from scoring.errors import MisuseError
from scoring.findings import Note
from sheets.client import SheetError
from tests.e2e.desks import local


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return local(Path(tmp_path_factory.mktemp("desk")))


def asked(desk: Desk, text: str, person: str | None = None) -> dict[str, Any]:
    return ask_json(look_up(desk, reader_for(desk, person, "zh-CN"), text))


def test_json_for_another_department_is_the_contract_with_the_grade_alone(desk: Desk) -> None:
    limited, whole = asked(desk, "ACME", "smith"), asked(desk, "ACME")
    assert list(limited) == list(whole)
    assert {name for name, value in limited.items() if value is not None} == {"customer_id", "name", "grade"}


def test_json_of_help_has_no_markup(desk: Desk) -> None:
    text = asked(desk, "help")["text"]
    assert text.startswith("授信台：")
    assert "/credit help" in text
    assert not set("*`") & set(text)


@pytest.mark.parametrize("width", [100, 44])
def test_a_figure_is_never_torn_from_its_label_or_apart(
    desk: Desk, width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr("sys.stdout.isatty", lambda: width < 100)
    print_card(look_up(desk, reader_for(desk, None, "zh-CN"), "C0004").message)
    lines = [re.sub(r" {2,}", "  ", line) for line in capsys.readouterr().out.splitlines()]
    assert any("20.0 万（至 2027年7月19日）" in line for line in lines)
    head = next(line for line in lines if "授信额度" in line)
    assert ("账期" in head) is (width == 100)


def test_the_ageing_table_is_in_the_language_with_thousands_apart(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    from flows.ageing import ageing_of

    print_ageing(ageing_of(desk), "zh-CN")
    said = capsys.readouterr().out
    assert "客户" in said
    assert "币种" in said
    assert re.search(r"[0-9]{1,3},[0-9]{3}\.[0-9]{2}", said)


def test_the_doctor_and_the_list_of_notes_speak_the_language(capsys: pytest.CaptureFixture[str]) -> None:
    print_examination([Result("ledger invoices", "wrong", "缺少此表")], "zh-CN")
    print_notes([Note("invoices", 3, "I1", None, "tab_missing")], "zh-CN")
    said = capsys.readouterr().out
    assert "✘ 台账 应收: 缺少此表" in said
    assert said.endswith("共 1 条提示\n")


def test_a_sync_of_a_local_ledger_says_the_rows_it_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Globals, "ledger", None)
    for tab, lines in {
        "customers": ["客户编号,客户名称", "C1,甲公司"],
        "invoices": ["发票号,客户编号,金额", "I1,C1,5", "I2,C1,6"],
    }.items():
        (tmp_path / f"{tab}.csv").write_text("\n".join(lines), encoding="utf-8")
    ran = CliRunner().invoke(app, ["--ledger", str(tmp_path), "sync", "--json"])
    assert ran.exit_code == 0, ran.output
    assert orjson.loads(ran.stdout) == {"customers": 1, "changed_rows": 3, "held": [], "baseline": None}


def test_a_missing_sheet_names_the_local_ledger_as_another_way() -> None:
    with pytest.raises(MisuseError) as refused, asking_for_ledger():
        raise SheetError("setting_missing", name="LEDGER_SPREADSHEET_ID")
    assert error_text("zh-CN", refused.value).endswith("或用 --ledger 指定本地台账。")


@pytest.mark.parametrize(("lang", "said"), [("zh-CN", "是文件夹"), ("en", "is a folder")])
def test_checking_a_folder_for_a_policy_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], lang: str, said: str
) -> None:
    monkeypatch.setenv("CREDITDESK_LANG", lang)
    monkeypatch.setattr("sys.argv", ["creditdesk", "policy", "check", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert (ended.value.code, said in capfd.readouterr().err) == (2, True)


@pytest.mark.parametrize(
    ("name", "lang", "said"),
    [
        ("finance", "en", "Overdue, 20 Nov"),
        ("finance", "zh-CN", "逾期日报 · 11月20日"),
        ("海外", None, "Overdue, 海外, 20 Nov"),
    ],
)
def test_a_digest_of_a_local_ledger_can_be_looked_at(
    desk: Desk, capsys: pytest.CaptureFixture[str], name: str, lang: str | None, said: str
) -> None:
    show(Settings(_env_file=None), desk, name, lang, as_json=False)
    assert said in capsys.readouterr().out


def test_a_digest_prints_its_figures(desk: Desk, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    show(Settings(_env_file=None), desk, "华东", None, as_json=True)
    found = orjson.loads(capfdbinary.readouterr().out)
    assert (found["department"], found["day"], found["known"]) == ("华东", "2026-11-20", True)
    assert all(row["department"] == "华东" for row in found["rows"])
    assert found["customers"] == len(found["rows"]) + found["rest_customers"]


def test_a_digest_of_a_local_ledger_is_not_sent(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Globals, "ledger", None)
    monkeypatch.setattr("sys.argv", ["creditdesk", "--ledger", "somewhere", "digest", "finance"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert (ended.value.code, "--dry-run" in capfd.readouterr().err) == (2, True)
