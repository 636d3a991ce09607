"""What has changed about a customer since a request was filed: two answers of the JSON contract, compared."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

from scoring.findings import Fact, Finding

Answer = Mapping[str, Any]
_GRADES = ("A", "B", "C", None, "D")
"""From best to worst; unrated stands before D, which no signature can give a line."""
_VERDICTS = ("ok", "prepay", "approval", None, "stop")
_COLOURS = ("yellow", "orange", "red")
Direction = Literal["worse", "better"]


def changes(then: Answer, now: Answer) -> tuple[Finding, ...]:
    """Everything that counts for a decision and is no longer as it was; worse things first, in severity "red".

    `then` and `now` are answers as `scoring.answer` makes them. What got better has the severity "info".
    """
    found = [*_ranked(then, now), *_vetoes(then, now), *_amounts(then, now), *_warnings(then, now)]
    return tuple(sorted(found, key=lambda one: one.severity != "red"))


def worse(then: Answer, now: Answer) -> tuple[Finding, ...]:
    """Only what got worse: a signer has to confirm it."""
    return tuple(one for one in changes(then, now) if one.severity == "red")


def _finding(code: str, direction: Direction, **facts: Fact) -> Finding:
    return Finding(f"{code}_{direction}", "red" if direction == "worse" else "info", facts)


def _ranked(then: Answer, now: Answer) -> Iterator[Finding]:
    for name, ranks in (("grade", _GRADES), ("verdict", _VERDICTS)):
        was, has = ranks.index(then[name]), ranks.index(now[name])
        if was != has:
            yield _finding(name, "worse" if has > was else "better", was=then[name], now=now[name])


def _vetoes(then: Answer, now: Answer) -> Iterator[Finding]:
    was = {one["code"] for one in then["vetoes"] or ()}
    has = {one["code"] for one in now["vetoes"] or ()}
    for code in sorted(has - was):
        yield _finding("veto", "worse", veto=code)
    for code in sorted(was - has):
        yield _finding("veto", "better", veto=code)


def _amounts(then: Answer, now: Answer) -> Iterator[Finding]:
    """What the rules propose: less is worse. What the customer owes and is late with: more is worse."""
    for code, more_is_worse in (("exposure", True), ("overdue", True), ("max_days_overdue", True)):
        yield from _moved(code, then[code], now[code], more_is_worse=more_is_worse)
    for part in ("limit", "payment_days"):
        was, has = (then["proposal"] or {}).get(part), (now["proposal"] or {}).get(part)
        yield from _moved(f"proposed_{part}", was, has, more_is_worse=False)


def _moved(code: str, was: Any, has: Any, *, more_is_worse: bool) -> Iterator[Finding]:
    if was == has:
        return
    if was is None or has is None:
        yield _finding(code, "worse" if has is None else "better", was=_fact(was), now=_fact(has))
        return
    more = Decimal(str(has)) > Decimal(str(was))
    yield _finding(code, "worse" if more == more_is_worse else "better", was=_fact(was), now=_fact(has))


def _fact(value: Any) -> Fact:
    return Decimal(value) if isinstance(value, str) else value


def _warnings(then: Answer, now: Answer) -> Iterator[Finding]:
    was, has = _colours(then), _colours(now)
    for code in sorted(has):
        if has[code] > was.get(code, -1):
            yield _finding("warning", "worse", warning=code, colour=_COLOURS[has[code]])
    for code in sorted(was):
        if was[code] > has.get(code, -1):
            yield _finding("warning", "better", warning=code, colour=_COLOURS[was[code]])


def _colours(answer: Answer) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in answer["warnings"] or ():
        if one["severity"] in _COLOURS:
            found[one["code"]] = max(found.get(one["code"], -1), _COLOURS.index(one["severity"]))
    return found
