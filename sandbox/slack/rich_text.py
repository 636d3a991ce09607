"""rich_text: what may stand inside it."""

from typing import Any

from sandbox.slack.shapes import Problems, known

_OUTER: dict[str, set[str]] = {
    "rich_text_section": {"elements"},
    "rich_text_list": {"elements", "style", "indent", "offset", "border"},
    "rich_text_preformatted": {"elements", "border", "language"},
    "rich_text_quote": {"elements", "border"},
}
_INNER: dict[str, set[str]] = {
    "text": {"text"}, "link": {"url"}, "emoji": {"name"}, "user": {"user_id"}, "usergroup": {"usergroup_id"},
    "channel": {"channel_id"}, "date": {"timestamp", "format"}, "broadcast": {"range"}, "color": {"value"},
}  # fmt: skip
_MORE = {"style", "text", "fallback", "url", "unicode", "skin_tone", "unsafe"}


def check_rich_text(elements: Any) -> Problems:
    """Sections, lists, quotes and code of texts, links, people and dates."""
    if not isinstance(elements, list):
        yield "elements must be a list"
        return
    for element in elements:
        kind = element.get("type") if isinstance(element, dict) else None
        if kind not in _OUTER:
            yield f"unsupported rich_text element: {kind}"
            continue
        yield from known(element, _OUTER[kind])
        inner = element.get("elements")
        if not isinstance(inner, list):
            yield "elements must be a list"
        elif kind == "rich_text_list":
            yield from check_rich_text(inner)
        else:
            for one in inner:
                yield from _inner(one)


def _inner(one: Any) -> Problems:
    kind = one.get("type") if isinstance(one, dict) else None
    if kind not in _INNER:
        yield f"unsupported rich_text element: {kind}"
        return
    yield from known(one, _INNER[kind] | _MORE)
    missing = _INNER[kind] - set(one)
    if missing:
        yield f"missing required field: {min(missing)}"
