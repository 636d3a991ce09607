"""Both languages know every code, with the same files, sentences, facts and words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError, meta, nodes

from scoring.details import TAB_FACTORS, UNBLOCK_CODES
from scoring.ledger import CHOICES, ROW_TYPES, columns_of
from scoring.names import USCC_CODES
from scoring.policy import FACTORS
from scoring.proposal import BINDING_CODES, CONDITION_CODES
from scoring.results import BUCKETS
from scoring.verdict import REASON_CODES
from scoring.vetoes import VETO_CODES
from scoring.warnings import WARNING_CODES
from sheets.guards import GUARD_CODES
from storage.record.errors import RECORD_CODES
from texts.formats import LANGS
from texts.render import TOPICS, environment, words

ROOT = Path(__file__).parents[2]
FLOORS = ("bot", "handlers", "schedules", "flows", "sheets", "storage", "approvals", "scoring")


def tree(lang: str, topic: str) -> nodes.Template:
    return environment().parse((ROOT / "texts" / lang / f"{topic}.j2").read_text(encoding="utf-8"))


def sentences(lang: str, topic: str) -> dict[str, frozenset[str]]:
    """Macro -> the facts it uses."""
    return {
        macro.name: frozenset(
            one.attr
            for one in macro.find_all(nodes.Getattr)
            if isinstance(one.node, nodes.Name) and one.node.name == "f"
        )
        for macro in tree(lang, topic).find_all(nodes.Macro)
    }


def tables(lang: str, topic: str) -> dict[str, list[str]]:
    """Word table -> its keys, in order."""
    found: dict[str, list[str]] = {}
    for one in tree(lang, topic).find_all(nodes.Assign):
        assert isinstance(one.target, nodes.Name)
        assert isinstance(one.node, nodes.Dict)
        keys = [pair.key.as_const() for pair in one.node.items]
        assert len(keys) == len(set(keys)), one.target.name
        found[one.target.name] = keys
    return found


@pytest.mark.parametrize("topic", TOPICS)
def test_both_languages_have_the_same_sentences_facts_and_words(topic: str) -> None:
    chinese, english = (sentences(lang, topic) for lang in LANGS)
    assert chinese.keys() == english.keys()
    assert {code for code in chinese if chinese[code] != english[code]} == set()
    first, second = (tables(lang, topic) for lang in LANGS)
    assert {name: sorted(keys) for name, keys in first.items()} == {name: sorted(keys) for name, keys in second.items()}
    assert all(meta.find_undeclared_variables(tree(lang, topic)) == set() for lang in LANGS)


def test_both_languages_have_the_same_files() -> None:
    names = [{path.name for path in (ROOT / "texts" / lang).iterdir()} for lang in LANGS]
    assert names == [{f"{topic}.j2" for topic in TOPICS}] * 2


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call in the product: the name called, and the call."""
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                    yield name, node


def constant(node: ast.expr | None) -> Iterator[str]:
    """The texts an argument may be: a constant, or either side of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.IfExp):
        yield from constant(node.body)
        yield from constant(node.orelse)


def raised_notes() -> set[str]:
    """Codes of notes and unreadable cells that the code can raise."""
    found = {"unapproved_edit", *USCC_CODES, *GUARD_CODES}
    for name, call in calls():
        place = {"Note": 4, "_note": 2, "CellError": 0, "AmountError": 0, "DateError": 0}.get(name)
        if place is not None and len(call.args) > place:
            found |= set(constant(call.args[place]))
    return {code for code in found if code.isidentifier()}


def test_every_code_has_its_sentence() -> None:
    for lang in LANGS:
        say = words(lang)
        assert {code for code in REASON_CODES if not say.has("reasons", code)} == set()
        assert {code for code in (*UNBLOCK_CODES, "after_write_off") if not say.has("ways", code)} == set()
        assert {code for code in raised_notes() if not say.has("notes", code)} == set()


def test_every_error_has_its_sentence_and_is_raised_with_the_facts_it_needs() -> None:
    known = sentences("en", "errors")
    missing: set[str] = set()
    for name, call in calls():
        if (
            name
            not in {
                "LedgerError",
                "PolicyError",
                "MisuseError",
                "DeskError",
                "SettingsError",
                "CopyError",
                "ActError",
                "RouteError",
                "DelegationError",
                "AdjustmentError",
                "CaseError",
                "RecordError",
                "DealingError",
            }
            or not call.args
        ):
            continue
        given = {keyword.arg for keyword in call.keywords}
        for code in constant(call.args[0]):
            if code not in known:
                missing.add(code)
            elif None not in given:
                missing |= {f"{code}.{fact}" for fact in known[code] - given}
    assert missing == set()


def test_every_finding_about_the_record_has_its_sentence() -> None:
    known = sentences("en", "record")
    for name, call in calls():
        if name == "_found" and call.args:
            facts = {keyword.arg for keyword in call.keywords}
            assert {code: known[code] - facts for code in constant(call.args[0]) if code.startswith("audit_")} == (
                {code: set() for code in constant(call.args[0]) if code.startswith("audit_")}
            )
    assert [code for code in RECORD_CODES if code not in sentences("en", "errors")] == []


def test_every_choice_column_tab_and_factor_has_its_word() -> None:
    wanted: dict[str, Any] = {
        "factor": FACTORS, "veto": VETO_CODES, "veto_short": VETO_CODES, "lift": VETO_CODES, "warning": WARNING_CODES, "bucket": BUCKETS,
        "binding": BINDING_CODES, "condition": CONDITION_CODES, "tab": (*ROW_TYPES, *TAB_FACTORS),
        "column": [column for tab in ROW_TYPES for column in columns_of(tab)], "status": CHOICES["customers", "status"],
        "colour": ("yellow", "orange", "red"), "document": ("licence", "permit"),
        "status_short": ("hold", "stop", "closed"),
        "outcome": (*CHOICES["industries", "outlook"], *CHOICES["customers", "market_standing"]),
        "match": ("id", "uscc", "name", "alias", "prefix", "pinyin", "initials", "likeness", "typo", "fragment"),
        "post": (
            "sales_owner", "sales_manager", "dept_deputy_gm", "dept_gm", "responsible_vp", "finance", "risk", "legal",
        ),
        "problem": ("uscc_not_verified", "controller_unknown", "third_party_payer"),
        "record": (
            "dishonest", "serious_violation", "revoked", "cancelled", "bankrupt", "abnormal_list", "pending_suits",
        ),
    }  # fmt: skip
    for lang in LANGS:
        there = tables(lang, "words")
        assert {f"{name}.{key}" for name, keys in wanted.items() for key in keys if key not in there[name]} == set()


def test_chinese_sentences_use_chinese_punctuation() -> None:
    for topic in TOPICS:
        for macro in tree("zh-CN", topic).find_all(nodes.Macro):
            text = "".join(data.data for data in macro.find_all(nodes.TemplateData))
            bare = re.sub("(?<=[0-9]),(?=[0-9])", "", text.replace("(customers)", "").replace("键: 值", ""))
            assert not set(",;?()") & set(bare), text


def test_a_missing_fact_is_an_error_and_an_empty_one_a_dash() -> None:
    say = words("en")
    with pytest.raises(UndefinedError):
        say.say("card", "ok")
    assert say.say("card", "paid", day="18 Nov", amount=None) == "Last payment — on 18 Nov"
    assert say.say("card", "days", days=1) == "1 day"


def test_any_other_language_reads_english() -> None:
    assert words("en-GB").lang == words("fr").lang == "en"
    assert words("zh-TW").lang == words("zh-CN").lang == "zh-CN"
