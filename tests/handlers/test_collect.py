"""`/credit collect NAME` through the real Bolt."""

import json

from tests.handlers.slack import Bolt


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
