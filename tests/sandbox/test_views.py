"""Modals and Home through the real Bolt: stacks, hashes, what is typed, what is answered."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.slack.limits import LIMIT
from tests.sandbox.slacks import EAST, GENERAL, LIN, WANG, Slack, app_for, connected


def plain(text: str = "x") -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def asking(block_id: str, element: dict[str, Any], **given: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": block_id, "label": plain(), "element": {"action_id": "a", **element}, **given}


def modal(*blocks: dict[str, Any], **given: Any) -> dict[str, Any]:
    inputs = list(blocks) or [asking("note", {"type": "plain_text_input"})]
    return {"type": "modal", "callback_id": "v", "title": plain("t"), "submit": plain("ok"), "blocks": inputs, **given}


HOME = {"type": "home", "blocks": [{"type": "divider"}]}
OPTIONS = [{"text": plain(str(at)), "value": str(at)} for at in range(3)]


class Answering:
    """An app whose answer to a submission a test sets."""

    submission: dict[str, Any] | None = None
    options: list[dict[str, Any]] | None = OPTIONS


@pytest.fixture
def app(slack: Slack) -> Iterator[type[Answering]]:
    """It keeps what it hears."""
    app = app_for(slack)

    class Now(Answering):
        pass

    @app.view("v")
    def submitted(ack: Any, body: dict[str, Any]) -> None:
        slack.keep("submit", body)
        ack(**Now.submission) if Now.submission else ack()

    @app.view_closed("v")
    def closed(ack: Any, body: dict[str, Any]) -> None:
        ack()
        slack.keep("closed", body)

    @app.action("a")
    def action(ack: Any, body: dict[str, Any]) -> None:
        ack()
        slack.keep("action", body)

    @app.options("a")
    def options(ack: Any, body: dict[str, Any]) -> None:
        slack.keep("options", body)
        if Now.options is not None:
            ack(options=Now.options)

    with connected(slack, app):
        yield Now


def opened(
    slack: Slack, view: dict[str, Any] | None = None, person: str = LIN, method: str = "views_open"
) -> dict[str, Any]:
    trigger = slack.workspace.new_trigger(person)
    found: dict[str, Any] = getattr(slack.client, method)(trigger_id=trigger, view=view or modal())["view"]
    return found


def submit(slack: Slack, **values: Any) -> dict[str, Any]:
    wanted = {block: {"a": value} for block, value in (values or {"note": "x"}).items()}
    return slack.hand.act("submit", person=LIN, values=wanted)


def stack(slack: Slack, person: str = LIN) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = slack.hand.seen(person)["modals"]
    return found


def test_a_trigger_serves_once_and_three_seconds(slack: Slack) -> None:
    trigger = slack.workspace.new_trigger(LIN)
    assert slack.refused("views.open", trigger_id=trigger, view=modal()) == ""
    assert slack.refused("views.open", trigger_id=trigger, view=modal()) == "exchanged_trigger_id"
    late = slack.workspace.new_trigger(LIN)
    slack.forward(LIMIT["trigger_seconds"] + 0.1)
    assert slack.refused("views.open", trigger_id=late, view=modal()) == "expired_trigger_id"
    assert slack.refused("views.open", trigger_id="junk", view=modal()) == "invalid_trigger_id"


def test_views_stand_on_one_another_up_to_three_and_know_it(slack: Slack) -> None:
    first, second = opened(slack), opened(slack, method="views_push")
    third = opened(slack, method="views_push")
    assert (first["root_view_id"], first["previous_view_id"]) == (first["id"], None)
    assert (second["root_view_id"], second["previous_view_id"]) == (first["id"], first["id"])
    assert (third["root_view_id"], third["previous_view_id"]) == (first["id"], second["id"])
    trigger = slack.workspace.new_trigger(LIN)
    assert slack.refused("views.push", trigger_id=trigger, view=modal()) == "push_limit_reached"
    assert len(stack(slack)) == LIMIT["view_stack"]


def test_an_external_id_is_used_once_and_finds_its_view(slack: Slack) -> None:
    opened(slack, modal(external_id="e"))
    other = slack.workspace.new_trigger(WANG)
    assert slack.refused("views.open", trigger_id=other, view=modal(external_id="e")) == "duplicate_external_id"
    assert slack.refused("views.update", external_id="e", view=modal(external_id="e", title=plain("new"))) == ""
    assert stack(slack)[0]["view"]["title"]["text"] == "new"
    assert slack.refused("views.update", external_id="none", view=modal()) == "not_found"


def test_a_stale_hash_loses(slack: Slack) -> None:
    view = opened(slack)
    changed = {"view_id": view["id"], "hash": view["hash"], "view": modal()}
    assert slack.refused("views.update", **changed) == ""
    assert slack.refused("views.update", **changed) == "hash_conflict"


def test_home_keeps_its_id_takes_only_home_and_a_modal_is_no_home(slack: Slack) -> None:
    first = slack.client.views_publish(user_id=LIN, view=HOME)["view"]
    second = slack.client.views_publish(user_id=LIN, view=HOME)["view"]
    assert (first["id"], first["hash"] == second["hash"]) == (second["id"], False)
    assert slack.refused("views.publish", user_id=LIN, view=HOME, hash=first["hash"]) == "hash_conflict"
    assert slack.refused("views.publish", user_id=LIN, view=modal()) == "invalid_arguments"
    assert slack.refused("views.open", trigger_id=slack.workspace.new_trigger(LIN), view=HOME) == "invalid_arguments"


EVERY_INPUT = [
    ({"type": "plain_text_input"}, "hello", {"value": "hello"}),
    ({"type": "number_input", "is_decimal_allowed": True}, "1.5", {"value": "1.5"}),
    ({"type": "email_text_input"}, "a@b.cn", {"value": "a@b.cn"}),
    ({"type": "url_text_input"}, "https://x.cn", {"value": "https://x.cn"}),
    ({"type": "static_select", "options": OPTIONS}, "1", {"selected_option": OPTIONS[1]}),
    ({"type": "multi_static_select", "options": OPTIONS}, ["0", "2"], {"selected_options": [OPTIONS[0], OPTIONS[2]]}),
    ({"type": "static_select", "option_groups": [{"label": plain(), "options": OPTIONS}]}, "2", {"selected_option": OPTIONS[2]}),
    ({"type": "radio_buttons", "options": OPTIONS}, "1", {"selected_option": OPTIONS[1]}),
    ({"type": "checkboxes", "options": OPTIONS}, ["1"], {"selected_options": [OPTIONS[1]]}),
    ({"type": "datepicker"}, "2026-12-01", {"selected_date": "2026-12-01"}),
    ({"type": "timepicker"}, "09:30", {"selected_time": "09:30"}),
    ({"type": "datetimepicker"}, 1_800_000_000, {"selected_date_time": 1_800_000_000}),
    ({"type": "users_select"}, WANG, {"selected_user": WANG}),
    ({"type": "multi_users_select"}, [LIN, WANG], {"selected_users": [LIN, WANG]}),
    ({"type": "conversations_select"}, EAST, {"selected_conversation": EAST}),
    ({"type": "channels_select"}, GENERAL, {"selected_channel": GENERAL}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("element", "value", "state"), EVERY_INPUT, ids=lambda found: found.get("type") if isinstance(found, dict) else None
)
def test_each_kind_of_input_arrives_as_slack_sends_it(
    slack: Slack, app: Any, element: dict[str, Any], value: Any, state: dict[str, Any]
) -> None:
    opened(slack, modal(asking("i", element)))
    assert submit(slack, i=value)["ok"]
    sent = slack.wait("submit")["view"]["state"]["values"]
    assert sent == {"i": {"a": {"type": element["type"], **state}}}
    assert stack(slack) == []


def test_what_an_element_does_not_offer_cannot_be_chosen(slack: Slack) -> None:
    opened(slack, modal(asking("i", {"type": "static_select", "options": OPTIONS})))
    assert "offers" in submit(slack, i="9")["error"]
    opened(slack, modal(asking("i", {"type": "multi_users_select", "max_selected_items": 1})))
    assert not submit(slack, i=[LIN, WANG])["ok"]
    assert not submit(slack, i=["U0NOBODY"])["ok"]


@pytest.mark.parametrize(("element", "value"), [
    ({"type": "plain_text_input"}, ""),
    ({"type": "plain_text_input", "min_length": 3}, "ab"),
    ({"type": "plain_text_input", "max_length": 3}, "abcd"),
    ({"type": "number_input", "is_decimal_allowed": False}, "1.5"),
    ({"type": "number_input", "is_decimal_allowed": True, "max_value": "10"}, "11"),
    ({"type": "number_input", "is_decimal_allowed": True}, "ten"),
    ({"type": "email_text_input"}, "nobody"),
    ({"type": "url_text_input"}, "nowhere"),
    ({"type": "checkboxes", "options": OPTIONS}, []),
])  # fmt: skip
def test_the_client_itself_stops_what_a_field_does_not_take(
    slack: Slack, app: Any, element: dict[str, Any], value: Any
) -> None:
    opened(slack, modal(asking("i", element)))
    assert not submit(slack, i=value)["ok"]
    assert "i" in stack(slack)[0]["errors"]
    assert "submit" not in slack.told


def test_an_optional_field_may_stay_empty_and_comes_as_null(slack: Slack, app: Any) -> None:
    opened(slack, modal(asking("i", {"type": "plain_text_input"}, optional=True)))
    assert submit(slack, i="")["ok"]
    assert slack.wait("submit")["view"]["state"]["values"]["i"]["a"]["value"] is None


def test_initial_values_count_until_something_is_typed_and_survive_an_update_only_by_their_block(slack: Slack) -> None:
    first = modal(asking("i", {"type": "plain_text_input", "initial_value": "first"}))
    view = opened(slack, first)
    assert view["state"]["values"]["i"]["a"]["value"] == "first"
    slack.hand.act("fill", person=LIN, values={"i": {"a": "typed"}})
    same = modal(asking("i", {"type": "plain_text_input", "initial_value": "second"}))
    kept = slack.client.views_update(view_id=view["id"], view=same)["view"]
    assert kept["state"]["values"]["i"]["a"]["value"] == "typed"
    other = modal(asking("j", {"type": "plain_text_input", "initial_value": "second"}))
    reset = slack.client.views_update(view_id=view["id"], view=other)["view"]
    assert reset["state"]["values"] == {"j": {"a": {"type": "plain_text_input", "value": "second"}}}


def test_a_click_in_a_modal_carries_what_is_typed_beside_it(slack: Slack, app: Any) -> None:
    row = {
        "type": "actions",
        "block_id": "row",
        "elements": [{"type": "static_select", "action_id": "a", "options": OPTIONS}],
    }
    opened(slack, modal(asking("note", {"type": "plain_text_input"}), row))
    slack.hand.act("fill", person=LIN, values={"note": {"a": "half"}})
    assert slack.hand.act("click_view", person=LIN, surface="modal", action_id="a", block_id="row", value="2")["ok"]
    body = slack.wait("action")
    assert body["actions"][0]["selected_option"] == OPTIONS[2]
    assert body["view"]["state"]["values"]["note"]["a"]["value"] == "half"
    assert body["view"]["state"]["values"]["row"]["a"]["selected_option"] == OPTIONS[2]


def test_a_choice_on_a_message_carries_its_state(slack: Slack, app: Any) -> None:
    menu = {"type": "overflow", "action_id": "a", "options": OPTIONS}
    pick = {"type": "users_select", "action_id": "who"}
    ts = slack.post(blocks=[{"type": "actions", "block_id": "row", "elements": [menu, pick]}])
    slack.hand.act("click", person=LIN, channel=GENERAL, ts=ts, action_id="a", value="1")
    body = slack.wait("action")
    assert body["actions"][0]["selected_option"] == OPTIONS[1]
    assert body["state"]["values"] == {"row": {"who": {"type": "users_select", "selected_user": None}}}


def test_an_external_select_offers_what_the_app_answers_in_time(slack: Slack, app: type[Answering]) -> None:
    opened(slack, modal(asking("i", {"type": "external_select", "min_query_length": 2})))
    asked = {"person": LIN, "surface": "modal", "action_id": "a"}
    assert slack.hand.act("suggest", **asked, text="x")["result"] == []
    assert slack.hand.act("suggest", **asked, text="xy")["result"] == OPTIONS
    assert (slack.told["options"][0]["value"], len(slack.told["options"])) == ("xy", 1)
    assert submit(slack, i="2")["ok"]
    assert slack.wait("submit")["view"]["state"]["values"]["i"]["a"]["selected_option"] == OPTIONS[2]
    opened(slack, modal(asking("i", {"type": "external_select", "min_query_length": 0})))
    app.options = None
    assert slack.hand.act("suggest", **asked, text="xy")["result"] == []
    app.options = [{"text": plain(), "value": str(at)} for at in range(101)]
    assert slack.hand.act("suggest", **asked, text="xy")["result"] == []
    assert "block_suggestion" in slack.hand.state()["unknown"][0]


def test_files_chosen_in_a_form_arrive_with_their_address(slack: Slack, app: Any) -> None:
    opened(slack, modal(asking("i", {"type": "file_input", "max_files": 1})))
    one, two = (slack.hand.act("upload", person=LIN, name="a.pdf", content="pdf")["result"] for _ in range(2))
    assert not submit(slack, i=[one, two])["ok"]
    assert submit(slack, i=[one])["ok"]
    (file,) = slack.wait("submit")["view"]["state"]["values"]["i"]["a"]["files"]
    assert (file["id"], file["name"], file["size"], file["mimetype"]) == (one, "a.pdf", 3, "application/pdf")
    assert slack.client.files_info(file=one)["file"]["url_private"] == file["url_private"]


def test_a_conversation_select_may_ask_for_an_address_to_answer_to(slack: Slack, app: Any) -> None:
    opened(slack, modal(asking("i", {"type": "conversations_select", "response_url_enabled": True})))
    submit(slack, i=EAST)
    (address,) = slack.wait("submit")["response_urls"]
    assert (address["channel_id"], address["block_id"]) == (EAST, "i")


def test_errors_stand_at_their_fields_and_the_view_stays(slack: Slack, app: type[Answering]) -> None:
    opened(slack)
    app.submission = {"response_action": "errors", "errors": {"note": "too short"}}
    submit(slack)
    assert stack(slack)[0]["errors"] == {"note": "too short"}
    assert slack.hand.state()["unknown"] == []


@pytest.mark.parametrize(("answer", "says"), [
    ({"response_action": "errors", "errors": {"nowhere": "bad"}}, "no input block: ['nowhere']"),
    ({"response_action": "dance"}, "dance"),
    ({"response_action": "update", "view": modal(title=plain("x" * 25))}, "24 characters"),
    ({"response_action": "push", "view": HOME}, "must be of type modal"),
])  # fmt: skip
def test_an_answer_that_slack_cannot_use_shows_trouble_and_is_remembered(
    slack: Slack, app: type[Answering], answer: dict[str, Any], says: str
) -> None:
    opened(slack)
    app.submission = answer
    submit(slack)
    (one,) = stack(slack)
    assert "trouble" in one["errors"][""]
    (unknown,) = slack.hand.state()["unknown"]
    assert says in unknown


def test_submissions_update_push_and_clear(slack: Slack, app: type[Answering]) -> None:
    opened(slack)
    app.submission = {"response_action": "update", "view": modal(title=plain("updated"))}
    submit(slack)
    app.submission = {"response_action": "push", "view": modal(title=plain("pushed"))}
    submit(slack)
    assert [one["view"]["title"]["text"] for one in stack(slack)] == ["updated", "pushed"]
    submit(slack)
    submit(slack)
    assert len(stack(slack)) == LIMIT["view_stack"]
    assert "push_limit_reached" in slack.hand.state()["unknown"][0]
    app.submission = {"response_action": "clear"}
    submit(slack)
    assert stack(slack) == []


def test_closing_is_told_only_where_the_app_asked_to_hear_of_it(slack: Slack, app: Any) -> None:
    opened(slack)
    opened(slack, modal(notify_on_close=True), method="views_push")
    slack.hand.act("close", person=LIN)
    assert slack.wait("closed")["is_cleared"] is False
    slack.hand.act("close", person=LIN)
    assert (len(slack.told["closed"]), stack(slack)) == (1, [])
    opened(slack, modal(notify_on_close=True))
    slack.hand.act("close", person=LIN, everything=True)
    assert slack.wait("closed", 2)["is_cleared"] is True


def test_a_submission_that_nobody_acknowledges_leaves_the_view_open(slack: Slack) -> None:
    opened(slack)
    assert not submit(slack)["ok"]
    assert "trouble" in stack(slack)[0]["errors"][""]
