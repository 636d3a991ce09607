"""What is wrong with a configuration file, as a code with the line of the wrong entry itself."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from scoring.errors import PolicyError
from scoring.yaml_lines import Path

_RULE = "rule"
_CODES: Mapping[str, str] = {
    "missing": "policy_missing_key",
    "extra_forbidden": "policy_unknown_key",
    "greater_than": "policy_above",
    "greater_than_equal": "policy_at_least",
    "less_than": "policy_below",
    "less_than_equal": "policy_at_most",
    "literal_error": "policy_one_of",
    "string_pattern_mismatch": "policy_pattern",
    "string_type": "policy_words",
    "too_short": "policy_too_few",
    "too_long": "policy_too_many",
}
_KINDS = (("bool_", "policy_yes_no"), ("int_", "policy_whole_number"), ("decimal_", "policy_number"))
"""How the kinds of faults begin of which there are several each."""
_BOUNDS = ("ge", "gt", "le", "lt", "min_length", "max_length")


def broken(code: str, *at: str | int, found: object = "", bound: object = "") -> PydanticCustomError:
    """A rule of our own that does not hold: `at` leads from the section to the wrong entry."""
    return PydanticCustomError(_RULE, "{code}", {"code": code, "at": at, "found": str(found), "bound": str(bound)})


def refusal(wrong: ValidationError, lines: Mapping[Path, int], file: str) -> PolicyError:
    """The first fault by line; a key that is missing only because it is misspelt comes after the misspelt one."""
    return min((_one(fault, lines, file) for fault in wrong.errors()), key=_place)


def _place(error: PolicyError) -> tuple[bool, int, str]:
    line = error.facts["line"]
    return error.code == "policy_missing_key", line if isinstance(line, int) else 0, str(error.facts["key"])


def _one(fault: Any, lines: Mapping[Path, int], file: str) -> PolicyError:
    context: Mapping[str, Any] = fault.get("ctx") or {}
    path: Path = tuple(fault["loc"])
    if fault["type"] == _RULE:
        path = (*path, *context["at"])
        code, found, bound = context["code"], context["found"], context["bound"]
    else:
        code, found, bound = _code(fault["type"]), _scalar(fault["input"]), _bound(context)
    key = ".".join(str(part) for part in path)
    return PolicyError(code, file=file, line=_line_of(path, lines), key=key, found=found, bound=bound)


def _code(kind: str) -> str:
    several = (code for start, code in _KINDS if kind.startswith(start))
    return _CODES.get(kind) or next(several, "policy_number" if kind == "finite_number" else "policy_wrong_kind")


def _scalar(value: object) -> str:
    return str(value)[:40] if isinstance(value, str | int | float) or hasattr(value, "as_tuple") else ""


def _bound(context: Mapping[str, Any]) -> str:
    if "expected" in context:
        return ", ".join(re.findall(r"'([^']*)'", str(context["expected"])))
    return next((str(context[name]) for name in _BOUNDS if name in context), "")


def _line_of(path: Path, lines: Mapping[Path, int]) -> int:
    """The line of the longest part of a path that stands in the file."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)
