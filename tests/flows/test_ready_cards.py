"""A card kept ready is the answer that would be made now, for those who may see it, or it is not used."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from bot.wiring import load_policy
from flows.access import Reader
from flows.cards import fill_cards, make_card
from flows.confirm import confirm_all
from flows.home import remember_answer
from flows.lookup import look_up
from flows.roster import Roster
from flows.sync import sync
from tests.flows.hall import Hall
from tests.paper import NOON
from texts.formats import LANGS

OUTSIDER = Reader("U11GUEST", outsider=True)


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path)


@pytest.mark.parametrize("lang", LANGS)
def test_a_ready_card_is_the_answer_to_the_letter(hall: Hall, lang: str) -> None:
    reader = hall.reader(lang=lang)
    assert [hall.ready(f"C{n}", reader) for n in range(30)] == [hall.made(f"C{n}", reader) for n in range(30)]


@pytest.mark.parametrize("account", ["U03SMITH", "U20NEW"])
@pytest.mark.parametrize("lang", LANGS)
def test_who_may_see_the_grade_only_gets_no_ready_card(hall: Hall, account: str, lang: str) -> None:
    reader = hall.reader(account, lang)
    assert hall.ready("C5", hall.reader(lang=lang)) is not None
    assert hall.ready("C5", reader) is None
    outcome = look_up(hall.desk, reader, "C5")
    assert outcome.kind == "grade_only"
    said = orjson.dumps(outcome.message).decode()
    assert not [one for one in ("¥", "元", "100,000", "10.0 万", "2,040", "lookup.details") if one in said]
    remember_answer(hall.desk, reader, outcome)
    assert hall.ready("C5", reader) is None


def test_what_may_be_seen_follows_the_people_and_not_the_card(hall: Hall) -> None:
    people = hall.desk.people
    moved = [one.model_copy(update={"departments": ("华南",)}) if one.id == "lin" else one for one in people.people]
    hall.desk = replace(hall.desk, roster=Roster(type(people)(people=tuple(moved))))
    assert (hall.ready("C5"), look_up(hall.desk, hall.reader(), "C5").kind) == (None, "grade_only")


def test_a_guest_gets_no_ready_card(hall: Hall) -> None:
    assert hall.ready("C5", OUTSIDER) is None
    assert look_up(hall.desk, OUTSIDER, "C5").kind == "refused"


def test_a_card_is_not_used_on_another_day(hall: Hall) -> None:
    hall.clock.now = NOON + timedelta(days=1)
    assert hall.ready("C5") is None
    sync(hall.desk)
    assert hall.ready("C5") is None
    hall.fill()
    assert hall.ready("C5") == hall.made("C5")


def test_a_card_is_not_used_once_the_copy_is_stale(hall: Hall) -> None:
    limit = hall.desk.policy.operating.stale_minutes
    hall.clock.now = NOON + timedelta(minutes=limit - 1)
    assert hall.ready("C5") == hall.made("C5")
    hall.clock.now = NOON + timedelta(minutes=limit)
    assert hall.ready("C5") is None


def test_a_card_is_not_used_under_another_policy(hall: Hall, tmp_path: Path) -> None:
    text = Path("policy.yaml").read_text(encoding="utf-8")
    (tmp_path / "other.yaml").write_text(text.replace("20000000", "30000000"), encoding="utf-8")
    hall.desk = replace(hall.desk, policy=load_policy(tmp_path / "other.yaml"))
    sync(hall.desk)
    assert hall.ready("C5") is None


def test_a_change_of_his_own_rows_drops_his_card_and_no_other(hall: Hall) -> None:
    hall.paper.invoices[1 + 5][5] = 300
    sync(hall.desk)
    cards = [hall.desk.mirror.card(f"C{n}") for n in range(30)]
    assert [n for n, card in enumerate(cards) if card is None] == [5]
    assert hall.ready("C5") is None
    hall.fill()
    assert hall.ready("C5") == hall.made("C5")


def test_a_card_is_not_used_once_his_group_changed(hall: Hall) -> None:
    before = hall.ready("C0")
    hall.paper.invoices[1 + 2][4] = 5000  # C2 is of C0's group
    sync(hall.desk)
    assert [hall.ready(name) for name in ("C0", "C1", "C2")] == [None] * 3
    assert hall.ready("C3") == hall.made("C3")
    assert hall.made("C0") != before


def test_a_card_is_not_used_outside_the_totals_it_holds_for(hall: Hall) -> None:
    hall.paper.invoices[1 + 5][4] = 4000  # C5 owes between 5 and 10 % of the book
    sync(hall.desk)
    hall.fill()
    kept, view = hall.desk.mirror.card("C5"), hall.desk.latest.view
    assert view is not None
    assert kept is not None
    assert (kept.low, kept.high) == (503_500 * 10, 503_500 * 20 - 1)
    for total, used in (
        (kept.low, True),
        (kept.low - 1, False),
        (kept.high, True),
        (503_500 * 20, False),
        (None, False),
    ):
        hall.desk.latest.view = replace(view, receivables_minor=total)
        assert (hall.ready("C5") is not None) is used


def test_cards_made_before_the_ledger_was_taken_in_anew_are_not_kept(hall: Hall) -> None:
    view, owner = hall.desk.latest.view, hall.desk.mirror.owner("C5")
    assert view is not None
    assert owner is not None
    old = make_card(hall.desk, view, owner, "C5", LANGS)
    assert old is not None
    hall.paper.invoices[1 + 5][5] = 300
    sync(hall.desk)
    hall.desk.mirror.keep_cards([old], view.taken)
    assert hall.desk.mirror.card("C5") is None
    del hall.paper.customers[-1]
    hall.paper.invoices = [row for row in hall.paper.invoices if row[1] != "C29"]
    sync(hall.desk)
    assert (hall.desk.mirror.card("C29"), hall.ready("C29")) == (None, None)


def test_cards_of_another_stamp_are_made_again_and_taken_over(hall: Hall) -> None:
    hall.clock.now = NOON + timedelta(days=1)
    sync(hall.desk)
    made, last, seen = 0, 0, -1
    while last != seen:
        seen = last
        count, last = fill_cards(hall.desk, last, limit=7)
        made += count
    assert (made, fill_cards(hall.desk)) == (30, (0, 0))
    assert [hall.ready(f"C{n}") for n in range(30)] == [hall.made(f"C{n}") for n in range(30)]


def test_a_confirmed_hand_edit_drops_every_card_that_showed_it(hall: Hall) -> None:
    hall.paper.customers[1 + 5][2] = 200_000
    sync(hall.desk)
    hall.fill()
    before = hall.ready("C5")
    confirm_all(hall.desk)
    sync(hall.desk)
    assert hall.ready("C5") is None or hall.ready("C5") == hall.made("C5")
    assert hall.made("C5") != before
