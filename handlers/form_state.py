"""What a modal of the application form sends, parsed: whose draft, which step, what stands in the questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from approvals.application import FILE_KINDS, FileKind
from approvals.application_draft import Answer
from approvals.application_fields import Step
from approvals.application_parse import Raw
from flows.form import CLASH_BLOCK, UNSET_CHOICE

_MOST_TEXT = 3000


class Held(BaseModel):
    """private_metadata: {"d": draft id, "s": step, "v": 1}; nothing else is believed."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    d: Annotated[str, Field(pattern=r"^[0-9a-f]{24}$")]
    s: Step
    v: Literal[1]


@dataclass(frozen=True, slots=True)
class FormState:
    """The state of one step."""

    fields: Mapping[str, Raw]
    answers: Mapping[str, Answer]
    uploads: Mapping[FileKind, list[Mapping[str, Any]]]


def held(view: Mapping[str, Any]) -> Held | None:
    """Which draft and step a modal shows, or None when it is none of ours."""
    try:
        return Held.model_validate_json(str(view.get("private_metadata") or ""))
    except ValidationError:
        return None


def state_of(view: Mapping[str, Any]) -> FormState:
    """What stands in the questions of a modal."""
    fields: dict[str, Raw] = {}
    answers: dict[str, Answer] = {}
    uploads: dict[FileKind, list[Mapping[str, Any]]] = {}
    for block, actions in ((view.get("state") or {}).get("values") or {}).items():
        for element in actions.values():
            value = _value(element)
            if block.startswith(CLASH_BLOCK):
                said = next((one for one in get_args(Answer) if one == value), None)
                if said is not None:
                    answers[block.removeprefix(CLASH_BLOCK)] = said
            elif element.get("type") == "file_input":
                kind = next((one for one in FILE_KINDS if block == f"files.{one}"), None)
                if kind is not None and element.get("files"):
                    uploads[kind] = [one for one in element["files"] if isinstance(one, dict)]
            else:
                fields[block] = value
    return FormState(fields, answers, uploads)


def _value(element: Mapping[str, Any]) -> Raw:
    if "selected_options" in element:
        return tuple(str(one["value"]) for one in element["selected_options"] or ())
    if "selected_option" in element:
        chosen = (element["selected_option"] or {}).get("value")
        return None if chosen in {None, UNSET_CHOICE} else str(chosen)
    found = element.get("selected_date") or element.get("value")
    return None if found is None else str(found)[:_MOST_TEXT]
