"""Yatego's order files, and where they were.

Names as two independent importers read them; the order of the columns and the format of the dates
were never published, so columns are read by name and both formats are taken. Nobody can test the
interface any more; it is probably out of service since 2023.
"""

from __future__ import annotations

from typing import Final

from odoo.addons.shop_connector.lib.feed.model import Cost, FeedMapping, FileFormat, Source
from odoo.addons.shop_connector.lib.feed.profiles import Profile

PAYMENT_WORDS: Final = (
    ("vorkasse", "prepayment"),
    ("vorauskasse", "prepayment"),
    ("nachnahme", "cod"),
    ("kreditkarte", "card"),
    ("lastschrift", "debit"),
    ("bankeinzug", "debit"),
    ("paypal", "paypal"),
    ("rechnung", "invoice"),
    ("bar", "cash"),
)


def _column(*names: str, joint: str = "", html: bool = False, optional: bool = False) -> Source:
    return Source(paths=names, joint=joint, html=html, optional=optional)


def _yatego_address(block: str, mark: str) -> dict[str, Source]:
    return {
        f"{block}.first_name": _column(f"{mark}_Titel", f"{mark}_Vorname", joint=" "),
        f"{block}.last_name": _column(f"{mark}_Nachname"),
        f"{block}.company": _column(f"{mark}_Firma"),
        f"{block}.street": _column(f"{mark}_Strasse"),
        f"{block}.zip": _column(f"{mark}_PLZ"),
        f"{block}.city": _column(f"{mark}_Stadt"),
        f"{block}.country": _column(f"{mark}_Land"),
        f"{block}.phone": _column(f"{mark}_Telefon", optional=True),
    }


YATEGO: Final = FeedMapping(
    layout="joined",
    heads=FileFormat(),
    lines=FileFormat(),
    fields={
        "number": _column("Bestellnummer"),
        "ordered_at": _column("Bestelldatum"),
        "currency": Source(fixed="EUR"),
        "total": _column("Gesamtumsatz"),
        "email": _column("E-Mail-Adresse"),
        "payment": _column("Zahlart"),
        "note": _column("Bemerkungen des Kunden", html=True),
        **_yatego_address("billing", "R"),
        **_yatego_address("delivery", "L"),
        "line.sku": _column("Artikelnummer"),
        "line.name": _column("Produktname", html=True),
        "line.note": _column("Variantenname", html=True),
        "line.quantity": _column("Anzahl"),
        # the unit price is net and rounded: only the line's total is exact
        "line.total": _column("Gesamtpreis"),
        "line.tax_percent": Source(paths=("Steuer",), decimal="point"),
    },
    line_key=_column("Bestellnummer"),
    costs=(
        Cost(_column("Versandkosten"), "Versandkosten"),
        Cost(_column("Nachnahmekosten"), "Nachnahmekosten", kind="fee"),
        Cost(_column("Laenderaufschlag"), "Länderaufschlag"),
        Cost(_column("Gutschein"), "Gutschein", kind="voucher", sign="-"),
        Cost(_column("Bestellwertrabatt"), "Bestellwertrabatt", kind="discount", sign="-"),
    ),
    total_of="goods",
    dates=("iso", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y"),
    number_prefix="YAT-",
    payments=PAYMENT_WORDS,
)

HOST: Final = "https://www1.yatego.com/admin/modules/yatego/"
_ORDERS: Final = "orders.php?user={user}&passwd={password}&action="
_DAYS: Final = "&von={from:%d.%m.%Y}&bis={to:%d.%m.%Y}"
_ONE: Final = "&von={number}&bis={number}"
UPLOAD: Final = "importexport.php"

PROFILE: Final = Profile(
    mapping=YATEGO,
    heads=f"{_ORDERS}csv_order{_DAYS}",
    lines=f"{_ORDERS}csv_products{_DAYS}",
    one_head=f"{_ORDERS}csv_order{_ONE}",
    one_lines=f"{_ORDERS}csv_products{_ONE}",
    empty_is_refusal=True,
)
