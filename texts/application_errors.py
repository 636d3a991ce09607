"""What is wrong with an application, as the sentence that stands at its field."""

from collections.abc import Mapping
from decimal import Decimal

from approvals.application_parse import FieldError
from approvals.attachments import FileError
from approvals.prospect import Clash
from scoring.errors import DeskError
from texts.formats import money, plain_line
from texts.messages import error_sentence
from texts.render import Words, words


def field_errors(lang: str, errors: Mapping[str, FieldError]) -> dict[str, str]:
    """What is wrong, by block."""
    return {name: error_text(lang, wrong) for name, wrong in errors.items()}


def error_text(lang: str, wrong: FieldError | FileError) -> str:
    """One reason as the sentence that stands at its field."""
    say = words(lang)
    facts = {name: _fact(value, lang) for name, value in wrong.facts.items()}
    if "whole" in wrong.facts:
        facts["whole_word"] = _whole_word(str(wrong.facts["whole"]), say)
    return plain_line(say.say("application", wrong.code, **facts), 300)


def _fact(value: object, lang: str) -> object:
    if isinstance(value, Decimal):
        return money(value, lang)
    return value if isinstance(value, int) else plain_line(value, 120)


def _in_words(problem: DeskError, say: Words) -> DeskError:
    """Steps and fields by what they are called on the screen."""
    facts = dict(problem.facts)
    if "field" in facts:
        name = ".".join(part for part in str(facts["field"]).split(".") if not part.isdigit())
        facts["field"] = say.topic("application", "field")[name]
    if "step" in facts:
        facts["step"] = say.topic("application", "step")[str(facts["step"])]
    return DeskError(problem.code, **facts)


def _whole_word(name: str, say: Words) -> str:
    table = say.topic("application", "field")
    return table.get(name) or table[f"statement.{name}"]


def clash_text(lang: str, clash: Clash) -> str:
    """Why a likeness stops the form."""
    facts = {"name": plain_line(clash.name, 80), "id": clash.customer_id, "reason": plain_line(clash.reason, 80)}
    return words(lang).say("application", f"clash_{clash.kind}", **facts)


def refusal_text(lang: str, problem: DeskError) -> str:
    """Why the form cannot be shown or taken, as plain text."""
    say = words(lang)
    if say.has("application", problem.code) and not say.has("errors", problem.code):
        return plain_line(say.say("application", problem.code, **problem.facts), 300)
    return plain_line(error_sentence(lang, _in_words(problem, say)), 300)
