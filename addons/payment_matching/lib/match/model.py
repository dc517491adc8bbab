"""What the matcher takes and gives. Money is :class:`~decimal.Decimal`; ids are any strings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

UNKNOWN_DAY = date.min


@dataclass(frozen=True, slots=True)
class Partner:
    """Somebody who pays or is paid."""

    id: str
    name: str
    contact: str = ""
    customer_no: str = ""
    email: str = ""
    known_ibans: tuple[str, ...] = ()  # accounts (also of payment services) that paid before
    city: str = ""


@dataclass(frozen=True, slots=True)
class CashDiscount:
    """``percent`` may be left off until ``until``."""

    percent: Decimal
    until: date


@dataclass(frozen=True, slots=True)
class Item:
    """Something to be paid, or lately paid (then never a target: it explains double payments)."""

    id: str
    type: Literal["order", "invoice"]
    number: str
    partner: str  # Partner.id
    date: date
    amount: Decimal  # what is still open, positive
    currency: str = "EUR"
    state: Literal["open", "paid"] = "open"
    shop_order_no: str = ""
    payment_method: str = ""
    cash_discount: CashDiscount | None = None
    direction: Literal["in", "out"] = "in"  # out: we pay (bill, credit note)
    references: tuple[str, ...] = ()  # further numbers: payment reference, the invoice's order
    total: Decimal | None = None  # where part of it is paid: the full amount


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that moved; minus went out."""

    id: str
    date: date
    amount: Decimal
    currency: str = "EUR"
    source: str = "bank"  # bank | paypal
    payer_name: str = ""
    payer_iban: str = ""
    payer_account: str = ""  # the payer's id at a payment service
    payer_email: str = ""
    end_to_end_id: str = ""
    remittance: str = ""
    code: str = ""
    fee: Decimal = Decimal(0)
    invoice_id: str = ""
    reference_id: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One signal, in words a clerk reads (a text that can be translated), and what it weighs.

    ``kind``: number, amount, discount, sum, part, over, name, account, email, method, date, other,
    against. ``start``/``end`` are the place in the remittance text (line breaks included), -1:
    none.
    """

    kind: str
    text: str
    weight: float  # log-odds; negative speaks against
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Proposal:
    """ "This payment probably pays these." Ranks 1 to 3 without ties.

    ``difference`` is payment minus what is open on the targets (after a cash discount that holds).
    ``likely``: may be confirmed after a glance: fully explained, unambiguous, ``confidence`` >= the
    threshold.
    """

    payment: str
    targets: tuple[str, ...]
    confidence: float  # probability that exactly these targets are right
    rank: int
    likely: bool = False
    difference: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)  # cash discount taken
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Why a payment has no proposal, where something can be said: "… was paid on …"."""

    payment: str
    text: str
