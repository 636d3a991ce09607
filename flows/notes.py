"""Notes: direct messages that are not about a request's card, with ids only; the words are made when they go out."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from approvals.clock import deadlines
from approvals.due import stuck
from flows.desk import Desk
from flows.outgoing import Attempt, Ended
from flows.posting import direct, ended, person_with, post_once
from texts.absence import group_note, lent_note, stuck_note
from texts.absence_modal import AbsentLine
from texts.blocks import Message

Facts = Mapping[str, Any]


class Notes(Protocol):
    """The part of a transaction that keeps what goes out."""

    def enqueue(self, kind: str, subject: str, payload: dict[str, object]) -> str:
        """Keep one thing to be delivered; its id."""


def note(writing: Notes, person: str, what: str, **facts: object) -> str:
    """Somebody is told something; `facts` are ids and codes."""
    return writing.enqueue("note", f"note/{person}", {"person": person, "what": what, **facts})


def deliver_note(attempt: Attempt) -> Ended:
    """Post it to whoever is still there to read it; what has nothing to say any more says nothing."""
    person = person_with(attempt.desk, str(attempt.payload["person"]))
    if person is None or not person.slack:
        return Ended(outcome="done", why="nobody_to_tell")
    channel, lang = direct(attempt, person.slack[0], person)
    made = made_note(attempt.desk, attempt.payload, lang)
    return Ended(outcome="done", why="nothing_to_say") if made is None else ended(post_once(attempt, channel, made))


def made_note(desk: Desk, facts: Facts, lang: str) -> Message | None:
    """The words of a note as things stand now; None when it has nothing to say any more."""
    return _MADE[str(facts["what"])](desk, facts, lang)


def _group(desk: Desk, facts: Facts, lang: str) -> Message | None:
    known = desk.roster.members.get(str(facts["group"]))
    return group_note(lang, str(facts["group"]), str(facts["why"]), None if known is None else desk.local(known.at))


def _stuck(desk: Desk, facts: Facts, lang: str) -> Message | None:
    filed = None if desk.record is None else desk.record.request(str(facts["request_no"]))
    nobody = None if filed is None else stuck(filed.request, desk.policy, desk.people)
    if filed is None or nobody is None:
        return None
    request = filed.request
    lapses = desk.local(deadlines(request, desk.policy).expire_at)
    return stuck_note(
        lang, request.request_no, request.name, request.department, nobody.facts["role"],
        desk.today() if lapses is None else lapses.date(), desk.today(),
    )  # fmt: skip


def _lent(desk: Desk, facts: Facts, lang: str) -> Message | None:
    """A turn given or taken back, to the one or the other; who did it is named where that was somebody else."""
    found = None if desk.record is None else desk.record.delegation(str(facts["delegation"]))
    if found is None:
        return None
    begins, by, person = facts["what"] == "delegated", str(facts["by"]), str(facts["person"])
    side = "by" if person == found.from_person else "to"
    names = {one.id: one.name for one in desk.people.people}
    plain = by == person or (begins and by == found.from_person)
    line = AbsentLine(
        id=found.id, giver=names.get(found.from_person, found.from_person),
        taker=names.get(found.to_person, found.to_person), starts_on=found.starts_on, ends_on=found.ends_on,
        reason=found.reason, maker="" if plain else names.get(by, by),
    )  # fmt: skip
    return lent_note(lang, f"{'given' if begins else 'ended'}_{side}", line, desk.today())


_MADE: Mapping[str, Callable[[Desk, Facts, str], Message | None]] = {
    "group": _group, "stuck": _stuck, "delegated": _lent, "undelegated": _lent,
}  # fmt: skip
