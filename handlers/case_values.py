"""What buttons and modals of cases carry, parsed: ids and versions; nothing else is believed."""

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from approvals.cases import Source
from flows.cases import CasePlace


class OnCase(BaseModel):
    """{"e": case id, "v": the version it was made at}, with {"t": code} of a step of the checklist."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    e: Annotated[str, Field(pattern=r"^EV-[0-9]{4}-[0-9]{4,9}$")]
    v: Annotated[int, Field(ge=1, le=1_000_000, strict=True)]
    t: Annotated[str, Field(pattern=r"^[a-z_]{1,30}$")] = ""

    @property
    def place(self) -> CasePlace:
        """The same for the flows."""
        return CasePlace(self.e, self.v)


class NewCase(BaseModel):
    """{"c": customer id, "v": 1}, with {"a": alert id} where it grows from one."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    c: Annotated[str, Field(min_length=1, max_length=200)]
    v: Annotated[int, Field(ge=1, le=1)]
    a: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class OpeningOf(BaseModel):
    """private_metadata of the opening modal: {"c": customer id, "f": what it grew from, "s": its id}."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    c: Annotated[str, Field(min_length=1, max_length=200)]
    f: Source
    s: Annotated[str, Field(max_length=200)]


class LineAt(BaseModel):
    """private_metadata of the evidence modal: {"l": what opens the message, "u": account of who wrote it}."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    l: Annotated[str, Field(max_length=500, pattern=r"^(https?://[^\s<>|\"']+/archives/[^\s<>|\"']+)?$")]  # noqa: E741
    u: Annotated[str, Field(max_length=40, pattern=r"^[A-Z0-9]*$")]


_T = TypeVar("_T", bound=BaseModel)


def parsed(model: type[_T], value: object) -> _T | None:
    """The value of a button or a modal, or None when it is not one of ours."""
    if not isinstance(value, str):
        return None
    try:
        return model.model_validate_json(value)
    except ValidationError:
        return None
