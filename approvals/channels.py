"""Which channel is whose: channels.yaml, read once."""

from typing import Annotated, Literal

from pydantic import Field, ValidationError

from scoring.policy_parts import Part
from scoring.refusals import refusal
from scoring.yaml_lines import read_yaml


class Channel(Part):
    """One channel and the language it is written to in."""

    channel: Annotated[str, Field(pattern=r"^[CG][A-Z0-9]{2,30}$")]
    lang: Literal["zh-CN", "en"] = "zh-CN"


class Channels(Part):
    """The channels that the desk posts to on its own; None = nobody is told there."""

    finance: Channel | None = None


def parse_channels(text: str, file: str = "channels.yaml") -> Channels:
    """The channels of a file; PolicyError names file, line and what is wrong."""
    values, lines = read_yaml(text, file)
    try:
        return Channels.model_validate(values)
    except ValidationError as wrong:
        raise refusal(wrong, lines, file) from None
