"""What a button carries, parsed: an id and a version, nothing else is believed."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class Carried(BaseModel):
    """{"c": customer id} or {"k": search key}."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    c: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    k: Annotated[str, Field(pattern=r"^[cb]:", max_length=1900)] | None = None
    v: Annotated[int, Field(ge=1, le=1)]

    @property
    def key(self) -> str | None:
        """The search key of what was chosen."""
        return self.k or (f"c:{self.c}" if self.c else None)


def carried(value: object) -> Carried | None:
    """The value of a button, or None when it is not one of ours."""
    if not isinstance(value, str):
        return None
    try:
        return Carried.model_validate_json(value)
    except ValidationError:
        return None
