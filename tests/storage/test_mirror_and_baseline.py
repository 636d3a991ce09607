"""The mirror touches only what changed and may be deleted; the baseline holds hand edits."""

from decimal import Decimal
from pathlib import Path

import pytest

from flows.accounts import account_of
from flows.asking import reader_for
from flows.desk import Desk
from flows.lookup import look_up
from flows.start import restore
from flows.sync import sync
from scoring.cells import MAX_KEY
from tests.builders import codes
from tests.paper import Paper, desk_of
from texts.formats import LANGS


@pytest.fixture
def paper() -> Paper:
    return Paper()


@pytest.fixture
def desk(paper: Paper, tmp_path: Path) -> Desk:
    made = desk_of(paper, tmp_path)
    sync(made)
    return made


def limit_of(desk: Desk, customer: str) -> Decimal | None:
    account = account_of(desk, customer)
    assert account is not None
    return account.customer.credit_limit


def test_only_changed_rows_are_touched(desk: Desk, paper: Paper) -> None:
    assert sync(desk).changed_rows == 0
    paper.invoices[5][5] = 300
    report = sync(desk)
    assert (report.changed_rows, report.touched_customers) == (1, 1)


def test_sorting_moves_rows_without_parsing_them_again(desk: Desk, paper: Paper) -> None:
    paper.invoices[1:] = sorted(paper.invoices[1:], key=lambda row: -row[4])
    before = {row.key: row for row in desk.mirror.tab_rows("invoices")}
    sync(desk)
    after = {row.key: row for row in desk.mirror.tab_rows("invoices")}
    assert before.keys() == after.keys()
    assert after["I59"].row == 2


def test_totals_follow_every_change_as_if_added_up_anew(desk: Desk, paper: Paper) -> None:
    from storage.totals import add_up, totals_of

    paper.customers[0] += ["币种"]
    for place, row in enumerate(paper.customers[1:]):
        row += ["USD" if place % 3 == 0 else "CNY"]
    for change in ("pay", "move", "gone"):
        if change == "pay":
            for bill in paper.invoices[1:20]:
                bill[5] = 250
        elif change == "move":
            paper.customers[2][4], paper.customers[4][4] = "USD", "CNY"
            paper.invoices[1:] = paper.invoices[:0:-1]
        else:
            del paper.customers[28:], paper.invoices[50:]
        sync(desk)
        kept = desk.mirror.totals()
        assert kept
        with desk.mirror.writing() as connection:
            add_up(connection)
            assert totals_of(connection) == kept


def test_deleting_the_mirror_at_any_time_only_costs_a_sync(desk: Desk, tmp_path: Path) -> None:
    for name in ("mirror.db", "mirror.db-wal", "mirror.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    sync(desk)
    assert len(desk.mirror.customer_ids()) == 30


def test_a_broken_mirror_file_is_made_anew(paper: Paper, tmp_path: Path) -> None:
    (tmp_path / "mirror.db").write_bytes(b"this is no database at all" * 50)
    desk = desk_of(paper, tmp_path)
    sync(desk)
    assert len(desk.mirror.customer_ids()) == 30


def test_a_hand_edit_of_a_limit_does_not_count_until_confirmed(desk: Desk, paper: Paper) -> None:
    from flows.confirm import confirm_all

    paper.customers[1][2] = 9_000_000
    sync(desk)
    account = account_of(desk, "C0")
    assert account is not None
    assert account.customer.credit_limit == 100_000
    assert "unapproved_edit" in codes(account.notes)
    assert codes(confirm_all(desk)) == ["unapproved_edit"]
    assert limit_of(desk, "C0") == 9_000_000


def test_a_hand_edit_is_shown_as_the_amount_it_is(desk: Desk, paper: Paper) -> None:
    paper.customers[1][2] = 2_000_000
    paper.customers[2][2] = ""
    sync(desk)
    said = {
        lang: [look_up(desk, reader_for(desk, None, lang), f"C{n}").message["blocks"] for n in (0, 1)] for lang in LANGS
    }
    assert "授信额度被直接改为“200.0 万”" in str(said["zh-CN"][0])
    assert 'Credit limit was changed to "¥2,000,000" by hand' in str(said["en"][0])
    assert "授信额度被直接清空" in str(said["zh-CN"][1])


def test_a_baseline_that_wrote_amounts_with_an_exponent_still_compares(desk: Desk, tmp_path: Path) -> None:
    from sqlite_utils import Database

    with Database(str(tmp_path / "baseline.db")).conn as connection:
        changed = connection.execute("update baseline set cells = replace(cells, '\"100000\"', '\"1E+5\"')")
        assert changed.rowcount == 30
        connection.execute("update meta set value = 'other' where name = 'taken'")
    sync(desk)
    account = account_of(desk, "C0")
    assert account is not None
    assert "unapproved_edit" not in codes(account.notes)


def test_deleting_the_mirror_never_makes_a_hand_edit_a_decision(desk: Desk, paper: Paper, tmp_path: Path) -> None:
    paper.customers[1][2] = 9_000_000
    desk.mirror.rebuild()
    sync(desk)
    assert limit_of(desk_of(paper, tmp_path), "C0") == 100_000


def test_a_hold_set_by_hand_protects_at_once_and_lifting_it_does_not_count(desk: Desk, paper: Paper) -> None:
    paper.customers[1][3] = "冻结"
    sync(desk)
    held = account_of(desk, "C0")
    assert held is not None
    assert held.customer.status == "hold"


def test_a_shrunken_tab_keeps_its_last_good_copy_and_says_so(desk: Desk, paper: Paper) -> None:
    del paper.invoices[30:]
    report = sync(desk)
    assert codes(report.held) == ["tab_shrunk"]
    assert len(desk.mirror.tab_rows("invoices")) == 60
    assert desk.latest.view is not None
    assert codes(desk.latest.view.held) == ["tab_shrunk"]


def test_a_renamed_key_column_keeps_the_last_good_copy(desk: Desk, paper: Paper) -> None:
    paper.invoices[0][0] = "单据编码"
    assert codes(sync(desk).held) == ["key_column_missing"]
    assert len(desk.mirror.tab_rows("invoices")) == 60


def test_a_desk_that_starts_while_google_is_away_answers_from_its_copy(
    desk: Desk, paper: Paper, tmp_path: Path
) -> None:
    from flows.access import Reader

    paper.away = True
    again = desk_of(paper, tmp_path)
    assert restore(again)
    assert look_up(again, Reader(account="", everything=True), "C3").kind == "answer"


def test_who_loses_his_last_row_while_a_column_is_added_is_looked_at_again(desk: Desk, paper: Paper) -> None:
    from flows.access import Reader

    def exposure() -> str:
        answered = look_up(desk, Reader(account="", everything=True), "C3").answered
        assert answered is not None
        return str(answered.answer["exposure"])

    sums = desk.mirror.whole().open_base or 0
    assert exposure() == "2036.00"
    paper.invoices = [[*row, ""] for row in paper.invoices if row[1] != "C3"]
    paper.invoices[0][-1] = "备注"
    assert sync(desk).held == ()
    assert exposure() == "0.00"
    assert desk.mirror.whole().open_base == sums - 203_600
    assert desk.mirror.card("C3") is None


def test_a_small_tab_that_loses_its_rows_and_gets_a_column_counts_them_and_is_another_copy(
    desk: Desk, paper: Paper
) -> None:
    paper.invoices = paper.invoices[:8]
    desk.mirror.rebuild()
    sync(desk)
    taken = desk.mirror.meta("taken")
    paper.invoices = [[*paper.invoices[0], "备注"]]
    report = sync(desk)
    assert report.held == ()
    assert (report.changed_rows, report.touched_customers) == (7, 7)
    assert desk.mirror.meta("taken") != taken
    assert desk.mirror.tab_rows("invoices") == []
    assert sync(desk).changed_rows == 0
    paper.invoices += [["I1", "C1", "2026-10-01", "2026-12-01", 5, 0, ""]]
    assert sync(desk).changed_rows == 1


def test_numbers_too_long_to_be_read_are_no_keys_of_a_tab(paper: Paper) -> None:
    from storage.taking import keys_in

    paper.invoices[1][0] = paper.invoices[2][0] = "9" * (MAX_KEY + 1)
    paper.invoices[3][0] = "9" * MAX_KEY
    assert keys_in(paper.fetch().tabs["invoices"]) == (58, 58)
