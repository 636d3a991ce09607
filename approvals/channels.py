"""Which channel is whose: channels.yaml, read once."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from scoring.policy_parts import Clock, Part
from scoring.refusals import refusal
from scoring.yaml_lines import read_yaml


class Channel(Part):
    """One channel, the language it is written to in, and when its digest comes."""

    channel: Annotated[str, Field(pattern=r"^[CG][A-Z0-9]{2,30}$")]
    lang: Literal["zh-CN", "en"] = "zh-CN"
    digest_time: Clock | None = None
    """None = the policy's."""
    public: bool = False
    """True where figures may be posted although everybody in the workspace can read along."""


class Channels(Part):
    """The channels that the desk posts to on its own; None = nobody is told there."""

    finance: Channel | None = None
    departments: Mapping[Annotated[str, Field(min_length=1, max_length=60)], Channel] = {}
    """By department as the ledger writes it; one without a channel goes to finance."""
    decisions: Mapping[Annotated[str, Field(min_length=1, max_length=60)], Channel] = {}
    """Where the cards of a department's requests hang too; "*" = of every department that is not named."""

    def decided_in(self, department: str) -> str:
        """The channel in which a department's requests are decided; "" = in direct messages alone."""
        found = self.decisions.get(department) or self.decisions.get("*")
        return "" if found is None else found.channel

    @cached_property
    def by_id(self) -> Mapping[str, Channel]:
        """The settings of each channel; where two entries share one, the first speaks for it."""
        named = [*([self.finance] if self.finance else []), *self.departments.values(), *self.decisions.values()]
        return {one.channel: one for one in reversed(named)}


def parse_channels(text: str, file: str = "channels.yaml") -> Channels:
    """The channels of a file; PolicyError names file, line and what is wrong."""
    values, lines = read_yaml(text, file)
    try:
        return Channels.model_validate(values)
    except ValidationError as wrong:
        raise refusal(wrong, lines, file) from None
