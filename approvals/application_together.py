"""What the fields of one step say about one another: parts and wholes, what goes with what, which day comes first."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

from approvals.application_fields import (
    FIELDS,
    REFERENCES,
    SECURITIES,
    STATEMENT_NEEDED,
    Step,
    fields_of,
)
from approvals.application_parse import FieldError, Typed, Value

Wrong = Iterable[tuple[str, FieldError]]
_Look = Callable[[Mapping[str, Value], Typed], Wrong]


def together(step: Step, values: Mapping[str, Value], typed: Typed) -> Wrong:
    """Fields that are wrong beside the others of their step, with the reason; `values` are those that can be read."""
    return _LOOKS.get(step, _nothing)(values, typed)


def _nothing(_values: Mapping[str, Value], _typed: Typed) -> Wrong:
    return ()


def _missing(name: str) -> tuple[str, FieldError]:
    return name, FieldError("field_missing")


def _begun(typed: Typed, place: str) -> bool:
    return any(name.startswith(f"{place}.") and FIELDS[name].kind != "ticks" for name in typed)


def _who(values: Mapping[str, Value], typed: Typed) -> Wrong:
    if "uscc" not in typed and values.get("entity_type") != "foreign":
        yield _missing("uscc")


def _company(values: Mapping[str, Value], typed: Typed) -> Wrong:
    if values.get("regulated"):
        yield from (_missing(name) for name in ("permit_name", "permit_expires_on") if name not in typed)
    yield from _within(values, "paid_in_capital", "registered_capital")


def _within(values: Mapping[str, Value], part: str, whole: str) -> Wrong:
    """A part is not more than the whole it belongs to."""
    one, all_of_it = values.get(part), values.get(whole)
    if isinstance(one, Decimal) and isinstance(all_of_it, Decimal) and one > all_of_it:
        yield part, FieldError("part_above_whole", whole=FIELDS[whole].word)


def _statements(place: int) -> _Look:
    at = f"statement.{place}"

    def look(values: Mapping[str, Value], typed: Typed) -> Wrong:
        if _begun(typed, at):
            yield from (_missing(f"{at}.{name}") for name in sorted(STATEMENT_NEEDED) if f"{at}.{name}" not in typed)
        for part, whole in _PARTS:
            yield from _within(values, f"{at}.{part}", f"{at}.{whole}")
        if place == 2:
            newest, mine = typed.get("statement.1.period_end"), values.get(f"{at}.period_end")
            if isinstance(newest, str) and isinstance(mine, date) and mine.isoformat() >= newest:
                yield f"{at}.period_end", FieldError("period_order", newest=newest)

    return look


_PARTS = (
    ("current_assets", "total_assets"), ("intangible_assets", "total_assets"), ("inventory", "current_assets"),
    ("current_liabilities", "total_liabilities"),
)  # fmt: skip


def _outside(values: Mapping[str, Value], typed: Typed) -> Wrong:
    asked = [field.name for field in fields_of("outside") if field.name in typed]
    if asked:
        yield from (_missing(name) for name in ("checked_on", "source") if name not in typed)
    if values.get("enforcement") == "settled" and "enforcement_settled_on" not in typed:
        yield _missing("enforcement_settled_on")
    if "rating" in values and "rating_on" not in typed:
        yield _missing("rating_on")


def _listed(what: str, most: int, needed: tuple[str, ...]) -> _Look:
    def look(_values: Mapping[str, Value], typed: Typed) -> Wrong:
        for place in range(1, most + 1):
            at = f"{what}.{place}"
            if _begun(typed, at):
                yield from (_missing(f"{at}.{name}") for name in needed if f"{at}.{name}" not in typed)

    return look


def _security(values: Mapping[str, Value], typed: Typed) -> Wrong:
    yield from _listed("security", SECURITIES, ("kind", "amount"))(values, typed)
    signed, expires = values.get("contract.signed_on"), values.get("contract.expires_on")
    if isinstance(signed, date) and isinstance(expires, date) and expires < signed:
        yield "contract.expires_on", FieldError("contract_order")


_LOOKS: Mapping[Step, _Look] = {
    "who": _who, "company": _company, "finances": _statements(1), "finances_before": _statements(2),
    "outside": _outside, "references": _listed("reference", REFERENCES, ("company", "verdict")), "security": _security,
}  # fmt: skip
