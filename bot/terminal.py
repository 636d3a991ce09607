"""Cards, tables and errors in a terminal."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from rich.console import Console
from rich.panel import Panel
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from flows.sync import Progress as Report
from flows.words import error_text, note_text, preview_words, titles
from scoring.errors import DeskError
from scoring.findings import Note

_LINK = re.compile(r"<([^|>]+)\|([^>]+)>")


def print_json(value: Mapping[str, Any]) -> None:
    """JSON, indented, as UTF-8."""
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n")
    sys.stdout.flush()


def print_line(text: str) -> None:
    """A plain line."""
    sys.stdout.write(text.rstrip("\n") + "\n")


def print_error(problem: DeskError, lang: str) -> None:
    """One sentence on standard error."""
    sys.stderr.write(error_text(lang, problem) + "\n")


@contextmanager
def progress_bar() -> Iterator[Report]:
    """A progress line on a terminal; silent elsewhere."""
    console = Console(stderr=True)
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description} {task.completed}/{task.total}"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task("", total=0)
        yield lambda what, done, total: bar.update(task, description=what, completed=done, total=total)


def print_card(message: Mapping[str, Any]) -> None:
    """A card with its first line in bold; buttons are left out."""
    lines: list[Text] = []
    for block in message["blocks"]:
        lines += _lines(block)
    Console(width=100 if not sys.stdout.isatty() else None).print(Panel(Text("\n").join(lines), expand=False))


def _lines(block: Mapping[str, Any]) -> list[Text]:
    kind = block["type"]
    if kind == "section":
        found = [_styled(block["text"]["text"])] if "text" in block else []
        if "fields" in block:
            found.append(_styled("   ".join(one["text"].replace("\n", " ") for one in block["fields"])))
        return found
    if kind == "context":
        return [Text.assemble((_styled(one["text"]).plain, "dim")) for one in block["elements"]]
    return [Text("")] if kind == "divider" else []


def _styled(mrkdwn: str) -> Text:
    text = Text()
    plain = _LINK.sub(r"\2", mrkdwn).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    for place, part in enumerate(plain.split("*")):
        text.append(part, style="bold" if place % 2 else "")
    return text


def print_ageing(found: Mapping[str, Any], lang: str) -> None:
    """The ageing table, worst customers first."""
    words = titles(lang)
    table = Table(title=f"{words['ageing']} {found['as_of']}")
    for name in ("customer", "currency", *words["buckets"], "open", "overdue", "days"):
        table.add_column(words.get(name, name), justify="left" if name in {"customer", "currency"} else "right")
    rows = sorted(found["rows"], key=lambda row: -float(row["overdue"] or 0))
    for row in rows:
        if row["open"] == "0.00":
            continue
        cells = [row["ageing"][bucket] or "—" for bucket in row["ageing"]]
        name = f"{row['name']} ({row['customer_id']})"
        days = str(row["max_days_overdue"])
        table.add_row(name, row["currency"], *cells, row["open"] or "—", row["overdue"] or "—", days)
    for currency, sums in found["totals"]["by_currency"].items():
        table.add_row(
            words["total"], currency, *sums["ageing"].values(), sums["open"], sums["overdue"], "", style="bold"
        )
    Console(width=200 if not sys.stdout.isatty() else None).print(table)


def print_preview(found: Mapping[str, Any], lang: str) -> None:
    """Grades now and then, and who moves."""
    heads = preview_words(lang)
    counts = Table(title=f"{found['policy']['now']} → {found['policy']['then']}  ·  {found['as_of']}")
    for name in ("grade", "now", "then"):
        counts.add_column(heads[name], justify="left" if name == "grade" else "right")
    for grade, count in found["grades"]["now"].items():
        counts.add_row(
            heads["unrated"] if grade == "unrated" else grade, str(count), str(found["grades"]["then"][grade])
        )
    moves = Table(title=heads["moved"].format(count=len(found["moved"]), whole=found["customers"]))
    for name in ("customer", "grade", "score", "verdict"):
        moves.add_column(heads[name])
    for one in found["moved"]:
        moves.add_row(
            f"{one['name']} ({one['customer_id']})",
            *(
                _changed(one[name], lambda value: heads.get(str(value), str(value)))
                for name in ("grade", "score", "verdict")
            ),
        )
    console = Console(width=120 if not sys.stdout.isatty() else None)
    console.print(counts)
    console.print(moves)


def _changed(values: Mapping[str, Any], word: Callable[[Any], str]) -> str:
    now, then = (word(values[key]) for key in ("now", "then"))
    return now if now == then else f"{now} → {then}"


def print_notes(notes: Sequence[Note], lang: str) -> None:
    """Each note on a line: where, and what."""
    for note in notes:
        print_line(note_text(lang, note))
    print_line(f"— {len(notes)}")


def print_examination(results: Sequence[Any]) -> None:
    """The doctor's list."""
    marks = {"good": "✔", "wrong": "✘", "unknown": "–"}
    for result in results:
        print_line(f"{marks[result.state]} {result.what}: {result.sentence}")
