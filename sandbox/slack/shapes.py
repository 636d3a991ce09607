"""The small parts that blocks are made of: texts, options, confirm dialogs, and checks that many share."""

from collections.abc import Collection, Iterator
from typing import Any

from sandbox.slack.limits import LIMIT

Problems = Iterator[str]


def known(given: dict[str, Any], names: Collection[str]) -> Problems:
    """No property that Slack does not know here."""
    for name in given:
        if name not in names and name != "type":
            yield f"invalid additional property: {name}"


def text(found: Any, limit: str, *, plain: bool = False, optional: bool = False) -> Problems:
    """A text object of at most so many characters."""
    if found is None and optional:
        return
    if not isinstance(found, dict) or not isinstance(found.get("text"), str):
        yield "text object required"
        return
    if found.get("type") not in ({"plain_text"} if plain else {"plain_text", "mrkdwn"}):
        yield "must be plain_text" if plain else f"unsupported type: {found.get('type')}"
    yield from known(found, {"text", "emoji", "verbatim"})
    if not 1 <= len(found["text"]) <= LIMIT[limit]:
        yield f"must be between 1 and {LIMIT[limit]} characters"


def string(given: dict[str, Any], name: str, limit: str, *, required: bool = False, least: int = 1) -> Problems:
    """A bare string of at most so many characters."""
    found = given.get(name)
    if found is None:
        if required:
            yield f"missing required field: {name}"
        return
    if not isinstance(found, str) or not least <= len(found) <= LIMIT[limit]:
        yield f"{name} must be {least}-{LIMIT[limit]} characters"


def items(found: Any, limit: str, what: str, least: int = 1) -> list[dict[str, Any]] | str:
    """A list of objects of at most so many; what is wrong with it otherwise."""
    if not isinstance(found, list) or any(not isinstance(one, dict) for one in found):
        return f"{what} must be a list of objects"
    if not least <= len(found) <= LIMIT[limit]:
        return f"{what} must have {least} to {LIMIT[limit]} items"
    return found


def options(given: dict[str, Any], limit: str, *, markdown: bool = False) -> Problems:
    """`options`, or `option_groups` where a select may have them."""
    if "option_groups" in given and "options" not in given:
        groups = items(given["option_groups"], "option_groups", "option_groups")
        if isinstance(groups, str):
            yield groups
            return
        for group in groups:
            yield from known(group, {"label", "options"})
            yield from text(group.get("label"), "option_group_label", plain=True)
            yield from _options(group.get("options"), limit, markdown=markdown)
        return
    if "option_groups" in given:
        yield "only one of options and option_groups"
    yield from _options(given.get("options"), limit, markdown=markdown)


def _options(found: Any, limit: str, *, markdown: bool) -> Problems:
    listed = items(found, limit, "options")
    if isinstance(listed, str):
        yield listed
        return
    for option in listed:
        yield from known(option, {"text", "value", "description", "url"})
        yield from text(option.get("text"), "option_text", plain=not markdown)
        yield from text(option.get("description"), "option_description", plain=not markdown, optional=True)
        yield from string(option, "value", "option_value", required=True)
    values = [option.get("value") for option in listed]
    if len(values) != len(set(values)):
        yield "option values must be unique"


def confirm(found: Any) -> Problems:
    """A confirm dialog."""
    if found is None:
        return
    if not isinstance(found, dict):
        yield "confirm must be an object"
        return
    yield from known(found, {"title", "text", "confirm", "deny", "style"})
    yield from text(found.get("title"), "confirm_title", plain=True)
    yield from text(found.get("text"), "confirm_text")
    yield from text(found.get("confirm"), "confirm_button", plain=True)
    yield from text(found.get("deny"), "confirm_button", plain=True)


def style(given: dict[str, Any]) -> Problems:
    """primary, danger or nothing."""
    if given.get("style") not in {None, "primary", "danger"}:
        yield "style must be primary or danger"


def picture(given: dict[str, Any]) -> Problems:
    """Where a picture is and what it shows."""
    if ("image_url" in given) == ("slack_file" in given):
        yield "one of image_url and slack_file is required"
    yield from string(given, "image_url", "image_url")
    yield from string(given, "alt_text", "image_alt", required=True, least=0)
