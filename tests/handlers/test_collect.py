"""`/credit collect NAME` through the real Bolt."""

import json

import pytest

from tests.handlers.slack import Bolt

ACME = '{"c":"C0003","v":1}'


def test_the_card_is_in_the_acknowledgement(app: Bolt) -> None:
    answer = app.command("U01LIN", "催收 C0003")
    assert answer["response_type"] == "ephemeral"
    assert "律师函" in answer["text"]


def test_a_choice_answers_in_its_place(app: Bolt) -> None:
    answer = app.command("U01LIN", "collect 恒达")
    choices = [block["accessory"] for block in answer["blocks"] if "accessory" in block]
    assert {one["action_id"] for one in choices} == {"collect.choose"}
    app.click("U01LIN", "collect.choose", '{"c":"C0003","v":1}')
    reply = app.slack.wait("reply")
    assert reply["replace_original"] is True
    assert "律师函" in reply["text"]


def test_another_department_sees_no_debts(app: Bolt) -> None:
    answer = json.dumps(app.command("U03SMITH", "collect C0003"))
    assert "access.ask" in answer
    assert "¥" not in answer


def test_the_letters_are_buttons_and_the_one_of_the_stage_stands_first(app: Bolt) -> None:
    answer = app.command("U01LIN", "collect C0003")
    buttons = [one for block in answer["blocks"] if block["type"] == "actions" for one in block["elements"]]
    assert [one["action_id"] for one in buttons] == [
        "collect.letter.lawyer", "collect.letter.statement", "collect.letter.demand",
    ]  # fmt: skip


@pytest.mark.parametrize(("person", "letter"), [("U01LIN", "notice"), ("U03SMITH", "lawyer"), ("U01LIN", "nonsense")])
def test_a_letter_that_does_not_fit_or_is_not_for_him_is_not_made(app: Bolt, person: str, letter: str) -> None:
    app.click(person, f"collect.letter.{letter}", ACME)
    assert app.slack.wait("reply")["text"]
    assert app.slack.named("files.getUploadURLExternal") == []


def test_a_refused_upload_says_what_is_missing(app: Bolt) -> None:
    app.slack.spoilt["conversations.open"] = "missing_scope"
    app.click("U01LIN", "collect.letter.statement", ACME)
    assert "files:write" in app.slack.wait("reply")["text"]
