"""Why an act on a request is refused, in words: codes and ids that the rules speak in become names first."""

from collections.abc import Mapping

from scoring.errors import DeskError
from texts.blocks import Message, section
from texts.formats import harmless, money, plain_line
from texts.messages import error_sentence
from texts.render import Words, words
from texts.request_terms import role_said

_WORDED = {"state": "state_", "act": "act_"}
_POSTS = frozenset({"post", "role"})


def refusal_sentence(lang: str, problem: DeskError, names: Mapping[str, str], currency: str = "CNY") -> str:
    """One sentence; `names` are persons by id. Amounts are in the base `currency` unless a fact says otherwise."""
    say, meant = words(lang), str(problem.facts.get("currency") or currency)
    facts = {name: _fact(name, value, names, say, meant) for name, value in problem.facts.items()}
    return plain_line(error_sentence(lang, DeskError(problem.code, **facts)), 400)


def refusal_message(lang: str, problem: DeskError, names: Mapping[str, str], currency: str = "CNY") -> Message:
    """The same as a message."""
    text = refusal_sentence(lang, problem, names, currency)
    return Message(text=text, blocks=[section(harmless(text, 400))])


def _fact(name: str, value: object, names: Mapping[str, str], say: Words, currency: str) -> object:
    if value is None:
        return say.labels["unrated"] if name == "grade" else "—"
    text = str(value)
    if name in {"amount", "bound"} and not isinstance(value, int):
        return money(text, say.lang, currency)
    if name == "person":
        return names.get(text, text) or say.say("request", "clock")
    if name in _POSTS:
        return role_said(value, say)  # type: ignore[arg-type]
    code = f"{_WORDED[name]}{text}" if name in _WORDED else ""
    return say.say("request", code, to="") if code and say.has("request", code) else value
