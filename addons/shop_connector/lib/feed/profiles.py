"""Ready-made mappings. Each is a starting point: the account keeps its own copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .model import FeedMapping, FileFormat, Source


@dataclass(frozen=True, slots=True)
class Profile:
    """A mapping, and where such files usually are.

    ``heads`` and ``lines`` are name patterns in a folder, or paths on a web server with
    placeholders; ``one_head`` and ``one_lines`` ask a web server for a single order.
    ``empty_is_refusal``: the server answers nothing at all to a wrong login.
    """

    mapping: FeedMapping
    heads: str = ""
    lines: str = ""
    one_head: str = ""
    one_lines: str = ""
    empty_is_refusal: bool = False


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

TABLE: Final = FeedMapping(
    fields={
        "number": Source(("order_number",)),
        "ordered_at": Source(("order_date",)),
        "currency": Source(("currency",), fixed="EUR", optional=True),
        "email": Source(("email",), optional=True),
        "payment": Source(("payment",), optional=True),
        "total": Source(("order_total",)),
        **{
            f"{block}.{key}": Source((f"{block}_{key}",), optional=True)
            for block in ("billing", "delivery")
            for key in ("first_name", "last_name", "company", "street", "zip", "city", "country")
        },
        "line.sku": Source(("sku",)),
        "line.name": Source(("name",), optional=True),
        "line.quantity": Source(("quantity",)),
        "line.total": Source(("line_total",)),
        "line.tax_percent": Source(("tax_percent",), optional=True),
    },
    dates=("iso", "%d.%m.%Y %H:%M", "%d.%m.%Y"),
)

PROFILES: Final[Mapping[str, Profile]] = {
    "table": Profile(TABLE, heads="*.csv"),
    "opentrans": Profile(OPENTRANS, heads="*.xml"),
}
