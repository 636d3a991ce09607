"""Who is there: auth.test, users.*, usergroups.*, and the door to Socket Mode."""

from sandbox.slack.calls import Answer, Caller, Given, Refused, flag, page
from sandbox.slack.held import Usergroup
from sandbox.slack.people import APP, BOT, BOT_USER, PEOPLE, TEAM

_BOT = {
    "id": BOT_USER, "team_id": TEAM, "is_bot": True, "name": "creditdesk", "deleted": False,
    "profile": {"real_name": "Credit Desk", "display_name": "creditdesk", "bot_id": BOT},
}  # fmt: skip


def auth_test(caller: Caller, given: Given) -> Answer:
    """auth.test."""
    del given
    return {
        "ok": True, "url": f"{caller.base}/", "team": "Demo", "user": "creditdesk", "team_id": TEAM,
        "user_id": BOT_USER, "bot_id": BOT, "is_enterprise_install": False,
    }  # fmt: skip


def api_test(caller: Caller, given: Given) -> Answer:
    """api.test."""
    del caller
    return {"ok": True, "args": given}


def connections_open(caller: Caller, given: Given) -> Answer:
    """apps.connections.open: an address for one connection."""
    del given
    ticket = caller.workspace.new_id("K")
    caller.workspace.tickets.add(ticket)
    return {"ok": True, "url": f"{caller.base.replace('http', 'ws', 1)}/slack/socket?ticket={ticket}&app_id={APP}"}


def _described(account: str, given: Given) -> Answer:
    if account == BOT_USER:
        return dict(_BOT)
    user = dict(PEOPLE[account].as_user())
    if not flag(given, "include_locale"):
        user.pop("locale")
    return user


def users_info(caller: Caller, given: Given) -> Answer:
    """users.info; the locale only when asked for."""
    del caller
    account = str(given.get("user") or "")
    if account != BOT_USER and account not in PEOPLE:
        raise Refused("user_not_found")
    return {"ok": True, "user": _described(account, given)}


def users_list(caller: Caller, given: Given) -> Answer:
    """users.list."""
    found, rest = page([_described(account, given) for account in (*PEOPLE, BOT_USER)], given)
    return {
        "ok": True,
        "members": found,
        "cache_ts": int(caller.workspace.clock()),
        "response_metadata": {"next_cursor": rest},
    }


def usergroups_list(caller: Caller, given: Given) -> Answer:
    """usergroups.list; disabled ones only when asked for."""
    with_users, disabled = flag(given, "include_users"), flag(given, "include_disabled")
    groups = [
        {"id": key, "team_id": TEAM, "is_usergroup": True, "name": one.name, "handle": key.lower(),
         "date_delete": int(one.disabled), "user_count": len(one.people),
         **({"users": list(one.people)} if with_users else {})}
        for key, one in _usergroups(caller).items() if disabled or not one.disabled
    ]  # fmt: skip
    return {"ok": True, "usergroups": groups}


def usergroups_users(caller: Caller, given: Given) -> Answer:
    """usergroups.users.list; deactivated accounts are not among them."""
    wanted = str(given.get("usergroup") or "")
    if not wanted:
        raise Refused("missing_argument")
    group = _usergroups(caller).get(wanted)
    if group is None or (group.disabled and not flag(given, "include_disabled")):
        raise Refused("no_such_subteam")
    return {"ok": True, "users": [one for one in group.people if not PEOPLE[one].deleted]}


def _usergroups(caller: Caller) -> dict[str, Usergroup]:
    """Those of the workspace; a free plan has none."""
    if caller.workspace.plan == "free":
        raise Refused("plan_upgrade_required")
    return caller.workspace.usergroups
