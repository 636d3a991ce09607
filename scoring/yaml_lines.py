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
        problem = str(wrong.problem or wrong.context or "not YAML")
        raise PolicyError("policy_syntax", file=file, line=(mark.line + 1) if mark else 1, found=problem) from None
    except ReaderError as wrong:
        line = text.count("\n", 0, wrong.position) + 1
        raise PolicyError("policy_syntax", file=file, line=line, found="a control character") from None
    except YAMLError as wrong:
        raise PolicyError("policy_syntax", file=file, line=1, found=str(wrong).splitlines()[0][:200]) from None
    except RecursionError:
        raise PolicyError("policy_syntax", file=file, line=1, found="nested too deeply") from None


def _reader() -> YAML:
    return YAML(typ="safe", pure=True)


def _refuse_shorthand(text: str, file: str) -> None:
    """Aliases and tags: what is in force must stand where it is read."""
    for event in _reader().parse(StringIO(text)):
        if isinstance(event, AliasEvent):
            raise PolicyError("policy_alias", file=file, line=event.start_mark.line + 1, found=str(event.anchor))
        tag = getattr(event, "ctag", None) if isinstance(event, NodeEvent) else None
        if tag is not None:
            raise PolicyError("policy_syntax", file=file, line=event.start_mark.line + 1, found=f"a tag ({tag})")


def _plain(node: Node, path: Path, lines: dict[Path, int], file: str) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, MappingNode):
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                raise PolicyError("policy_syntax", file=file, line=line, found="a key must be a word")
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
