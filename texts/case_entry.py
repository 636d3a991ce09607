"""What the ledger's `events` tab says of a case: short plain text, and whether it is an exercise."""

from collections.abc import Mapping

from approvals.cases import Case
from texts.case_sheet import CaseSheet
from texts.formats import plain_line
from texts.render import Words, words

_WORDS, _CELL = 300, 3000


def case_cells(sheet: CaseSheet, lang: str) -> Mapping[str, str]:
    """The text columns of a row."""
    say, case = words(lang), sheet.case
    drill = f"{say.say('case', 'drill')} " if case.drill else ""
    return {
        "kind": f"{drill}{say.say('case', f'kind_{case.kind}')}",
        "severity": say.word("colour", case.severity),
        "source": plain_line(_source(case, say), _WORDS),
        "owner": plain_line(sheet.who(case.owner), 60),
        "action": _cell([plain_line(one.text, _WORDS) for one in case.measures]),
        "effect": _cell([plain_line(one.effect, _WORDS) for one in case.measures]),
        "status": f"{drill}{say.say('case', f'state_{case.state}')}",
        "cause": plain_line(case.cause, _CELL),
        "lesson": plain_line(case.lesson, _CELL),
    }


def _source(case: Case, say: Words) -> str:
    """What it grew from, and the message that opens."""
    link = next((one.link for one in case.evidence if one.link), "")
    parts = [say.say("case", f"source_{case.source}"), case.source_id, plain_line(case.what, _WORDS // 2), link]
    return " · ".join(part for part in parts if part)


def _cell(lines: list[str]) -> str:
    """Numbered as on the card, so that measure and effect stand side by side."""
    told = " ".join(f"{n}. {line or '—'}" for n, line in enumerate(lines, 1))
    return plain_line(told, _CELL)
