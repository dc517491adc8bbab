"""Signals in words. Only made for proposals that are handed out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from odoo.addons.automation_core.lib.texts import Marker, Text

from .book import money
from .hits import Hit
from .model import Reason
from .payer import Signal

_lt = Marker(__name__)


def _number(hit: Hit) -> Text:
    if hit.fuzzy:
        return _lt("Number %(number)s in the text, with a mistake.", number=hit.number)
    return _lt("Number %(number)s in the text.", number=hit.number)


# kind of reason: the signals that are of it
_KINDS = {
    signal: kind
    for kind, signals in {
        "number": "number",
        "against": "unnamed other_number strange elsewhere other_name mixed other_method"
        " future refund choice own_document paid",
        "amount": "equal near digits",
        "sum": "sum",
        "other": "all_open only_open customer city",
        "discount": "discount late_discount",
        "part": "no_discount part",
        "over": "total over",
        "account": "account",
        "email": "email mail_name",
        "name": "name named",
        "method": "method",
        "date": "old",
    }.items()
    for signal in signals.split()
}
_TEXTS: dict[str, Callable[..., Text]] = {
    "number": _number,
    "unnamed": lambda: _lt("Not every document is named in the text."),
    "other_number": lambda: _lt("The text names other documents."),
    "strange": lambda: _lt("The text has the number of a document that is not here."),
    "equal": lambda amount: _lt("Amount equal: %(amount)s.", amount=amount),
    "sum": lambda amount, count: _lt(
        "%(count)s documents add up to %(amount)s.", count=count, amount=amount
    ),
    "all_open": lambda: _lt("These are all open documents of the customer."),
    "only_open": lambda: _lt("It is the only open document of the customer."),
    "discount": lambda amount, off: _lt(
        "Amount equal less %(off)s cash discount, within its term.", off=off
    ),
    "late_discount": lambda amount, off: _lt(
        "Cash discount of %(off)s taken after its term.", off=off
    ),
    "no_discount": lambda amount, off: _lt(
        "%(off)s too little: a discount that was not agreed.", off=off
    ),
    "near": lambda amount, off: _lt("Amount differs only by %(off)s.", off=off),
    "total": lambda amount, off: _lt("The full amount, though part of it is paid already."),
    "digits": lambda amount, off: _lt("Amount with two digits swapped."),
    "part": lambda amount, off: _lt("%(off)s less than what is open.", off=off),
    "over": lambda amount, off: _lt("%(off)s more than what is open.", off=off),
    "account": lambda: _lt("The account has paid for this customer before."),
    "email": lambda email: _lt("E-mail known: %(email)s.", email=email),
    "customer": lambda hit: _lt("Customer number %(number)s in the text.", number=hit.number),
    "name": lambda name: _lt("Name similar: %(name)s.", name=name),
    "named": lambda name: _lt("Named in the text: %(name)s.", name=name),
    "mail_name": lambda name: _lt("E-mail sounds like %(name)s.", name=name),
    "city": lambda city: _lt("City named: %(city)s.", city=city),
    "elsewhere": lambda name: _lt("The payer is known as another customer: %(name)s.", name=name),
    "other_name": lambda name: _lt("Paid by somebody of another name: %(name)s.", name=name),
    "mixed": lambda: _lt("The documents belong to different customers."),
    "method": lambda: _lt("The way of payment fits."),
    "other_method": lambda method: _lt("This document is to be paid by %(method)s.", method=method),
    "future": lambda: _lt("The document is younger than the payment."),
    "old": lambda: _lt("The document is old."),
    "refund": lambda: _lt("The text speaks of money given back."),
    "choice": lambda count: _lt("There are %(count)s open documents to choose from.", count=count),
    "own_document": lambda: _lt("The payer has a document of the same amount."),
    "paid": lambda: _lt("The document is paid already."),
}
_AMOUNT_KINDS = frozenset(("amount", "discount", "part", "over", "sum"))


def _amount(amount: int, currency: str) -> Text:
    """Say an amount: its comma or point is the language's."""
    whole, _point, part = str(money(amount)).partition(".")
    return _lt("%(whole)s.%(part)s %(currency)s", whole=whole, part=part, currency=currency)


def reason(signal: Signal, currency: str) -> Reason:
    """Say a signal in words; whole numbers in it are amounts, but for counts."""
    name, weight, values = signal
    kind, say = _KINDS[name], _TEXTS[name]
    if kind in _AMOUNT_KINDS:
        amounts = 1 if name == "sum" else len(values)
        values = (
            *(_amount(int(str(value)), currency) for value in values[:amounts]),
            *values[amounts:],
        )
    start = end = -1
    first: Any = values[0] if values else None
    if isinstance(first, Hit) and first.text == 0:
        start, end = first.start, first.end
    return Reason(kind, say(*values), round(weight, 2), start, end)
