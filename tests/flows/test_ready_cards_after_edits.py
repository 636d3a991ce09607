"""Whatever is edited, a card kept ready says what would be answered now."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.sync import sync
from tests.flows.hall import Hall
from texts.formats import LANGS

_EDITS = st.lists(
    st.tuples(
        st.sampled_from(["amount", "paid", "due", "limit", "status", "parent", "owner", "number", "day", "swap", "drop"]),
        st.integers(0, 29), st.sampled_from([0, 1, 7, 400, 5_000, 250_000, 30_000_000]),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@given(rounds=st.lists(_EDITS, min_size=1, max_size=3))
@settings(max_examples=25, deadline=None)
def test_after_any_edits_a_ready_card_is_still_what_would_be_answered(
    rounds: list[list[tuple[str, int, int]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    hall = Hall(tmp_path_factory.mktemp("hall"))
    for edits in rounds:
        for kind, place, number in edits:
            _edit(hall, kind, place, number)
        sync(hall.desk)
        for lang in LANGS:
            reader = hall.reader("U07HE", lang)
            for n in range(30):
                kept = hall.ready(f"C{n}", reader)
                assert kept is None or kept == hall.made(f"C{n}", reader)
        hall.fill()


def _edit(hall: Hall, kind: str, place: int, number: int) -> None:
    customer, invoice = hall.paper.customers[1 + place], hall.paper.invoices[1 + place]
    if kind in {"amount", "paid"}:
        invoice[4 if kind == "amount" else 5] = number
    elif kind == "due":
        invoice[3] = f"2026-{1 + number % 11:02d}-15"
    elif kind == "limit":
        customer[2] = number
    elif kind == "status":
        customer[3] = ["", "冻结", "停止", "看看"][number % 4]
    elif kind == "parent":
        customer[5] = f"C{number % 30}"
    elif kind == "owner":
        invoice[1] = f"C{number % 30}"
    elif kind == "number":
        invoice[0] = f"I{number % 30}"
    elif kind == "day":
        hall.clock.now += timedelta(hours=number % 30)
    elif kind == "swap":
        rows = hall.paper.invoices
        rows[1 + place], rows[-1] = rows[-1], rows[1 + place]
    else:
        hall.paper.invoices[1 + place] = ["", "", "", "", "", ""]
