"""The pages kept as snapshots; `python -m tests.texts.snapshots` writes them anew after a change that was meant."""

from collections.abc import Iterator
from pathlib import Path

from tests.texts.digests import DIGESTS
from tests.texts.plain import page
from tests.texts.request_sheets import request_pages
from tests.texts.situations import SETTING, SITUATIONS
from texts.cards import answer_card
from texts.details import details_view
from texts.digest import digest_message
from texts.formats import LANGS

FOLDER = Path(__file__).parent / "snapshots"


def pages(lang: str) -> Iterator[tuple[str, str]]:
    """Name and text of each page of a language."""
    for name, make in SITUATIONS.items():
        yield f"card_{name}", page(answer_card(*make(), lang, SETTING))
    for name in ("overdue", "unrated", "faulty", "disputed", "prepay"):
        yield f"details_{name}", page(details_view(*SITUATIONS[name](), lang, SETTING))
    for name, (digest, setting) in DIGESTS.items():
        yield f"digest_{name}", page(digest_message(digest, lang, setting))
    for name, view in request_pages(lang):
        yield f"request_{name}", page(view)


def main() -> None:
    """Write all pages."""
    for lang in LANGS:
        folder = FOLDER / lang
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in pages(lang):
            (folder / f"{name}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
