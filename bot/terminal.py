"""Cards, tables and errors in a terminal."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import orjson
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from flows.sync import Progress as Report
from flows.words import check_word, error_text, line, note_text, preview_words, titles
from scoring.errors import DeskError
from scoring.findings import Note

_LINK = re.compile(r"<([^|>]+)\|([^>]+)>")


def print_json(value: Mapping[str, Any]) -> None:
    """JSON, indented, as UTF-8."""
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n")
    sys.stdout.flush()


def print_json_line(value: Mapping[str, Any]) -> None:
    """JSON on one line, as UTF-8."""
    sys.stdout.buffer.write(orjson.dumps(value) + b"\n")


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
    console = Console(width=100 if not sys.stdout.isatty() else None)
    parts: list[RenderableType] = []
    for block in message["blocks"]:
        parts += _lines(block)
        if "fields" in block:
            parts.append(_figures(block["fields"], console.width - 4))
    console.print(Panel(Group(*parts), expand=False))


def _figures(fields: Sequence[Mapping[str, Any]], width: int) -> Table:
    """Label over figure in one row, or beside it in one line each where the row would be too wide: never torn apart."""
    pairs = [tuple(_styled(part) for part in one["text"].split("\n", 1)) for one in fields]
    table = Table.grid(padding=(0, 3, 0, 0))
    if sum(max(part.cell_len for part in pair) + 3 for pair in pairs) <= width:
        for row in zip(*pairs, strict=True):
            table.add_row(*row)
    else:
        for pair in pairs:
            table.add_row(*pair)
    return table


def _lines(block: Mapping[str, Any]) -> list[Text]:
    kind = block["type"]
    if kind == "section":
        return [_styled(block["text"]["text"])] if "text" in block else []
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
        cells = [_thousands(row["ageing"][bucket]) for bucket in row["ageing"]]
        name = f"{row['name']} ({row['customer_id']})"
        days = "—" if row["max_days_overdue"] is None else str(row["max_days_overdue"])
        table.add_row(name, row["currency"], *cells, _thousands(row["open"]), _thousands(row["overdue"]), days)
    for currency, sums in found["totals"]["by_currency"].items():
        figures = [_thousands(sum_) for sum_ in (*sums["ageing"].values(), sums["open"], sums["overdue"])]
        table.add_row(words["total"], currency, *figures, "", style="bold")
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


def _thousands(amount: str | None) -> str:
    """1,234,567.00; a dash where the figure is not known."""
    return "—" if amount is None else f"{Decimal(amount):,.2f}"


def print_notes(notes: Sequence[Note], lang: str) -> None:
    """Each note on a line: where, and what."""
    for note in notes:
        print_line(note_text(lang, note))
    print_line(line(lang, "notes_total", count=len(notes)))


def print_examination(results: Sequence[Any], lang: str) -> None:
    """The doctor's list."""
    marks = {"good": "✔", "wrong": "✘", "unknown": "–"}
    for result in results:
        print_line(f"{marks[result.state]} {check_word(lang, result.what)}: {result.sentence}")
