"""Slack's mrkdwn as HTML: only what the product may send; everything else stays text."""

import html
import re

from sandbox.slack.people import BOT_USER, PEOPLE

_TOKEN = re.compile(r"<([^<>]+)>")
_CODE = re.compile(r"`([^`\n]+)`")
_BOLD = re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])")
_STRIKE = re.compile(r"(?<!\w)~([^~\n]+)~(?!\w)")


def to_html(text: str) -> str:
    """Escaped text with bold, code, links and names; `<!channel>` written as text stays visible as what it is."""
    parts: list[str] = []
    last = 0
    for match in _TOKEN.finditer(text):
        parts += [_styled(text[last : match.start()]), _token(match[1])]
        last = match.end()
    parts.append(_styled(text[last:]))
    return "".join(parts).replace("\n", "<br>")


def _styled(text: str) -> str:
    # the sender has escaped & < > already: show them, and escape quotes for safety
    safe = html.escape(html.unescape(text), quote=True)
    safe = _CODE.sub(r"<code>\1</code>", safe)
    return _STRIKE.sub(r"<s>\1</s>", _BOLD.sub(r"<b>\1</b>", safe))


def _token(inside: str) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        person = target[1:]
        name = "授信台" if person == BOT_USER else PEOPLE[person].name if person in PEOPLE else person
        return f'<span class="mention">@{html.escape(name)}</span>'
    if target.startswith(("http://", "https://")):
        return f'<a href="{html.escape(target, quote=True)}" target="_blank">{html.escape(label or target)}</a>'
    return f'<span class="broadcast">{html.escape(target)}</span>'
