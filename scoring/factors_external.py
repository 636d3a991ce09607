"""Characteristics from outside: licences, registers and references, industry and standing (POLICY.md 1)."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from scoring.currency import Rates
from scoring.dates import add_months
from scoring.findings import Source
from scoring.ledger import Account, Book, Check, Financials
from scoring.measured import Measured
from scoring.names import normalise
from scoring.policy import Policy
from scoring.ratios import net_assets, statements


def newest_check(account: Account, on: date) -> Check | None:
    """The newest check made by D."""
    made = [row for row in account.checks if row.checked_on is not None and row.checked_on <= on]
    return max(made, key=lambda row: (row.checked_on or date.min, -row.row), default=None)


def net_assets_base(account: Account, book: Book, policy: Policy, on: date) -> Decimal | None:
    """Net assets of the newest statements in base currency; None without statements or rate."""
    periods = statements(account, on)
    if not periods:
        return None
    worth = net_assets(periods[0])
    return None if worth is None else in_base(worth, periods[0], account, book, policy, on)


def in_base(amount: Decimal, row: Financials, account: Account, book: Book, policy: Policy, on: date) -> Decimal | None:
    """An amount of a statement in base currency; the statement's own currency, else the customer's."""
    currency = row.currency or account.customer.currency or policy.base_currency
    if currency == policy.base_currency:
        return amount
    rates = Rates(book.rates, policy.base_currency, on, policy.reading.rate_days)
    rate = rates.to_base(currency)
    return None if rate is None else amount * rate


def licences(account: Account, policy: Policy, on: date) -> Measured:
    """Registry status and licences: valid, one expiring within the notice days, or bad."""
    customer, check = account.customer, newest_check(account, on)
    if check is None or check.registry_status is None or customer.licence_expires_on is None:
        return Measured("licences", None, _source(check) if check else None)
    days = [customer.licence_expires_on]
    if customer.permit_expires_on is not None:
        days.append(customer.permit_expires_on)
    if check.registry_status != "active" or min(days) < on:
        return Measured("licences", "bad", _source(check))
    soon = sum(1 for day in days if day <= on + timedelta(days=policy.licence_notice_days))
    return Measured("licences", ("valid", "expiring", "bad")[min(soon, 2)], _source(check))


def external(account: Account, book: Book, policy: Policy, on: date) -> Iterator[Measured]:
    """Suits, enforcement, penalties, references of the newest check."""
    check = newest_check(account, on)
    if check is None:
        for factor in ("suits", "enforcement", "penalties", "references"):
            yield Measured(factor, None, None)
        return
    source = _source(check)
    yield _suits(check, net_assets_base(account, book, policy, on), source)
    yield Measured("enforcement", _enforcement(check, policy, on), source)
    yield Measured("penalties", _penalties(check), source)
    yield Measured("references", _references(check, policy, on), source)


def _source(check: Check) -> Source:
    return Source("checks", check.key, check.row)


def _suits(check: Check, worth: Decimal | None, source: Source) -> Measured:
    """Share of net assets; a debtor whose net assets are gone cannot carry any suit."""
    amount = check.suits_amount
    if amount is None:
        return Measured("suits", None, source)
    if amount <= 0:
        return Measured("suits", "none", source)
    if worth is None:
        return Measured("suits", None, source)
    if worth <= 0:
        return Measured("suits", "more", source)
    share = amount / worth * 100
    return Measured("suits", "below_1" if share < 1 else "below_5" if share < 5 else "more", source, share)


def _enforcement(check: Check, policy: Policy, on: date) -> str | None:
    if check.dishonest or check.enforcement == "current":
        return "current"
    if check.enforcement is None:
        return None
    if check.enforcement == "none":
        return "never"
    settled = check.enforcement_settled_on
    long_ago = settled is not None and settled <= add_months(on, -policy.enforcement_clean_months)
    return "settled" if long_ago else "current"


def _penalties(check: Check) -> str | None:
    if check.abnormal_list or check.tax_arrears or check.penalties == "major":
        return "open"
    if check.penalties is None:
        return None
    if check.penalties == "none":
        return "none"
    return "minor_settled" if check.penalties_settled else "open"


def _references(check: Check, policy: Policy, on: date) -> str | None:
    oldest = add_months(on, -policy.reading.rating_months)
    # a rating without a day cannot be shown to be fresh
    rating = check.rating if check.rating_on is not None and oldest <= check.rating_on <= on else None
    prompt, adverse = check.references_prompt, check.references_adverse
    if adverse or rating == "bad":
        return "bad"
    if prompt is None and adverse is None and rating is None:
        return None
    if (prompt or 0) >= 2 or rating == "good":
        return "good"
    return "middle" if (prompt or 0) >= 1 or rating == "middle" else "bad"


def market(account: Account, book: Book) -> Iterator[Measured]:
    """Industry outlook and market standing; order risk is not known before orders are assessed."""
    customer = account.customer
    row = book.industries.get(normalise(customer.industry)) if customer.industry else None
    source = Source("industries", row.industry, row.row) if row else None
    yield Measured("industry_outlook", row.outlook if row else None, source)
    own = Source("customers", customer.customer_id, customer.row)
    yield Measured("market_standing", customer.market_standing, own)
    yield Measured("order_risk", None, None)
