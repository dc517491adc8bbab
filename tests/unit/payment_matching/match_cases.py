"""A small world of customers and documents for the matcher's tests."""

from datetime import date
from decimal import Decimal
from typing import Any

from payment_matching.lib.match import Matcher
from payment_matching.lib.match.model import (
    CashDiscount,
    Item,
    Note,
    Partner,
    Payment,
    Proposal,
)

TODAY = date(2026, 11, 20)
TERM = CashDiscount(Decimal(2), date(2026, 11, 18))  # three days of grace: until the 21st
OLD_TERM = CashDiscount(Decimal(2), date(2026, 11, 10))

PARTNERS = [
    Partner(
        "mueller",
        "Sabine Müller",
        customer_no="K10001",
        email="sabine.mueller@web.de",
        known_ibans=("DE02120300000000202051",),
        city="Köln",
    ),
    Partner("weiss", "Dr. Thomas Weiß", customer_no="K10002", email="tw@gmx.de", city="Jena"),
    Partner("schaefer", "Bäckerei Schäfer GmbH", contact="Petra Schäfer", customer_no="K10003"),
    Partner("weber1", "Julia Weber", customer_no="K10004", city="Hamburg"),
    Partner("weber2", "Julia Weber", customer_no="K10005", city="Bonn"),
    Partner("krueger", "Anna Krüger-Hofmann", customer_no="K10006", email="anna.k@posteo.de"),
    Partner("yilmaz", "Emre Yılmaz", customer_no="K10007", city="Dresden"),
    Partner("druck", "Druckhaus Nord KG"),
]


def item(number: str, partner: str, amount: str, **more: Any) -> Item:
    """A document; its number is its id."""
    more.setdefault("date", date(2026, 11, 5))
    kind = "order" if number.startswith("S") else "invoice"
    return Item(
        id=number, type=kind, number=number, partner=partner, amount=Decimal(amount), **more
    )


ITEMS = [
    item("RE/2026/00123", "mueller", "119.00"),
    item("S00123", "weiss", "59.90", shop_order_no="302-1234567-7654321"),
    item("RE/2026/00131", "schaefer", "350.00", cash_discount=TERM),
    item("RE/2026/00132", "schaefer", "80.20"),
    item("RE/2026/00133", "schaefer", "45.55", cash_discount=OLD_TERM),
    item("RE/2026/00200", "weber1", "25.00"),
    item("RE/2026/00201", "weber2", "25.00"),
    item("S00140", "krueger", "42.00", payment_method="PayPal", shop_order_no="12-34567-89012"),
    item("RE/2026/00150", "yilmaz", "310.75"),
    item("RE/2026/00151", "yilmaz", "99.00", currency="USD"),
    item("RE/2026/00099", "weiss", "75.00", state="paid", date=date(2026, 10, 1)),
    item("BILL/2026/11/0007", "druck", "500.00", direction="out"),
]


def payment(amount: str, remittance: str = "", name: str = "", **more: Any) -> Payment:
    """Money that came today."""
    more = {"id": "payment", "date": TODAY} | more
    return Payment(amount=Decimal(amount), remittance=remittance, payer_name=name, **more)


def propose(
    amount: str,
    remittance: str = "",
    name: str = "",
    items: Any = ITEMS,
    partners: Any = PARTNERS,
    **more: Any,
) -> tuple[list[Proposal], Note | None]:
    """What the matcher says about one payment."""
    return Matcher(partners, items).propose_one(payment(amount, remittance, name, **more))


def first(*args: Any, **more: Any) -> Proposal:
    """The best proposal; there must be one, and it must be sound."""
    proposals, note = propose(*args, **more)
    assert note is None, note
    assert [proposal.rank for proposal in proposals] == [1, 2, 3][: len(proposals)]
    assert proposals, "nothing proposed"
    return proposals[0]


def silent(*args: Any, **more: Any) -> str:
    """Nothing is proposed; the note, if there is one."""
    proposals, note = propose(*args, **more)
    assert not proposals, proposals
    return note.text if note else ""


def said(proposal: Proposal) -> str:
    """The reasons in words, for one look."""
    return "\n".join(reason.text for reason in proposal.reasons)
