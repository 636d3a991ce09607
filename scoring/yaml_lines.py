"""YAML as plain values with the line of each: 1.2 only, no aliases, no duplicate keys, numbers as Decimal."""

import re
from collections.abc import Mapping
from decimal import Decimal
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, NodeEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from scoring.errors import PolicyError

Path = tuple[str | int, ...]
MAX_CHARACTERS = 200_000
_LONGEST_NUMBER = 40
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?[0-9]+\.[0-9]+")
_WORDS: Mapping[str, object] = {"true": True, "false": False, "null": None, "~": None, "": None}


def read_yaml(text: str, file: str) -> tuple[Any, dict[Path, int]]:
    """(values, line of each path). PolicyError names file and line of whatever is wrong."""
    if len(text) > MAX_CHARACTERS:
        raise PolicyError("policy_too_long", file=file, line=1, found=str(len(text)))
    text = text.removeprefix("\ufeff")
    lines: dict[Path, int] = {}
    try:
        _refuse_shorthand(text, file)
        node = _reader().compose(StringIO(text))
        if node is None:
            raise PolicyError("policy_empty", file=file, line=1, found="")
        return _plain(node, (), lines, file), lines
    except MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        raise _wrong(file, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, "structure") from None
    except ReaderError as wrong:
        before = text[: wrong.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise _wrong(file, line, column, "control") from None
    except YAMLError:
        raise _wrong(file, 1, 1, "structure") from None
    except RecursionError:
        raise _wrong(file, 1, 1, "depth") from None


def _wrong(file: str, line: int, column: int, why: str, found: str = "") -> PolicyError:
    """What cannot be read at all, and where; the parser's own words are for those who wrote it."""
    return PolicyError("policy_syntax", file=file, line=line, column=column, why=why, found=found)


def _reader() -> YAML:
    return YAML(typ="safe", pure=True)


def _refuse_shorthand(text: str, file: str) -> None:
    """Aliases and tags: what is in force must stand where it is read."""
    for event in _reader().parse(StringIO(text)):
        if isinstance(event, AliasEvent):
            raise PolicyError("policy_alias", file=file, line=event.start_mark.line + 1, found=str(event.anchor))
        tag = getattr(event, "ctag", None) if isinstance(event, NodeEvent) else None
        if tag is not None:
            raise _wrong(file, event.start_mark.line + 1, event.start_mark.column + 1, "tag", str(tag))


def _plain(node: Node, path: Path, lines: dict[Path, int], file: str) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, MappingNode):
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                raise _wrong(file, line, key_node.start_mark.column + 1, "key")
            if key in values:
                raise PolicyError("policy_duplicate_key", file=file, line=line, found=key)
            values[key] = _plain(value_node, (*path, key), lines, file)
            lines[*path, key] = line
        return values
    if isinstance(node, SequenceNode):
        return [_plain(child, (*path, index), lines, file) for index, child in enumerate(node.value)]
    return _scalar(node)


def _scalar(node: Node) -> object:
    text = str(node.value)
    if getattr(node, "style", None) in {"'", '"', "|", ">"}:
        return text
    if text.lower() in _WORDS and text in {text.lower(), text.title(), text.upper()}:
        return _WORDS[text.lower()]
    if len(text) > _LONGEST_NUMBER:
        return text
    if _INT.fullmatch(text):
        return int(text)
    return Decimal(text) if _FLOAT.fullmatch(text) else text
