"""`make bench [ARGS='--customers N --only NAME']`: every figure against its floor or peer, in one run.

Each section runs in a process of its own over the same body and the same state folder, so that no figure pays for the
objects of another.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.book import change, make_body
from benchmarks.measure import Figure, printed

SECTIONS = ("syncs", "answers", "records", "searching", "ageing", "scores", "cards", "deciding", "start")


def main() -> int:
    """Print the table and say how many lines hold; 1 when a section broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000, help="10 invoices each")
    parser.add_argument(
        "--only", choices=SECTIONS, action="append", help="some sections; syncs first, it lays the copy"
    )
    chosen = parser.parse_args()
    figures: list[Figure] = []
    broken: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        size = write_bodies(home, chosen.customers)
        print(f"{chosen.customers:,} customers, {chosen.customers * 10:,} invoices, body {size / 2**20:.0f} MiB")
        for section in SECTIONS if not chosen.only else ("syncs", *(name for name in chosen.only if name != "syncs")):
            print(f"-- {section}", flush=True)
            command = [sys.executable, "-m", f"benchmarks.{section}", folder, str(chosen.customers)]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
            for line in done.stdout.splitlines():
                figure = Figure.parsed(line)
                if figure is None:
                    print(f"   {line}")
                else:
                    figures.append(figure)
            if done.returncode:
                broken.append(section)
    print("\n| path | ours | floor or peer | ratio | at most | holds |\n|---|---|---|---|---|---|")
    for figure in figures:
        print(figure.row())
    held = sum(figure.ratio <= figure.at_most for figure in figures)
    print(f"\n{held} of {len(figures)} hold", printed(broken), sep="")
    return 1 if broken else 0


def write_bodies(home: Path, customers: int) -> int:
    """Four answers of the sheet, each a little changed from the one before; the size of one."""
    bodies = [make_body(customers)]
    for rows in (10, customers // 10, 10):
        bodies.append(change(bodies[-1], rows))
    for number, body in enumerate(bodies):
        (home / f"body-{number}.json").write_bytes(body)
    return len(bodies[0])


if __name__ == "__main__":
    sys.exit(main())
