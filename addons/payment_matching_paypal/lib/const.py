"""PayPal's own names: addresses, scopes, statuses and what its event codes mean.

Source: Transaction Search API 1.9, Payments API 2.5, and PayPal's page "Transaction
event codes".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from odoo.addons.payment_matching.lib.statement.model import Kind

LIVE: Final = "https://api-m.paypal.com"
SANDBOX: Final = "https://api-m.sandbox.paypal.com"

TOKEN: Final = "/v1/oauth2/token"  # noqa: S105 a path
TRANSACTIONS: Final = "/v1/reporting/transactions"
BALANCES: Final = "/v1/reporting/balances"
CAPTURE: Final = "/v2/payments/captures"

SEARCH_SCOPE: Final = "https://uri.paypal.com/services/reporting/search/read"
BALANCE_SCOPE: Final = "https://uri.paypal.com/services/reporting/balances/read"

PAGE_SIZE: Final = 500
LONGEST: Final = timedelta(days=31)  # of a window
SHORTEST: Final = timedelta(seconds=2)  # no window is halved any further
HISTORY: Final = timedelta(days=3 * 365)  # how far back PayPal can be asked
LATE: Final = timedelta(hours=3)  # how late a transaction may show up
FIELDS: Final = "transaction_info,payer_info"  # no addresses, no carts: they are not needed

COMPLETED: Final = "S"
PENDING: Final = "P"
DENIED: Final = "D"
REVERSED: Final = "V"

HELD: Final = "T1110"  # for a dispute
RELEASED: Final = "T1111"

# a code, or the group it belongs to; the longer one counts
KINDS: Final[Mapping[str, Kind]] = {
    "T00": "payment",
    "T01": "fee",
    "T02": "conversion",
    "T03": "transfer",
    "T04": "transfer",
    "T1100": "return",
    "T1105": "hold",
    "T1106": "return",
    "T1107": "refund",
    "T1108": "fee",
    "T1109": "fee",
    "T1110": "hold",
    "T1111": "hold",
    "T1116": "return",
    "T1201": "return",
    "T1202": "return",
    "T1205": "return",
    "T1207": "return",
    "T1208": "return",
    "T15": "hold",
    "T21": "hold",
}
NO_MONEY: Final = "T13"  # authorisations


def kind_of(code: str) -> Kind:
    """Return what a code means; one that is not known is for a person."""
    return KINDS.get(code) or KINDS.get(code[:3]) or "other"
