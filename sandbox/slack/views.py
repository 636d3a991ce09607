"""views.*: modals in stacks of three, Home."""

import copy
from collections.abc import Iterator
from typing import Any

from sandbox.slack.calls import Answer, Caller, Given, Refused, wrong_arguments
from sandbox.slack.inputs import keep_typed, state_of
from sandbox.slack.limits import LIMIT
from sandbox.slack.people import APP, BOT, PEOPLE, TEAM
from sandbox.slack.state import Open, Workspace, with_ids
from sandbox.slack.view_checks import too_large, view_problems


def view_object(one: Open) -> Answer:
    """A view as payloads carry it."""
    return {
        **one.view, "id": one.id, "hash": one.hash, "team_id": TEAM, "app_id": APP, "bot_id": BOT,
        "app_installed_team_id": TEAM, "state": state_of(one.view["blocks"], one.typed),
        "private_metadata": one.view.get("private_metadata", ""), "callback_id": one.view.get("callback_id", ""),
        "external_id": one.view.get("external_id", ""), "root_view_id": one.root or one.id,
        "previous_view_id": one.previous,
    }  # fmt: skip


def all_open(workspace: Workspace) -> Iterator[Open]:
    """Every view on every screen."""
    for stack in workspace.views.values():
        yield from stack
    yield from workspace.homes.values()


def view_error(workspace: Workspace, view: Any, kind: str, own: Open | None = None) -> Refused | None:
    """Why Slack would not show this view; None when it would."""
    if view is None:
        return wrong_arguments("[ERROR] missing required field: view")
    if too_large(view):
        return Refused("view_too_large")
    found = view_problems(view, kind)
    if found:
        return wrong_arguments(*(f"[ERROR] {one}" for one in found))
    name = view.get("external_id")
    if name and any(one.view.get("external_id") == name and one is not own for one in all_open(workspace)):
        return Refused("duplicate_external_id")
    return None


def _checked(caller: Caller, given: Given, kind: str, own: Open | None = None) -> Any:
    problem = view_error(caller.workspace, given.get("view"), kind, own)
    if problem is not None:
        raise problem
    return given["view"]


def put(workspace: Workspace, one: Open, view: Any) -> None:
    """A new content for an open view: what was typed stays where block and action are the same."""
    before, one.view = one.view, kept(view)
    one.typed = keep_typed(before["blocks"], one.view["blocks"], one.typed)
    one.hash, one.errors = workspace.new_id("h"), {}
    workspace.changed()


def kept(view: Any) -> Any:
    """A view as Slack keeps it."""
    return {**copy.deepcopy(view), "blocks": with_ids(copy.deepcopy(view["blocks"]))}


def push_on(workspace: Workspace, stack: list[Open], view: Any) -> Open:
    """One more view on a stack."""
    made = Open(workspace.new_id("V"), workspace.new_id("h"), kept(view))
    made.root, made.previous = (stack[0].id, stack[-1].id) if stack else (made.id, None)
    stack.append(made)
    workspace.changed()
    return made


def _person(caller: Caller, given: Given) -> str:
    person, error = caller.workspace.use_trigger(str(given.get("trigger_id") or ""))
    if person is None:
        raise Refused(error or "invalid_trigger_id")
    return person


def open_(caller: Caller, given: Given) -> Answer:
    """views.open: takes the place of whatever the app had open for this person."""
    person = _person(caller, given)
    view, stack = _checked(caller, given, "modal"), caller.workspace.views[person]
    stack.clear()
    return {"ok": True, "view": view_object(push_on(caller.workspace, stack, view))}


def push(caller: Caller, given: Given) -> Answer:
    """views.push: at most three on one another."""
    person = _person(caller, given)
    view, stack = _checked(caller, given, "modal"), caller.workspace.views[person]
    if len(stack) >= LIMIT["view_stack"]:
        raise Refused("push_limit_reached")
    return {"ok": True, "view": view_object(push_on(caller.workspace, stack, view))}


def update(caller: Caller, given: Given) -> Answer:
    """views.update by view_id or external_id; a stale hash loses."""
    if bool(given.get("view_id")) == bool(given.get("external_id")):
        raise wrong_arguments("[ERROR] one of view_id and external_id is required")
    for stack in caller.workspace.views.values():
        for one in stack:
            if one.id == given.get("view_id") or (
                given.get("external_id") and one.view.get("external_id") == given["external_id"]
            ):
                view = _checked(caller, given, "modal", one)
                if given.get("hash") not in {None, "", one.hash}:
                    raise Refused("hash_conflict")
                put(caller.workspace, one, view)
                return {"ok": True, "view": view_object(one)}
    raise Refused("not_found")


def publish(caller: Caller, given: Given) -> Answer:
    """views.publish: one Home for each person, whose id stays."""
    person, workspace = str(given.get("user_id") or ""), caller.workspace
    if person not in PEOPLE:
        raise Refused("user_not_found")
    if not workspace.manifest.home:
        raise Refused("not_enabled")
    before = workspace.homes.get(person)
    view = _checked(caller, given, "home", before)
    if given.get("hash") and (before is None or before.hash != given["hash"]):
        raise Refused("hash_conflict")
    if before is None:
        before = workspace.homes[person] = Open(workspace.new_id("V"), "", kept(view))
    put(workspace, before, view)
    return {"ok": True, "view": view_object(before)}
