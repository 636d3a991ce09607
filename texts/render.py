"""Words in two languages: the only place that knows Jinja2. Templates are compiled once, at the start."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, nodes

from texts.formats import LANGS, fact, harmless

TOPICS = (
    "card", "reasons", "ways", "notes", "errors", "record", "application", "request", "absence", "digest", "case",
    "collection", "letter", "words",
)  # fmt: skip
DASH = "—"
_EMPTY = str(None)
Sentence = tuple[str, tuple[tuple[str, str, str], ...]]
"""A pattern for the % operator, and its counted facts: (fact, English noun, name in the pattern)."""


def counted(number: object, noun: str) -> str:
    """1 day, 2 days."""
    return f"{number} {noun}" if number in {1, "1"} else f"{number} {noun}s"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Strict: a name that a template uses and nobody gives is an error, not a blank."""
    # blocks are JSON, escaped by texts.formats; HTML escaping would corrupt them
    made = Environment(
        loader=PackageLoader("texts", "."),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        auto_reload=False,
        finalize=lambda value: DASH if value is None else value,
    )
    made.filters["counted"] = counted
    return made


class Words:
    """All sentences and word lists of one language."""

    def __init__(self, lang: str) -> None:
        """Compile the templates of a language; an unknown one falls back to English."""
        self.lang = lang if lang in LANGS else "en"
        self._modules: dict[str, Any] = {}
        self._plain: dict[str, dict[str, Sentence]] = {}
        for topic in TOPICS:
            name = f"{self.lang}/{topic}.j2"
            self._modules[topic] = environment().get_template(name).module
            self._plain[topic] = dict(_plain_sentences(name))
        self.labels: Mapping[str, str] = self._modules["card"].label
        self._tables: dict[str, Mapping[object, str]] = {}

    def say(self, topic: str, code: str, /, **facts: object) -> str:
        """One sentence; facts are put in as they are, an empty one as a dash."""
        plain = self._plain[topic].get(code)
        if plain is not None:
            pattern, counts = plain
            try:
                for name, noun, slot in counts:
                    facts[slot] = counted(facts[name], noun)
                text = pattern % facts
            except KeyError:
                text = _EMPTY  # the template itself names what is missing
            # an empty fact takes the template's way: it becomes a dash there
            if _EMPTY not in text:
                return text
        macro: Callable[[Mapping[str, object]], object] = getattr(self._modules[topic], code)
        return str(macro(facts)).strip()

    def list(self, topic: str, code: str, rows: Iterable[dict[str, object]]) -> list[str]:
        """The same sentence for many sets of facts."""
        plain = self._plain[topic].get(code)
        if plain is None or plain[1]:
            return [self.say(topic, code, **facts) for facts in rows]
        pattern = plain[0]
        return [pattern % facts for facts in rows]

    def table(self, name: str) -> Mapping[object, str]:
        """A word list; codes that come from outside go through `word` instead."""
        known = self._tables.get(name)
        if known is None:
            known = self._tables[name] = getattr(self._modules["words"], name)
        return known

    def topic(self, topic: str, table: str) -> Mapping[str, str]:
        """A word list that belongs to one topic."""
        found: Mapping[str, str] = getattr(self._modules[topic], table)
        return found

    def has(self, topic: str, code: str) -> bool:
        """Whether the topic holds a sentence for this code."""
        return hasattr(self._modules[topic], code)

    def word(self, table: str, key: object) -> str:
        """A code's word; a code without one stands for itself."""
        word = (self._tables.get(table) or self.table(table)).get(key)
        return harmless(str(key), 60) if word is None else word

    def facts(self, found: Mapping[str, object], currency: str, year: int | None) -> dict[str, object]:
        """Facts formatted for this language."""
        return {key: fact(value, self.lang, currency, year) for key, value in found.items()}


def _plain_sentences(name: str) -> list[tuple[str, Sentence]]:
    """The macros that only put facts into text, as patterns: these are filled in without running a template."""
    loader = environment().loader
    if loader is None:  # environment() always has one
        return []
    source, _, _ = loader.get_source(environment(), name)
    found = ((macro.name, _sentence(macro)) for macro in environment().parse(source).find_all(nodes.Macro))
    return [(code, sentence) for code, sentence in found if sentence is not None]


def _sentence(macro: nodes.Macro) -> Sentence | None:
    pattern = ""
    counts: list[tuple[str, str, str]] = []
    for part in macro.body:
        if not isinstance(part, nodes.Output):
            return None
        for node in part.nodes:
            count = _count(node)
            if isinstance(node, nodes.TemplateData):
                pattern += node.data.replace("%", "%%")
            elif isinstance(node, nodes.Getattr):
                pattern += f"%({node.attr})s"
            elif count is not None:
                counts.append(count)
                pattern += f"%({count[2]})s"
            else:
                return None
    return pattern.strip(), tuple(counts)


def _count(node: nodes.Node) -> tuple[str, str, str] | None:
    """`f.days|counted("day")` as (days, day, "days day")."""
    if not (isinstance(node, nodes.Filter) and node.name == "counted" and isinstance(node.node, nodes.Getattr)):
        return None
    noun = node.args[0]
    return (node.node.attr, noun.value, f"{node.node.attr} {noun.value}") if isinstance(noun, nodes.Const) else None


@lru_cache(maxsize=4)
def words(lang: str) -> Words:
    """The words of a language, made once."""
    return Words("zh-CN" if lang.lower().startswith("zh") else "en")
