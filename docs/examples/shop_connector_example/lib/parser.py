"""From an order as the shop sends it to the order everybody understands."""

from decimal import Decimal

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.order import ShopAddress, ShopCustomer, ShopLine, ShopOrder
from odoo.addons.shop_connector.lib.reader import Reader, read_json

_lt = Marker(__name__)


def parse_order(body: str) -> ShopOrder:
    """Return the order; whatever is wrong with it becomes a sentence (``PayloadError``)."""
    return read_json(body, lambda data: _order(Reader(data, _lt("the order"))))


def _order(row: Reader) -> ShopOrder:
    number = row.needed("number", _lt("order number"))
    lines = tuple(_line(line) for line in row.needed_rows("lines", _lt("line")))
    address = _address(row.needed_block("address", _lt("address")))
    return ShopOrder(
        external_id=number,
        number=number,
        ordered_at=row.needed_moment("ordered_at", _lt("order date")),
        currency="EUR",
        prices_include_tax=True,
        total=row.number("total", _lt("total")),
        customer=ShopCustomer(email=row.text("email", _lt("e-mail address"))),
        billing=address,
        delivery=address,
        lines=lines,
        payment_code=row.text("payment", _lt("payment method")),
        payment_state="paid" if row.is_true("paid") else "open",
        state="cancelled" if row.is_true("cancelled") else "open",
    )


def _line(row: Reader) -> ShopLine:
    quantity = Decimal(row.count("quantity", _lt("quantity"), least=1))
    total = row.number("total", _lt("line total"))
    return ShopLine(
        line_id=row.needed("id", _lt("line number")),
        kind="product",
        name=row.text("name", _lt("article name")),
        sku=row.needed("sku", _lt("article number")),
        quantity=quantity,
        unit_price=total / quantity,
        total=total,
        tax_percent=row.number("tax", _lt("tax rate")),
    )


def _address(row: Reader) -> ShopAddress:
    return ShopAddress(
        last_name=row.needed("name", _lt("name")),
        street=row.text("street", _lt("street")),
        zip=row.text("zip", _lt("postcode")),
        city=row.text("city", _lt("city")),
        country_code=row.text("country", _lt("country")),
    )
