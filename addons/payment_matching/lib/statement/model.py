"""What a bank or payment service reports, in one form for all sources.

All money is :class:`~decimal.Decimal` in the account's currency, signed from the account owner's
side: plus came in, minus went out.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from odoo.addons.automation_core.lib.errors import Rejected
from odoo.addons.automation_core.lib.texts import Marker

_lt = Marker(__name__)

Kind = Literal["payment", "return", "refund", "fee", "transfer", "hold", "conversion", "other"]
"""What moved the money:

``payment``     an ordinary payment, in or out: may pay a document
``return``      a returned debit or bounced transfer; a reversal or chargeback by the service
``refund``      money given back by us
``fee``         what the bank or service keeps
``transfer``    between own accounts (payout, sweep, funding)
``hold``        parked or released by the service: neither income nor refund
``conversion``  one leg of a currency exchange
``other``       not known: for a person
"""


class StatementError(Rejected):
    """A file that cannot be taken: what is wrong and what to do, in the user's words."""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One booked amount.

    ``key`` is the same for the same booking however it is reported (interim report, day statement,
    MT940, a second download) and different for two equal bookings of one day. ``remittance`` keeps
    the bank's line breaks as ``\\n``.
    """

    key: str
    date: datetime.date  # booked
    amount: Decimal
    currency: str
    value_date: datetime.date | None = None
    kind: Kind = "payment"
    payer_name: str = ""  # the other side, also of outgoing money; the ultimate party first
    payer_iban: str = ""  # IBAN or account number, no blanks
    payer_bic: str = ""
    payer_account: str = ""  # stable id of the payer at a payment service
    payer_email: str = ""
    remittance: str = ""
    end_to_end_id: str = ""
    mandate_id: str = ""
    creditor_id: str = ""
    reference_id: str = ""  # the earlier payment this one is about: a refund's, a return's
    invoice_id: str = ""  # the shop's number, where a payment service was told one
    bank_reference: str = ""
    code: str = ""  # business transaction code of the source: GVC, ISO code, event code
    reason: str = ""  # why it was returned, in the source's words
    fee: Decimal = Decimal(0)  # part of no amount above: negative, booked on its own
    currency_amount: Decimal | None = None  # what was paid in another currency
    currency_name: str = ""
    batch: str = ""  # key of the whole booking, where the bank told its parts
    batch_amount: Decimal | None = None  # and its amount
    raw: str = field(default="", repr=False)  # as it came


@dataclass(frozen=True, slots=True)
class Statement:
    """The booked lines of one account in one report.

    ``interim``: balances are not final (camt.052, camt.054, MT942). ``pending`` counts what was
    announced but not booked and therefore left out. ``problems`` are worth telling, but no
    reason to refuse: balances that do not close, a date that does not exist.
    """

    account: str  # IBAN or as the bank names it, no blanks
    currency: str
    lines: tuple[StatementLine, ...]
    number: str = ""
    interim: bool = False
    start: datetime.date | None = None
    end: datetime.date | None = None
    opening: Decimal | None = None
    closing: Decimal | None = None
    pending: int = 0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """How to read a CSV file; columns by their headings.

    ``columns`` maps fields of :class:`StatementLine` to headings; several headings joined by ``+``
    are put together with a blank. ``amount`` may be replaced by ``credit`` and ``debit``.
    """

    columns: Mapping[str, str]
    delimiter: str = ""  # empty: found out
    encoding: str = ""  # empty: found out
    decimal: str = ""  # "," or "."; empty: found out
    date_format: str = ""  # as strptime; empty: found out
    skip: int = 0  # lines before the headings; 0: found out
    currency: str = ""  # where no column names it
    account: str = ""  # where no column names it
    booked: Mapping[str, str] = field(default_factory=dict)  # heading -> value rows must have
