"""Ready-made mappings. Each is a starting point: the account keeps its own copy.

Yatego: names as two independent importers read them; the order of the columns and the format of
the dates were never published, so columns are read by name and both formats are taken. Nobody can
test the interface any more; it is probably out of service since 2023.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .model import Cost, FeedMapping, FileFormat, Source

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

_INFO: Final = "ORDER_HEADER/ORDER_INFO"


def _party(*roles: str, path: str) -> tuple[str, ...]:
    """Return the paths to a value of the first party that has one of these roles."""
    return tuple(f"{_INFO}/PARTIES/PARTY[PARTY_ROLE='{role}']/ADDRESS/{path}" for role in roles)


def _opentrans_address(block: str, *roles: str) -> dict[str, Source]:
    def at(*paths: str, joint: str = "") -> Source:
        found = tuple(path for end in paths for path in _party(*roles, path=end))
        return Source(paths=found, joint=joint, optional=True)

    return {
        f"{block}.last_name": at("NAME"),
        f"{block}.street2": at("NAME2"),
        f"{block}.street": at("STREET"),
        f"{block}.zip": at("ZIP"),
        f"{block}.city": at("CITY"),
        f"{block}.state": at("STATE"),
        f"{block}.country": at("COUNTRY_CODED", "COUNTRY"),
        f"{block}.phone": at("PHONE"),
    }


OPENTRANS: Final = FeedMapping(
    layout="nested",
    heads=FileFormat(kind="xml", record_path="ORDER | OPENTRANS/ORDER"),
    fields={
        "number": Source(paths=(f"{_INFO}/ORDER_ID",)),
        "ordered_at": Source(paths=(f"{_INFO}/ORDER_DATE",)),
        "currency": Source(paths=(f"{_INFO}/CURRENCY",), fixed="EUR"),
        "total": Source(paths=("ORDER_SUMMARY/TOTAL_AMOUNT",)),
        "email": Source(
            paths=(
                *_party("buyer", "invoice_recipient", "delivery", path="EMAIL"),
                *_party("buyer", "delivery", path="CONTACT_DETAILS/EMAILS/EMAIL"),
            )
        ),
        "vat": Source(paths=_party("buyer", "invoice_recipient", path="VAT_ID")),
        "buyer_id": Source(paths=(f"{_INFO}/PARTIES/PARTY[PARTY_ROLE='buyer']/PARTY_ID",)),
        "note": Source(paths=(f"{_INFO}/REMARKS",), html=True),
        **_opentrans_address("billing", "invoice_recipient", "buyer"),
        **_opentrans_address("delivery", "delivery", "final_delivery"),
        "line.id": Source(paths=("LINE_ITEM_ID",)),
        "line.sku": Source(paths=("PRODUCT_ID/SUPPLIER_PID",)),
        "line.name": Source(paths=("PRODUCT_ID/DESCRIPTION_SHORT",)),
        "line.quantity": Source(paths=("QUANTITY",)),
        "line.unit_price": Source(paths=("PRODUCT_PRICE_FIX/PRICE_AMOUNT",)),
        "line.price_per": Source(paths=("PRODUCT_PRICE_FIX/PRICE_QUANTITY",)),
        "line.total": Source(paths=("PRICE_LINE_AMOUNT",)),
        # the standard writes the rate as a factor: 0.19
        "line.tax_percent": Source(paths=("PRODUCT_PRICE_FIX/TAX_DETAILS_FIX/TAX",), scale="100"),
    },
    lines_path="ORDER_ITEM_LIST/ORDER_ITEM",
    prices="net",
    total_of="goods",
    decimal="point",
)

PROFILES: Final[Mapping[str, FeedMapping]] = {
    "yatego": YATEGO,
    "opentrans": OPENTRANS,
}
