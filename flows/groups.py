"""Roles by Slack user group: who is in each, asked every few minutes; while Slack is silent the last it told holds.

A change is put on record, since it changes who may decide. A group that cannot be read, and one that nobody is in, is
told to the administrators once a day: a role must not go away in silence.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

import orjson

from approvals.people import People, Role
from flows.desk import Desk
from flows.notes import note
from flows.outgoing import SlackOut, StoppedError
from flows.roster import Members, Roster

REFRESH_SECONDS = 300
_KEPT = "groups"
_PASSES = timedelta(hours=1)
"""What mostly passes by itself is told once a group has not been read for so long."""
_LASTING = frozenset({
    "missing_scope", "no_such_subteam", "plan_upgrade_required", "no_permission", "access_denied", "token_revoked",
    "account_inactive", "invalid_auth",
})  # fmt: skip
_NOBODY = frozenset({"user_not_found", "user_not_visible"})
_TOLD: tuple[Role, ...] = ("administrator", "customer_admin")
_log = logging.getLogger("creditdesk.people")


def restore_groups(desk: Desk) -> None:
    """Begin with whom Slack named last, as far as people.yaml still asks for the groups."""
    found = orjson.loads(desk.mirror.recalled(_KEPT) or "{}")
    known = {
        group: Members(datetime.fromisoformat(one["at"]), tuple((account, name) for account, name in one["people"]))
        for group, one in found.items()
    }
    desk.roster.take({group: known[group] for group in _wanted(desk.roster) if group in known})


def refresh_groups(desk: Desk, slack: SlackOut) -> str:
    """Ask who is in each group of people.yaml; what is known goes on where there is no answer."""
    wanted, before = _wanted(desk.roster), dict(desk.roster.members)
    if not wanted:
        return "-"
    after, unread = dict(before), dict[str, str]()
    for group in wanted:
        try:
            after[group] = Members(desk.clock(), _members(slack, group, desk.roster.file))
        except StoppedError as stopped:
            unread[group] = stopped.sent.why
            _log.warning("group %s not read: %s", group, stopped.sent.why)
    desk.roster.take(after)
    desk.mirror.remember(_KEPT, _packed(after))
    _put_on_record(desk, before, after)
    _tell(desk, wanted, unread)
    return f"groups {len(wanted) - len(unread)} of {len(wanted)}"


def told_to(people: People, roles: Iterable[Role] = _TOLD) -> tuple[str, ...]:
    """Ids of those who hear what only an administrator can mend: whoever holds one of the roles and has an account."""
    wanted = frozenset(roles)
    return tuple(one.id for one in people.people if one.slack and wanted & {grant.role for grant in one.held})


def _wanted(roster: Roster) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.group for one in roster.file.groups))


def _members(slack: SlackOut, group: str, people: People) -> tuple[tuple[str, str], ...]:
    """Accounts with their names, guests and strangers left out; whom people.yaml knows need not be asked for."""
    found: list[tuple[str, str]] = []
    for account in slack.members(group):
        known = people.by_slack.get(account)
        name = known.name if known is not None else _name(slack, account)
        found += [(account, name)] if name else []
    return tuple(found)


def _name(slack: SlackOut, account: str) -> str:
    """How an account is called; "" for one that may not have a role."""
    try:
        facts = slack.account(account)
    except StoppedError as stopped:
        if stopped.sent.why in _NOBODY:
            return ""
        raise
    return "" if facts.outsider else facts.name or account


def _packed(members: dict[str, Members]) -> str:
    return orjson.dumps({
        group: {"at": one.at.isoformat(), "people": one.people} for group, one in members.items()
    }).decode()  # fmt: skip


def _put_on_record(desk: Desk, before: dict[str, Members], after: dict[str, Members]) -> None:
    """One audit entry for each group whose members changed: accounts only."""
    changed = []
    for group, one in after.items():
        old, new = {account for account, _ in _people(before, group)}, {account for account, _ in one.people}
        if old != new:
            changed.append({"group": group, "came": sorted(new - old), "went": sorted(old - new)})
    if not changed or desk.record is None:
        return
    with desk.record.begin() as writing:
        for facts in changed:
            writing.audit("", "members", "", facts)


def _people(members: dict[str, Members], group: str) -> tuple[tuple[str, str], ...]:
    return members[group].people if group in members else ()


def _tell(desk: Desk, wanted: Iterable[str], unread: dict[str, str]) -> None:
    """The administrators hear of each such group once a day, however many desks look."""
    wrong = {group: why for group, why in unread.items() if _lasts(desk, group, why)}
    wrong |= {
        group: "empty" for group in wanted if group not in unread and not _people(dict(desk.roster.members), group)
    }
    record, people = desk.record, told_to(desk.people)
    if not wrong or record is None:
        return
    if not people:
        _log.error("groups %s: nobody in people.yaml can be told", sorted(wrong))
    new = {group: why for group, why in wrong.items() if not record.slots(f"group/{group}", desk.today())}
    if not new:
        return
    with record.begin() as writing:
        for group, why in new.items():
            if writing.claim_slot(f"group/{group}", desk.today(), late=False):
                for person in people:
                    note(writing, person, "group", group=group, why=why)
    desk.nudge()


def _lasts(desk: Desk, group: str, why: str) -> bool:
    known = desk.roster.members.get(group)
    return why in _LASTING or known is None or desk.clock() - known.at >= _PASSES
