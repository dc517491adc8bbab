"""Which bookings are no payment of a document, by what the source says about them."""

from __future__ import annotations

import re

from odoo.addons.automation_core.lib.texts import Marker, Text

from .model import Payment
from .words import word_set

_lt = Marker(__name__)

# Business transaction codes of German banks (DFÜ agreement, annex 3): returns and reversals
_RETURN_GVC = word_set("108 109 159 181 182 183 184 185 189 190 191 195 196")
_GVC = re.compile(r"(?<!\d)(\d{3})(?!\d)")
# ISO 20022 sub-families: returned or rejected transfers and debits, reversals
_RETURN_ISO = re.compile(r"\b(?:RRTN|UPDD|UPCT|PRDD|RJCT|RVSL|ARET|UPCQ)\b")
_RETURN_TEXT = re.compile(
    r"r(?:ü|ue|u|\?)ck(?:lastschr|(?:ü|ue|u|\?)berw|buchung|gabegrund|lasts)|rtrinf|sepa.?r(?:ü|ue)ckl"
    r"|retoure\W{0,3}sepa|sepa\W{0,3}retoure"
    r"|returned (?:debit|transfer|payment)|unpaid direct debit|chargeback",
    re.I,
)
_REFUND_TEXT = re.compile(
    r"r(?:ü|ue|u|\?)ck(?:erstattung|zahlung|verg)|\berstattung|\brefund", re.I
)
_PAYPAL_EVENT = re.compile(r"T(\d\d)\d\d")


def aside(payment: Payment) -> Text | None:
    """Return why a booking pays no document, None if it may."""
    event = _PAYPAL_EVENT.fullmatch(payment.code.strip().upper())
    if event and event[1] != "00":
        return _paypal(event[1])
    if is_returned(payment):
        return _lt("A returned payment or debit: it takes money back, it pays nothing.")
    return None


def _paypal(group: str) -> Text:
    if group in ("11", "12"):
        return _lt("A refund, reversal or chargeback: it takes money back, it pays nothing.")
    if group == "01":
        return _lt("A fee of the payment service.")
    if group in ("02",):
        return _lt("One side of a currency exchange.")
    if group in ("03", "04"):
        return _lt("A transfer between own accounts.")
    return _lt("No payment of a customer, says the payment service (%(code)s).", code=f"T{group}")


def is_returned(payment: Payment) -> bool:
    """Tell whether the bank gives a payment back."""
    code = payment.code.upper()
    numbers = _GVC.findall(code)
    if any(number in _RETURN_GVC for number in numbers) or _RETURN_ISO.search(code):
        return True
    return bool(_RETURN_TEXT.search(payment.remittance.replace("\n", "")))


def sounds_like_refund(payment: Payment) -> bool:
    """Tell whether the text speaks of money given back."""
    return bool(_REFUND_TEXT.search(payment.remittance.replace("\n", "")))
