"""A desk killed in the middle of a sync leaves a copy that is whole: the one before, or the one after."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import ROOT
from tests.paper import Paper, desk_of

CHILD = """
import sys
from pathlib import Path
from flows.sync import sync
from storage import meta
from tests.paper import Paper, desk_of

paper = Paper()
desk = desk_of(paper, Path(sys.argv[1]))
sync(desk)
for row in paper.invoices[1:]:
    row[5] = 7
original = meta.put_meta
steps = iter(range(1000))

def point(*given):
    print(next(steps), flush=True)
    sys.stdin.readline()
    return original(*given)

import flows.sync
flows.sync.put_meta = point
sync(desk)
print("done", flush=True)
"""


@pytest.mark.parametrize("step", [0, 1, 2, 3])
def test_kill_at_each_step_leaves_the_copy_before_or_after_and_the_next_sync_mends(tmp_path: Path, step: int) -> None:
    command = [sys.executable, "-c", CHILD, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        for line in child.stdout:
            if line.strip() in {str(step), "done"}:
                child.kill()
                break
            child.stdin.write("\n")
            child.stdin.flush()
    desk = desk_of(Paper(), tmp_path)
    paid = {str(getattr(row, "paid", None)) for row in desk.mirror.tab_rows("invoices")}
    assert paid in ({"0"}, {"7"})
    from flows.sync import sync

    sync(desk)
    assert {str(getattr(row, "paid", None)) for row in desk.mirror.tab_rows("invoices")} == {"0"}
    assert desk.latest.view is not None
    assert desk.mirror.touched() == []
