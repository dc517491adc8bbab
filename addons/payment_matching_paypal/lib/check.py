"""The connection test: what PayPal lets the app do, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.payment_matching.lib.source import CheckLine

from . import const, explain
from .answer import read_money, read_page
from .client import Json, PayPalClient

_lt = Marker(__name__)


@dataclass(frozen=True, slots=True)
class Balance:
    """What PayPal holds in one currency. ``total`` contains what is ``withheld``."""

    total: Decimal
    withheld: Decimal


def check(client: PayPalClient, now: datetime) -> Iterator[CheckLine]:
    """Yield what works; stops at the first thing without which nothing does."""
    try:
        scopes = client.scopes()
        yield CheckLine(True, _lt("PayPal accepts the login."))
        if scopes and const.SEARCH_SCOPE not in scopes:
            yield CheckLine(
                False,
                _lt("The app may not search transactions: it lacks “Transaction Search”."),
                explain.SEARCH_HINT,
            )
            return
        yield _data(client, now)
    except errors.AutomationError as error:
        yield CheckLine(False, error.message, error.hint)


def _data(client: PayPalClient, now: datetime) -> CheckLine:
    page = read_page(client.transactions(now - timedelta(days=3), now, 1))
    if page.refreshed is None:
        return CheckLine(True, _lt("Transactions can be read."))
    age = max(now - page.refreshed, timedelta())
    return CheckLine(
        True,
        _lt(
            "Transactions can be read; PayPal's data are %(minutes)s minutes old. Up to three "
            "hours are usual.",
            minutes=f"{age.total_seconds() / 60:.0f}",
        ),
    )


def read_balance(client: PayPalClient, currency: str) -> Balance | None:
    """Return what PayPal holds in a currency, ``None`` where it holds none.

    :raises errors.AutomationError: PayPal does not say
    """
    data: Json = client.balances()
    rows = data.get("balances")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and row.get("currency") == currency:
            total = read_money(row.get("total_balance"))
            withheld = read_money(row.get("withheld_balance"))
            if total is None:
                raise explain.not_readable()
            return Balance(total.value, withheld.value if withheld else Decimal(0))
    return None
