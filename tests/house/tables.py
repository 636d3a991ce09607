"""The tables of docs/requests.md, made from the code and the shipped policy: `python -m tests.house.tables` writes them."""

import re
from collections.abc import Mapping
from pathlib import Path

from approvals.posts import authority_of
from approvals.transitions import table_text
from tests.builders import policy

PAGE = Path(__file__).parents[2] / "docs/requests.md"


def matrix_text() -> str:
    """The needed post of each cell, and the post one higher behind it where that is another one."""
    rule = policy().authority
    spans = zip((0, *rule.days), rule.days, strict=False)
    lines = ["| amount <= / days | " + " | ".join(f"{below + 1}-{most}" for below, most in spans) + " |"]
    lines.append("|---" * (len(rule.days) + 1) + "|")
    for row in rule.matrix:
        cells = []
        for days in rule.days:
            plain, higher = (authority_of(policy(), row.up_to, days, why) for why in ((), rule.one_post_higher))
            cells.append(f"`{plain}`" if plain == higher else f"`{plain}`, higher `{higher}`")
        lines.append(f"| {row.up_to:,} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def tables() -> Mapping[str, str]:
    """Every table that is made, by its name in the page."""
    return {"matrix": matrix_text(), "transitions": table_text()}


def filled(text: str) -> str:
    """A page with its tables as the code has them."""
    for name, table in tables().items():
        text = re.sub(rf"(<!-- {name} -->\n).*?(<!-- end -->)", rf"\g<1>{table}\n\g<2>", text, flags=re.DOTALL)
    return text


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
