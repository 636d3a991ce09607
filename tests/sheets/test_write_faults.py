"""Whatever happens to the answer, a job is in the sheet once or not at all, and the writer knows which."""

from decimal import Decimal

import pytest

from sandbox.google.store import Mark
from sheets.write_job import WriteBusy, WriteConflict, WriteUnknown
from tests.sheets.writing import DECISIONS, Sheet, decision, job, newcomer, update

WHOLE = job(update("C1", credit_limit=Decimal(500_000)), newcomer(), decision())


def is_written_once(sheet: Sheet) -> bool:
    return (
        sheet.row("C1")[2] == 50
        and [row[0] for row in sheet.shown()[3:7]] == ["C1", "C2", "C3", "C9"]
        and [row[0] for row in sheet.shown("审批记录")[1:]] == ["CR-2026-0001"]
    )


def nothing_written(sheet: Sheet) -> bool:
    return sheet.row("C1")[2] == 10 and len(sheet.shown()) == 9 and len(sheet.shown("审批记录")) == 1


@pytest.mark.parametrize("kind", ["reset", "lost", "cut", "truncated"])
def test_a_lost_answer_is_looked_up_at_once(sheet: Sheet, kind: str) -> None:
    sheet.fail(kind)
    done = sheet.writer.write(WHOLE, already_tried=False)
    assert done.before
    assert [place.row for place in done.places] == [4, 7, 2]
    assert is_written_once(sheet)
    assert sheet.count("spreadsheets.batchUpdate") == 1


@pytest.mark.parametrize("kind", ["500", "502", "503", "504", "html"])
def test_a_503_after_the_batch_was_applied_is_no_reason_to_repeat_it(sheet: Sheet, kind: str) -> None:
    sheet.fail(kind, applies=True)
    assert sheet.writer.write(WHOLE, already_tried=False).before
    assert is_written_once(sheet)
    assert sheet.count("spreadsheets.batchUpdate") == 1


@pytest.mark.parametrize("kind", ["500", "503", "html"])
def test_a_failure_before_anything_happened_is_unknown_and_the_next_try_writes(sheet: Sheet, kind: str) -> None:
    sheet.fail(kind)
    with pytest.raises(WriteUnknown):
        sheet.writer.write(WHOLE, already_tried=False)
    assert nothing_written(sheet)
    assert not sheet.writer.write(WHOLE, already_tried=True).before
    assert is_written_once(sheet)


@pytest.mark.parametrize("restarted", [False, True])
def test_while_nobody_answers_it_stays_unknown_and_is_found_later(sheet: Sheet, restarted: bool) -> None:
    sheet.fail("reset")
    sheet.meanwhile(lambda: sheet.fail("503", "spreadsheets.get", times=2))
    with pytest.raises(WriteUnknown):
        sheet.writer.write(WHOLE, already_tried=False)
    assert is_written_once(sheet)
    if restarted:
        sheet.again()
    assert sheet.writer.write(WHOLE, already_tried=True).before
    assert is_written_once(sheet)
    assert sheet.count("spreadsheets.batchUpdate") == 1


def test_too_many_calls_and_a_google_that_is_away_are_busy(sheet: Sheet) -> None:
    sheet.fail("429", retry_after=20)
    with pytest.raises(WriteBusy) as met:
        sheet.writer.write(WHOLE, already_tried=False)
    assert met.value.retry_after == 30
    sheet.fail("503", "spreadsheets.get", times=9)
    with pytest.raises(WriteBusy):
        sheet.writer.write(WHOLE, already_tried=False)
    assert nothing_written(sheet)


def test_a_sheet_that_may_only_be_read_says_whom_to_share_it_with(sheet: Sheet) -> None:
    sheet.fail("403")
    with pytest.raises(WriteConflict) as met:
        sheet.writer.write(WHOLE, already_tried=False)
    assert met.value.code == "sheet_read_only"
    assert "@" in str(met.value.facts["account"])
    sheet.google.shared = False
    with pytest.raises(WriteConflict) as met:
        sheet.writer.write(WHOLE, already_tried=False)
    assert met.value.code == "sheet_forbidden"


def test_an_expired_token_is_renewed_and_a_deleted_key_is_waited_out(sheet: Sheet) -> None:
    sheet.meanwhile(lambda: sheet.fail("error:UNAUTHENTICATED"))
    sheet.writer.write(WHOLE, already_tried=False)
    assert is_written_once(sheet)
    sheet.fail("error:UNAUTHENTICATED", times=2)
    with pytest.raises(WriteBusy) as met:
        sheet.writer.write(job(update("C2"), mark="m8", number=8), already_tried=False)
    assert met.value.retry_after >= 60


def test_a_repeat_of_an_applied_batch_is_refused_by_google_and_counts_as_done(sheet: Sheet) -> None:
    """The first batch lands late: after the second try has looked, before its own batch arrives."""
    client = sheet.ledger.client()
    bodies = []
    send = client.send

    def held_back(endpoint: str, params: object, body: object) -> object:
        bodies.append((endpoint, params, body))
        return send(endpoint, params, body)

    client.send = held_back  # type: ignore[method-assign, assignment]
    sheet.fail("503")
    with pytest.raises(WriteUnknown):
        sheet.writer.write(WHOLE, already_tried=False)
    sheet.meanwhile(lambda: send(*bodies[0]))
    done = sheet.again().write(WHOLE, already_tried=True)
    assert done.before
    assert is_written_once(sheet)


def test_two_at_once_write_once(sheet: Sheet) -> None:
    other = sheet.writer
    first = sheet.again()
    sheet.meanwhile(lambda: other.write(WHOLE, already_tried=False))
    assert first.write(WHOLE, already_tried=False).before
    assert is_written_once(sheet)
    assert list(sheet.google.sheet.marks) == [7]


@pytest.mark.parametrize("place", [None, (1000, None, 0), (1000, "ROWS", 4)])
def test_an_id_that_somebody_else_uses_is_passed_over(sheet: Sheet, place: tuple[int, str | None, int] | None) -> None:
    sheet.google.sheet.marks[7] = Mark(7, "theirs", "x", "DOCUMENT", place)
    assert not sheet.writer.write(WHOLE, already_tried=False).before
    assert is_written_once(sheet)
    assert {number: mark.key for number, mark in sheet.google.sheet.marks.items()} == {7: "theirs", 8: "w"}
    assert sheet.again().write(WHOLE, already_tried=True).before


def test_marks_go_after_a_week_and_others_stay(sheet: Sheet) -> None:
    sheet.google.sheet.marks[900] = Mark(900, "w", "not ours", "DOCUMENT", None)
    sheet.google.sheet.marks[901] = Mark(901, "theirs", "x.1.0", "DOCUMENT", None)
    sheet.writer.write(job(decision("A"), number=1, mark="a"), already_tried=False)
    sheet.days_later(7)
    sheet.writer.write(job(decision("B"), number=2, mark="b"), already_tried=False)
    assert sorted(sheet.google.sheet.marks) == [1, 2, 900, 901]
    sheet.days_later(8)
    sheet.writer.write(job(decision("C"), number=3, mark="c"), already_tried=False)
    assert sorted(sheet.google.sheet.marks) == [2, 3, 900, 901]


def test_when_the_room_for_marks_runs_short_older_ones_go_early(sheet: Sheet) -> None:
    day = 46351 - 3
    for number in range(100, 820):
        sheet.google.sheet.marks[number] = Mark(number, "w", f"{number:032d}.{day}.0", "DOCUMENT", None)
    sheet.writer.write(job(decision()), already_tried=False)
    assert 500 < len(sheet.google.sheet.marks) < 600
    assert min(number for number in sheet.google.sheet.marks if number >= 100) > 250


def test_a_mark_that_has_gone_does_not_make_it_happen_twice(sheet: Sheet) -> None:
    sheet.writer.write(WHOLE, already_tried=False)
    sheet.google.sheet.marks.clear()
    assert sheet.again().write(WHOLE, already_tried=True).before
    assert is_written_once(sheet)
    assert sheet.google.sheet.marks == {}


def test_what_people_changed_after_it_landed_stays_theirs(sheet: Sheet) -> None:
    sheet.writer.write(WHOLE, already_tried=False)
    sheet.tab().cells[3][2] = 44
    sheet.tab().cells[6][1] = "另名"
    done = sheet.again().write(WHOLE, already_tried=True)
    assert done.before
    assert done.changed == ("customers.credit_limit", "customers.name")
    assert sheet.row("C1")[2] == 44


def test_a_row_that_was_deleted_after_it_landed_is_not_written_again(sheet: Sheet) -> None:
    sheet.writer.write(WHOLE, already_tried=False)
    del sheet.tab("审批记录").cells[1]
    with pytest.raises(WriteConflict) as met:
        sheet.again().write(WHOLE, already_tried=True)
    assert met.value.code == "row_gone"
    assert sheet.tab("审批记录").cells == DECISIONS


def test_a_batch_that_google_refuses_for_good_is_parked(sheet: Sheet) -> None:
    sheet.fail("error:INVALID_ARGUMENT", times=9)
    with pytest.raises(WriteConflict) as met:
        sheet.writer.write(WHOLE, already_tried=False)
    assert met.value.code == "sheet_refused"
    assert sheet.count("spreadsheets.batchUpdate") == 2


def test_a_sheet_that_is_typed_into_between_two_reads_is_looked_at_again(sheet: Sheet) -> None:
    ledger = sheet.ledger
    read, count = ledger.values, iter(range(1, 9))

    def typing(titles: list[str], *, formulas: bool = False) -> object:
        if formulas and next(count) < 3:
            sheet.tab().cells[4][1] = f"乙{next(count)}"
        return read(titles, formulas=formulas)

    ledger.values = typing  # type: ignore[method-assign, assignment]
    try:
        sheet.writer.write(WHOLE, already_tried=False)
    finally:
        vars(ledger).pop("values")
    assert is_written_once(sheet)
