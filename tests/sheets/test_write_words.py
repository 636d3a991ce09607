"""Every conflict is told in words that name the place, in both languages, and never what stands in the cells."""

import re

import pytest

from sheets.write_job import CONFLICTS, WriteBusy, WriteConflict, WriteUnknown
from tests.builders import ROOT
from texts.formats import LANGS
from texts.messages import error_sentence
from texts.render import words

FACTS = {
    "tab": "客户", "column": "授信额度", "key": "C1", "row": 4, "rows": "4, 7", "columns": "账期", "found": 12345,
    "expected": 54321, "account": "desk@example.iam",
}  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("code", CONFLICTS)
def test_a_conflict_names_the_place_and_not_the_figures(code: str, lang: str) -> None:
    text = error_sentence(lang, WriteConflict(code, **{name: FACTS[name] for name in CONFLICTS[code]}))
    shown = [name for name in CONFLICTS[code] if name not in {"found", "expected"}]
    assert [name for name in shown if str(FACTS[name]) not in text] == []
    assert "12345" not in text
    assert "54321" not in text


@pytest.mark.parametrize("lang", LANGS)
def test_unknown_and_busy_have_their_sentence(lang: str) -> None:
    assert words(lang).has("errors", WriteUnknown("503").code)
    assert words(lang).has("errors", WriteBusy("429", 30).code)


def test_every_code_that_is_raised_is_listed() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "sheets").glob("write*.py")))
    raised = set(re.findall(r"""(?:conflict|WriteConflict)\(\s*"([a-z_]+)\"""", source))
    assert raised | {"sheet_read_only"} == set(CONFLICTS)
