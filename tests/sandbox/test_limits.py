"""Each limit of the table is taken at its value and refused one beyond."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sandbox.slack.limits import LIMIT, TABLE
from tests.sandbox.slacks import GENERAL, LIN, Slack, running

Body = dict[str, Any]
NOT_CONTENT = {
    "ack_seconds", "trigger_seconds", "response_url_uses", "response_url_seconds", "view_stack", "socket_connections",
    "command_text", "schedule_window",
}  # fmt: skip
"""Of time and of use: each has a test of its own beside what it limits."""


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slack]:
    """One workspace for all of them: what is refused leaves nothing behind."""
    with running(tmp_path_factory.mktemp("limits")) as found:
        yield found


def plain(count: int = 1) -> Body:
    return {"type": "plain_text", "text": "x" * count}


def markdown(count: int = 1) -> Body:
    return {"type": "mrkdwn", "text": "x" * count}


def button(**given: Any) -> Body:
    return {"type": "button", "action_id": "a", "text": plain(), **given}


def options(count: int, **given: Any) -> list[Body]:
    return [{"text": plain(), "value": str(place), **given} for place in range(count)]


def select(**given: Any) -> Body:
    return {"type": "static_select", "action_id": "a", "options": options(1), **given}


def acting(*elements: Body) -> list[Body]:
    return [{"type": "actions", "elements": list(elements)}]


def confirming(**given: Any) -> list[Body]:
    whole = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()}
    return acting(button(confirm={**whole, **given}))


def asking(element: Body, **given: Any) -> list[Body]:
    return [{"type": "input", "label": plain(), "element": element, **given}]


WRITE: Body = {"type": "plain_text_input", "action_id": "i"}


def modal(**given: Any) -> Body:
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": asking(WRITE), **given}


def table(rows: int, columns: int = 1, text: str = "x") -> Body:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] * columns] * rows}


def data_table(rows: int, **given: Any) -> list[Body]:
    return [{**table(rows), "type": "data_table", "caption": "c", **given}]


def weighing(count: int) -> Body:
    """A modal of this many bytes."""
    blocks = [{"type": "section", "text": markdown(3000)}] * 81
    bare = modal(blocks=[*blocks, {"type": "section", "text": markdown(1)}])
    return modal(blocks=[*blocks, {"type": "section", "text": markdown(count - len(json.dumps(bare)) + 1)}])


MESSAGE: dict[str, Callable[[int], list[Body]]] = {
    "message_blocks": lambda n: [{"type": "divider"}] * n,
    "blocks_text": lambda n: [{"type": "section", "text": markdown(min(3000, n - at))} for at in range(0, n, 3000)],
    "block_id": lambda n: [{"type": "divider", "block_id": "x" * n}],
    "action_id": lambda n: acting(button(action_id="x" * n)),
    "section_text": lambda n: [{"type": "section", "text": markdown(n)}],
    "section_fields": lambda n: [{"type": "section", "fields": [markdown()] * n}],
    "field_text": lambda n: [{"type": "section", "fields": [markdown(n)]}],
    "header_text": lambda n: [{"type": "header", "text": plain(n)}],
    "image_alt": lambda n: [{"type": "image", "image_url": "http://x", "alt_text": "x" * n}],
    "image_title": lambda n: [{"type": "image", "image_url": "http://x", "alt_text": "x", "title": plain(n)}],
    "image_url": lambda n: [{"type": "image", "image_url": "x" * n, "alt_text": "x"}],
    "context_elements": lambda n: [{"type": "context", "elements": [plain()] * n}],
    "actions_elements": lambda n: acting(*(button(action_id=str(place)) for place in range(n))),
    "context_actions_elements": lambda n: [{"type": "context_actions", "elements": [
        {"type": "icon_button", "icon": "trash", "text": plain(), "action_id": str(at)} for at in range(n)]}],
    "button_text": lambda n: acting(button(text=plain(n))),
    "button_value": lambda n: acting(button(value="x" * n)),
    "button_url": lambda n: acting(button(url="x" * n)),
    "accessibility_label": lambda n: acting(button(accessibility_label="x" * n)),
    "overflow_options": lambda n: acting({"type": "overflow", "action_id": "a", "options": options(n)}),
    "checkboxes_options": lambda n: acting({"type": "checkboxes", "action_id": "a", "options": options(n)}),
    "radio_options": lambda n: acting({"type": "radio_buttons", "action_id": "a", "options": options(n)}),
    "select_options": lambda n: acting(select(options=options(n))),
    "option_groups": lambda n: acting({"type": "static_select", "action_id": "a", "option_groups": [
        {"label": plain(), "options": options(1)}] * n}),
    "option_group_label": lambda n: acting({"type": "static_select", "action_id": "a", "option_groups": [
        {"label": plain(n), "options": options(1)}]}),
    "option_text": lambda n: acting(select(options=options(1, text=plain(n)))),
    "option_description": lambda n: acting(select(options=options(1, description=plain(n)))),
    "option_value": lambda n: acting(select(options=options(1, value="x" * n))),
    "placeholder": lambda n: acting(select(placeholder=plain(n))),
    "confirm_title": lambda n: confirming(title=plain(n)),
    "confirm_text": lambda n: confirming(text=plain(n)),
    "confirm_button": lambda n: confirming(deny=plain(n)),
    "input_label": lambda n: asking(WRITE, label=plain(n)),
    "input_hint": lambda n: asking(WRITE, hint=plain(n)),
    "input_max_length": lambda n: asking({**WRITE, "max_length": n}),
    "file_input_files": lambda n: asking({"type": "file_input", "action_id": "f", "max_files": n}),
    "table_rows": lambda n: [table(n)],
    "table_columns": lambda n: [table(1, n)],
    "table_characters": lambda n: [table(1, 1, "x" * 5000), table(1, 1, "x" * (n - 5000))],
    "data_table_rows": data_table,
    "data_table_page": lambda n: data_table(2, page_size=n),
    "markdown_block": lambda n: [{"type": "markdown", "text": "x" * 6000}, {"type": "markdown", "text": "x" * (n - 6000)}],
    "card_title": lambda n: [{"type": "card", "title": markdown(n)}],
    "card_subtitle": lambda n: [{"type": "card", "title": markdown(), "subtitle": markdown(n)}],
    "card_body": lambda n: [{"type": "card", "body": markdown(n)}],
    "card_buttons": lambda n: [{"type": "card", "actions": [button(action_id=str(at)) for at in range(n)]}],
    "carousel_cards": lambda n: [{"type": "carousel", "elements": [{"type": "card", "title": markdown()}] * n}],
    "container_children": lambda n: [{"type": "container", "title": plain(), "child_blocks": [{"type": "divider"}] * n}],
}  # fmt: skip
VIEW: dict[str, Callable[[int], Body]] = {
    "view_blocks": lambda n: modal(blocks=[{"type": "divider"}] * n),
    "view_bytes": weighing,
    "view_title": lambda n: modal(title=plain(n)),
    "view_submit": lambda n: modal(submit=plain(n)),
    "view_close": lambda n: modal(close=plain(n)),
    "private_metadata": lambda n: modal(private_metadata="x" * n),
    "callback_id": lambda n: modal(callback_id="x" * n),
    "external_id": lambda n: modal(external_id="x" * n),
    "alert_text": lambda n: modal(blocks=[{"type": "alert", "text": plain(n)}]),
}  # fmt: skip
CALL: dict[str, tuple[str, Callable[[Slack, int], Body]]] = {
    "update_text": ("chat.update", lambda slack, n: {"channel": GENERAL, "ts": slack.post(), "text": "x" * n}),
    "markdown_text": ("chat.postMessage", lambda _, n: {"channel": GENERAL, "markdown_text": "x" * n}),
    "attachments": ("chat.postMessage", lambda _, n: {"channel": GENERAL, "text": "x", "attachments": [{"text": "x"}] * n}),
    "schedule_seconds": ("chat.scheduleMessage", lambda slack, n: {
        "channel": GENERAL, "text": "x", "post_at": int(slack.clock()) + n}),
    "open_people": ("conversations.open", lambda _, n: {"users": ",".join([
        "U01LIN", "U02WANG", "U03SMITH", "U04ZHAO", "U05CHEN", "U06LIU", "U07HE", "U08XU", "U09MA"][:n])}),
    "file_alt": ("files.getUploadURLExternal", lambda _, n: {"filename": "a", "length": 1, "alt_txt": "x" * n}),
}  # fmt: skip


def test_every_limit_has_its_source_and_a_test() -> None:
    assert all(source for _, _, source in TABLE)
    assert len(LIMIT) == len(TABLE)
    assert {*MESSAGE, *VIEW, *CALL, *NOT_CONTENT, "message_text"} == set(LIMIT)


@pytest.mark.parametrize("name", MESSAGE)
def test_a_message_at_the_limit_is_posted_and_one_beyond_is_not(slack: Slack, name: str) -> None:
    def posted(count: int) -> str:
        return slack.refused("chat.postMessage", channel=GENERAL, text="x", blocks=MESSAGE[name](count))

    assert posted(LIMIT[name]) == ""
    assert posted(LIMIT[name] + 1) == ("msg_blocks_too_long" if name == "blocks_text" else "invalid_blocks")


@pytest.mark.parametrize("name", VIEW)
def test_a_view_at_the_limit_opens_and_one_beyond_does_not(slack: Slack, name: str) -> None:
    def opened(count: int) -> str:
        return slack.refused("views.open", trigger_id=slack.workspace.new_trigger(LIN), view=VIEW[name](count))

    assert opened(LIMIT[name]) == ""
    assert opened(LIMIT[name] + 1) == ("view_too_large" if name == "view_bytes" else "invalid_arguments")


@pytest.mark.parametrize("name", CALL)
def test_a_call_at_the_limit_is_taken_and_one_beyond_is_not(slack: Slack, name: str) -> None:
    method, body = CALL[name]
    assert slack.refused(method, **body(slack, LIMIT[name])) == ""
    assert slack.refused(method, **body(slack, LIMIT[name] + 1)) != ""


def test_longer_text_is_truncated_and_not_refused(slack: Slack) -> None:
    whole = slack.client.chat_postMessage(channel=GENERAL, text="x" * (LIMIT["message_text"] + 1))
    assert len(whole["message"]["text"]) == LIMIT["message_text"]


def test_thirty_scheduled_messages_fit_into_five_minutes_of_a_channel(slack: Slack) -> None:
    moment = int(slack.clock()) + 3600
    for _ in range(LIMIT["schedule_window"]):
        slack.client.chat_scheduleMessage(channel=GENERAL, post_at=moment, text="x")
    assert slack.refused("chat.scheduleMessage", channel=GENERAL, post_at=moment, text="x") == "restricted_too_many"
    assert slack.refused("chat.scheduleMessage", channel=GENERAL, post_at=moment + 300, text="x") == ""
    assert slack.refused("chat.scheduleMessage", channel=GENERAL, post_at=1, text="x") == "time_in_past"


WRONG: dict[str, list[Any]] = {
    "unknown block": [{"type": "nope"}],
    "no block": ["x"],
    "unknown property": acting(button(nonsense=1)),
    "button in an input": asking(button()),
    "text input among actions": acting(WRITE),
    "button in a context": [{"type": "context", "elements": [button()]}],
    "datetimepicker beside a section": [
        {"type": "section", "text": plain(), "accessory": {"type": "datetimepicker", "action_id": "a"}}
    ],
    "two equal action ids": acting(button(), button()),
    "two equal block ids": [{"type": "divider", "block_id": "x"}] * 2,
    "markdown on a button": acting(button(text=markdown())),
    "markdown in an option": acting(select(options=options(1, text=markdown()))),
    "an option without value": acting(select(options=[{"text": plain()}])),
    "options and groups": acting(select(option_groups=[{"label": plain(), "options": options(1)}])),
    "no options": acting(select(options=[])),
    "a confirm without texts": acting(button(confirm={"title": plain()})),
    "no alt text": [{"type": "image", "image_url": "http://x"}],
    "junk in rich text": [{"type": "rich_text", "elements": "zzz"}],
    "an unknown rich text element": [
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "x"}]}]}
    ],
    "an unknown cell": [{"type": "table", "rows": [[{"type": "nope"}]]}],
    "an empty cell": [table(1, 1, "")],
    "a data table without caption": [{**table(2), "type": "data_table"}],
    "an alert outside a modal": [{"type": "alert", "text": plain()}],
    "a number input that does not say whether whole": asking({"type": "number_input", "action_id": "n"}),
    "style": acting(button(style="loud")),
}


@pytest.mark.parametrize("name", WRONG)
def test_blocks_that_slack_refuses_are_refused(slack: Slack, name: str) -> None:
    assert slack.refused("chat.postMessage", channel=GENERAL, text="x", blocks=WRONG[name]) == "invalid_blocks"


def test_blocks_that_slack_takes_are_taken(slack: Slack) -> None:
    rich = {"type": "rich_text", "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "x", "style": {"bold": True}}, {"type": "user", "user_id": LIN}]},
        {"type": "rich_text_list", "style": "bullet", "elements": [{"type": "rich_text_section", "elements": [{"type": "emoji", "name": "x"}]}]},
    ]}  # fmt: skip
    cell = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}],
    }
    grouped = {"type": "static_select", "action_id": "g", "option_groups": [{"label": plain(), "options": options(2)}]}
    blocks = [rich, {"type": "table", "rows": [[cell]]}, *acting(grouped, {"type": "users_select", "action_id": "u"})]
    assert slack.refused("chat.postMessage", channel=GENERAL, text="x", blocks=blocks) == ""


@pytest.mark.parametrize("view", [
    modal(title=None), modal(blocks=None), {**modal(), "submit": None}, modal(nonsense=1), {"type": "home", "blocks": []},
    modal(blocks=[table(1)]), "x", None,
])  # fmt: skip
def test_views_that_slack_refuses_are_refused(slack: Slack, view: Any) -> None:
    trigger = slack.workspace.new_trigger(LIN)
    assert slack.refused("views.open", trigger_id=trigger, view=view) == "invalid_arguments"


@pytest.mark.parametrize(("given", "error"), [
    ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
    ({"blocks": [{"type": "divider"}], "markdown_text": "y"}, "markdown_text_conflict"),
    ({}, "no_text"),
    ({"text": "x", "blocks": "[{"}, "invalid_blocks_format"),
    ({"text": "x", "metadata": "{"}, "invalid_metadata_format"),
    ({"text": "x", "attachments": "x"}, "invalid_attachments"),
    ({"text": "x", "thread_ts": "1.1"}, "thread_not_found"),
])  # fmt: skip
def test_arguments_that_slack_refuses_are_refused_in_its_words(slack: Slack, given: Body, error: str) -> None:
    assert slack.refused("chat.postMessage", channel=GENERAL, **given) == error


def test_a_bad_event_type_drops_the_metadata_with_a_warning_while_ok_stays_true(slack: Slack) -> None:
    bad = slack.client.chat_postMessage(
        channel=GENERAL, text="x", metadata={"event_type": "has space", "event_payload": {"a": 1}}
    )
    good = slack.client.chat_postMessage(
        channel=GENERAL, text="x", metadata={"event_type": "bot_out", "event_payload": {"a": 1}}
    )
    assert (bad["ok"], bad["warning"], "metadata" in bad["message"]) == (True, "invalid_metadata_schema", False)
    assert good["message"]["metadata"]["event_payload"] == {"a": 1}
