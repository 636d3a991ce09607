"""The house as the docs describe it, and nothing in it that belongs to one machine."""

import re
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_architecture_names_each_top_level_folder() -> None:
    described = set(re.findall(r"^(\w+)/ ", (ROOT / "docs/architecture.md").read_text(encoding="utf-8"), re.MULTILINE))
    there = {path.relative_to(ROOT).parts[0] for path in tracked() if len(path.relative_to(ROOT).parts) > 1}
    assert described == {name for name in there if not name.startswith(".")}


def test_packages_are_listed_one_by_one() -> None:
    listed = set(PROJECT["tool"]["setuptools"]["packages"])
    top = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    nested = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for package in top
        for path in (ROOT / package).rglob("__init__.py")
    }
    assert listed == nested


def test_every_dependency_is_pinned_and_has_its_reason() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").lower()
    reasons = (ROOT / "docs/decisions.md").read_text(encoding="utf-8").lower()
    wanted = [*PROJECT["project"]["dependencies"], *chain(*PROJECT["project"]["optional-dependencies"].values())]
    names = [re.split(r"[<>=~!]", requirement)[0].strip().lower() for requirement in wanted]
    pinned = {re.sub(r"[-_.]+", "-", line.split("==")[0]) for line in pins.splitlines() if "==" in line}
    assert [name for name in names if re.sub(r"[-_.]+", "-", name) not in pinned] == []
    assert [name for name in names if f"`{name}`" not in reasons] == []


def test_nothing_points_to_a_machine_or_a_registry() -> None:
    traces = re.compile(
        rb'--(extra-)?index-url|"resolved": *"http|registry *= *"?http|@ (https?|file)://'
        rb"|(^|[^a-zA-Z0-9.])/(work|farm|root)/",
        re.MULTILINE,
    )
    found = [
        str(path.relative_to(ROOT)) for path in tracked() if path.suffix != ".png" and traces.search(path.read_bytes())
    ]
    assert [name for name in found if name != "tests/house/test_tree.py"] == []


def test_make_offers_what_the_readme_names() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for name in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md"):
        named = set(re.findall(r"make ([a-z]+)", (ROOT / name).read_text(encoding="utf-8")))
        assert named <= targets, name
    assert {"setup", "demo", "run", "test", "check", "bench", "soak"} <= targets


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in tracked()
        if path.suffix == ".md"
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]
    assert broken == []
