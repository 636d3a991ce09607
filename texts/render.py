"""Words in two languages: the only place that knows Jinja2. Templates are compiled once, at the start."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from texts.formats import LANGS, fact

TOPICS = ("card", "reasons", "ways", "notes", "errors", "words")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Strict: a name that a template uses and nobody gives is an error, not a blank."""
    # blocks are JSON, escaped by texts.formats; HTML escaping would corrupt them
    return Environment(
        loader=PackageLoader("texts", "."),
        undefined=StrictUndefined,
        autoescape=False,
        auto_reload=False,
    )


class Words:
    """All sentences and word lists of one language."""

    def __init__(self, lang: str) -> None:
        """Compile the templates of a language; an unknown one falls back to English."""
        self.lang = lang if lang in LANGS else "en"
        self._modules: dict[str, Any] = {
            topic: environment().get_template(f"{self.lang}/{topic}.j2").module for topic in TOPICS
        }
        self.labels: Mapping[str, str] = self._modules["card"].label

    def say(self, topic: str, code: str, /, **facts: object) -> str:
        """One sentence; facts are put in as they are."""
        return str(getattr(self._modules[topic], code)(facts)).strip()

    def has(self, topic: str, code: str) -> bool:
        """Whether the topic holds a sentence for this code."""
        return hasattr(self._modules[topic], code)

    def word(self, table: str, key: object) -> str:
        """A code's word; a code without one stands for itself."""
        return str(getattr(self._modules["words"], table).get(key, key))

    def facts(self, found: Mapping[str, object], currency: str, year: int | None) -> dict[str, object]:
        """Facts formatted for this language."""
        return {key: fact(value, self.lang, currency, year) for key, value in found.items()}


@lru_cache(maxsize=4)
def words(lang: str) -> Words:
    """The words of a language, made once."""
    return Words("zh-CN" if lang.lower().startswith("zh") else "en")
