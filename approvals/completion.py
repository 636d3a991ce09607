"""What differs between two applications about one customer, field by field: completed, changed, or new since. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from approvals.application import FILE_KINDS, Application, Attachment
from approvals.application_draft import filled_of
from approvals.application_fields import FIELDS

ASKED = frozenset({"payment_mode", "asked_limit", "asked_days", "currency", "reason"})
"""The applicant's own words: what he asks for, and why. Facts about the customer are everybody's."""
FORM = "form"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field of the form that says something else than before."""

    field: str
    """Its name among FIELDS; of files `files.<kind>`."""
    was: str
    """As the form has it; "" = empty."""
    now: str
    source: str
    """Where the new value comes from: the register that the form names, else `form`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """Somebody's changes to a form that had been sent already."""

    act: str
    """`vouch` or `resubmit`."""
    person: str
    account: str
    at: datetime
    round: int
    """The round that began with it."""
    fields: tuple[FieldChange, ...]


def field_changes(before: Application, after: Application) -> tuple[FieldChange, ...]:
    """Every field that differs, in the order in which the form asks for them."""
    was, now = (_said(one) for one in (before, after))
    looked_up = after.background.source if after.background is not None else ""
    return tuple(
        FieldChange(
            field=name, was=was.get(name, ""), now=now.get(name, ""),
            source=looked_up if looked_up and FIELDS[name].step == "outside" else FORM,
        )
        for name in FIELDS
        if was.get(name, "") != now.get(name, "")
    )  # fmt: skip


def _said(form: Application) -> dict[str, str]:
    typed = {name: raw if isinstance(raw, str) else ",".join(raw) for name, raw in filled_of(form).typed.items()}
    return typed | {f"files.{kind}": _files(form.attachments, kind) for kind in FILE_KINDS}


def _files(attachments: Iterable[Attachment], kind: str) -> str:
    """Name and the beginning of the digest: the same name with other content is another file."""
    return "; ".join(f"{one.name} ({one.sha256[:8]})" for one in attachments if one.kind == kind)


def brings_news(before: Application, after: Application) -> tuple[FieldChange, ...]:
    """What an application says that a refused one about the same customer did not.

    The applicant's reason is no fact, and asking for more is none; asking for less is.
    """
    changes = field_changes(before, after)
    less = _asks_less(before, after)
    return tuple(one for one in changes if one.field not in ASKED or (less and one.field != "reason"))


def _asks_less(before: Application, after: Application) -> bool:
    was, now = before.asked, after.asked
    if was.currency != now.currency:
        return False
    if now.prepay and not was.prepay:
        return True
    smaller = now.limit <= was.limit and now.payment_days <= was.payment_days
    return smaller and (now.limit, now.payment_days) != (was.limit, was.payment_days) and now.limit > Decimal(0)


def completion_json(one: Completion) -> dict[str, Any]:
    """As the evidence keeps it."""
    return {**asdict(one), "at": one.at.isoformat(), "fields": changes_json(one.fields)}


def completion_of(kept: Mapping[str, Any]) -> Completion:
    """What `completion_json` kept."""
    return Completion(
        act=str(kept["act"]), person=str(kept["person"]), account=str(kept["account"]), round=int(kept["round"]),
        at=datetime.fromisoformat(str(kept["at"])), fields=changes_of(kept["fields"]),
    )  # fmt: skip


def changes_json(changes: Iterable[FieldChange]) -> list[dict[str, Any]]:
    """Changes of fields as the evidence keeps them."""
    return [asdict(one) for one in changes]


def changes_of(kept: Iterable[Mapping[str, Any]]) -> tuple[FieldChange, ...]:
    """What `changes_json` kept."""
    return tuple(
        FieldChange(
            field=str(one["field"]), was=str(one["was"]), now=str(one["now"]), source=str(one["source"])
        )
        for one in kept
    )  # fmt: skip
