"""Whether a new customer is one already: the same code or name, a likeness, the same controller, the blacklist."""

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from typing import Any, get_args

from approvals.application import Application
from approvals.prospect import Clash, ClashKind
from approvals.request import Request
from flows.accounts import account_of
from flows.apply import view_of
from flows.desk import Desk, View
from scoring.blacklist import listed
from scoring.ledger import Customer
from scoring.names import alike, normalise, normalise_uscc
from scoring.scripts import simplified
from storage.record import Record
from storage.search import Hit

KINDS: frozenset[ClashKind] = frozenset(get_args(ClashKind))
_LOOKED_AT = 20
_SEEN_WITHIN = timedelta(hours=1)
"""After so long a sync has seen what was written."""


def clashes(
    desk: Desk, form: Application, *, request_no: str = "", kinds: Collection[ClashKind] = KINDS
) -> list[Clash]:
    """Everybody who may be the customer of this form, those that stop it first.

    `request_no` is the request that the form belongs to already, when it came back; `kinds` are those asked for.
    """
    view = view_of(desk)
    found = list(_asked_for(desk, form, request_no)) if "request" in kinds else []
    if set(kinds) - {"request"}:
        found = [*_blacklisted(desk, view, form), *_known(desk, view, form), *found]
    if "group" in kinds:
        found += _same_controller(desk, form, {one.customer_id for one in found})
    unique = {one.key: one for one in found if one.kind in kinds}
    return sorted(unique.values(), key=lambda one: not one.stops)


def _blacklisted(desk: Desk, view: View, form: Application) -> Iterator[Clash]:
    customer = Customer(name=form.name, aliases=form.aliases, uscc=form.uscc)
    entry, near = listed(customer, view.book.blacklist, desk.on())
    if entry is not None:
        name = entry.name or entry.uscc
        yield Clash(kind="blacklist", customer_id="", name=name, stops=True, reason=entry.reason)
    for one in near:
        yield Clash(kind="blacklist", customer_id="", name=one.name, stops=False, reason=one.reason)


def _known(desk: Desk, view: View, form: Application) -> Iterator[Clash]:
    """Customers of the same code, the same name, or one that is alike."""
    ids = {hit.customer_id: hit.name for hit in _hits(view, form) if hit.customer_id}
    for customer_id, name in ids.items():
        account = account_of(desk, str(customer_id))
        if account is None or customer_id == form.customer_id:
            continue
        clash = _of_customer(account.customer, form, name)
        if clash is not None:
            yield clash


def _hits(view: View, form: Application) -> Iterator[Hit]:
    for text in (form.uscc, form.name):
        if text:
            yield from view.search.find(text, _LOOKED_AT).hits


def _of_customer(customer: Customer, form: Application, name: str) -> Clash | None:
    same_code, same_name = _same(customer, form)
    names = [one for one in (customer.name, *customer.aliases.replace("；", ";").split(";")) if one.strip()]
    if same_company(customer, form):
        if _has_no_line(customer):
            return Clash(kind="prospect", customer_id=customer.customer_id, name=name, stops=False)
        kind: ClashKind = "uscc" if same_code else "name"
        return Clash(kind=kind, customer_id=customer.customer_id, name=name, stops=True)
    if same_name or any(alike(form.name, one) for one in names):
        return Clash(kind="name", customer_id=customer.customer_id, name=name, stops=False)
    return None


def same_company(customer: Customer, form: Application) -> bool:
    """Whether a row of the ledger is the company of a form: by its code, else by its name where no code says no."""
    same_code, same_name = _same(customer, form)
    return same_code or (same_name and not (customer.uscc and form.uscc))


def _same(customer: Customer, form: Application) -> tuple[bool, bool]:
    """(by code, by name)."""
    same_code = bool(form.uscc) and normalise_uscc(customer.uscc) == form.uscc
    return same_code, simplified(normalise(customer.name)) == simplified(normalise(form.name))


def _has_no_line(customer: Customer) -> bool:
    """Known, and free to be granted a first line; a cell that cannot be read may hold one."""
    if {"credit_limit", "status"} & customer.unread:
        return False
    if customer.status in {"stop", "blacklist", "closed", "hold"}:
        return False
    return customer.status == "prospect" or not customer.credit_limit


def _asked_for(desk: Desk, form: Application, request_no: str) -> Iterator[Clash]:
    """Requests for a customer of the same code or name: under way, or granted and not in the ledger yet."""
    if desk.record is None:
        return
    for one, asked in (*desk.record.open_forms(), *_on_their_way(desk, desk.record)):
        if one.request_no == request_no:
            continue
        same_code = bool(form.uscc) and asked.get("uscc") == form.uscc
        if same_code or normalise(one.name) == normalise(form.name):
            yield Clash(kind="request", customer_id=one.request_no, name=one.name, stops=True)


def _on_their_way(desk: Desk, record: Record) -> Iterator[tuple[Request, Mapping[str, Any]]]:
    """Lines that were granted and are still to be written, or that no sync has seen."""
    written = (one for one in record.delivered(desk.clock() - _SEEN_WITHIN) if one.kind == "ledger")
    waiting = [one for one in record.unfinished() if one.kind == "ledger"]
    for place, item in enumerate((*waiting, *written)):
        filed = record.request(str(item.payload["request_no"]))
        if filed is None or filed.request.state != "approved":
            continue
        if place < len(waiting) or desk.mirror.owner(filed.request.customer_id) is None:
            yield filed.request, filed.form


def _same_controller(desk: Desk, form: Application, seen: set[str]) -> Iterator[Clash]:
    """Customers of the same controller: a group is suggested, only `parent_id` makes one."""
    wanted = normalise(form.controller)
    if len(wanted) < 2 or form.parent_id:
        return
    first = wanted[0]
    for customer_id, controller in desk.mirror.cells("customers", ("customer_id", "controller")):
        # a Chinese character stays itself when a name is normalised: most rows need no closer look
        if (first >= "\u3400" and first not in controller) or normalise(controller) != wanted:
            continue
        if customer_id in seen | {"", form.customer_id}:
            continue
        account = account_of(desk, customer_id)
        if account is not None and account.customer.status != "closed":
            yield Clash(kind="group", customer_id=customer_id, name=account.customer.name, stops=False)
