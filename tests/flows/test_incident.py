"""A red case: its channel is opened once, its team is called, the checklist hangs there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.sync import sync
from sandbox.slack.people import BOT_USER
from tests.flows.office import Office, office
from tests.flows.test_cases import act, opening

NAME = "incident-ev-2026-0001"
TEAM = {"U01LIN", "U02WANG", "U05CHEN", "U06LIU", "U07HE", "U09MA", "U10SUN"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as opened:
        opened.paper.customers[0] += ["部门", "业务经办"]
        for row in opened.paper.customers[1:]:
            row += ["华东", "林晓梅"]
        sync(opened.desk)
        yield opened


def channels(desk: Office, name: str = NAME) -> list[str]:
    """The channels of a name."""
    return [channel for channel, known in desk.slack.workspace.names.items() if known == name]


def test_a_red_case_opens_a_private_channel_with_its_team_and_checklist(desk: Office) -> None:
    case = opening(desk, severity="red")
    desk.run()
    (channel,) = channels(desk)
    assert desk.slack.workspace.members[channel] == {*TEAM, BOT_USER}
    assert channel in desk.slack.workspace.private
    called, card = desk.posted(channel)
    assert "陈国华" in str(called.blocks)
    assert "case.tick" in str(card.blocks)
    (kept,) = desk.record.cases()
    assert (kept.channel, kept.version) == (channel, case.version + 1)
    assert channel in str(desk.posted(desk.dm("U01LIN"))[0].blocks)
    assert desk.slack.workspace.unknown == []


def test_a_tick_changes_the_card_where_it_hangs(desk: Office) -> None:
    opening(desk, severity="red")
    desk.run()
    (case,), (channel,) = desk.record.cases(), channels(desk)
    before = desk.posted(channel)[1].ts
    act(desk, case, "he", act="tick", step="money")
    desk.run()
    card = desk.posted(channel)[1]
    assert card.ts == before
    assert "✅" in str(card.blocks)
    assert len(desk.posted(channel)) == 2


@pytest.mark.parametrize("kind", ["lost", "reset", "truncated"])
@pytest.mark.parametrize("method", ["conversations.create", "conversations.invite", "chat.postMessage"])
def test_an_answer_that_is_lost_opens_no_second_channel_and_says_nothing_twice(
    desk: Office, method: str, kind: str
) -> None:
    desk.fail(method, kind)
    opening(desk, severity="red")
    desk.run()
    (channel,) = channels(desk)
    assert desk.slack.workspace.members[channel] == {*TEAM, BOT_USER}
    assert len(desk.posted(channel)) == 2


def test_a_channel_of_that_name_which_somebody_else_made_is_left_alone(desk: Office) -> None:
    desk.slack.workspace.names["C03EAST"] = NAME
    opening(desk, severity="red")
    desk.run()
    assert [item.why for item in desk.record.parked() if item.kind == "case_channel"] == ["name_taken"]
    assert desk.posted("C03EAST") == []


def test_raising_it_opens_the_channel_and_another_owner_is_called_into_it(desk: Office) -> None:
    case = opening(desk)
    desk.run()
    assert channels(desk) == []
    act(desk, case, act="change", severity="red")
    desk.run()
    (channel,), (case,) = channels(desk), desk.record.cases()
    act(desk, case, act="change", owner=desk.desk.people.by_id["zhao"])
    desk.run()
    assert "U04ZHAO" in desk.slack.workspace.members[channel]


def test_one_that_is_lowered_before_the_channel_opens_gets_none(desk: Office) -> None:
    case = opening(desk, severity="red")
    act(desk, case, "ma", act="change", severity="orange")
    desk.run()
    assert channels(desk) == []


def test_an_exercise_has_a_channel_that_says_so(desk: Office) -> None:
    opening(desk, severity="red", drill=True)
    desk.run()
    (channel,) = channels(desk, "drill-ev-2026-0001")
    assert all("演练" in str(one.blocks) and "演练" in one.text for one in desk.posted(channel))


def test_guests_are_not_called(desk: Office) -> None:
    known = desk.slack.workspace
    opening(desk, severity="red")
    desk.run()
    (channel,) = channels(desk)
    assert not known.members[channel] & {"U11GUEST", "U12CONN"}
