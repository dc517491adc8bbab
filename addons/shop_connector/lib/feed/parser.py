"""Translate a raw order of a file into the neutral order, through the mapping."""

from __future__ import annotations

import json
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from odoo.addons.automation_core.lib.texts import Marker

from ..order import (
    Hold,
    PayloadError,
    PaymentState,
    ShopAddress,
    ShopCustomer,
    ShopLine,
    ShopOrder,
)
from . import tree
from .model import FeedMapping
from .names import label
from .problems import HINT_ORDER
from .raw import CONTRADICTION, HINT_TWICE, TWICE, check_mapping, first_text, lines_of
from .reader import Fields, coded, scale

_lt = Marker(__name__)

ZERO: Final = Decimal(0)
CENT: Final = Decimal("0.01")
MAX_LINES: Final = 2_000
MAX_QUANTITY: Final = Decimal(1_000_000)
HINT_SUM: Final = _lt(
    "A cost column that is not in the mapping, net instead of gross prices or another decimal sign "
    "are usual. Correct the mapping and press Retry."
)


def parse_order(body: str, mapping: FeedMapping) -> ShopOrder:
    """Return the order in a body of the inbox.

    :raises PayloadError: whatever is wrong with it, and nothing else
    """
    check_mapping(mapping)
    head, lines = _parts(body, mapping)
    number = first_text(head, mapping.fields["number"])
    if not number:
        raise PayloadError(_lt("The order has no number."), HINT_ORDER)
    fields = Fields(head, mapping, _lt("Order %(number)s", number=number))
    rows = (*_lines(lines, fields, number), *_costs(fields))
    total, tax, holds = _total(fields, rows)
    payment = fields.text("payment")
    shipping = fields.text("shipping")
    billing, delivery = _addresses(fields)
    return ShopOrder(
        external_id=number,
        number=mapping.number_prefix + number,
        ordered_at=fields.moment("ordered_at"),
        currency=_currency(fields),
        prices_include_tax=mapping.prices == "gross",
        total=total,
        tax_total=tax,
        customer=_customer(fields),
        billing=billing,
        delivery=delivery,
        lines=rows,
        payment_code=coded(payment, mapping.payments),
        payment_title=payment,
        payment_state=_payment_state(payment, mapping),
        shipping_code=coded(shipping, mapping.carriers),
        shipping_title=shipping,
        buyer_note=fields.lines("note"),
        state="cancelled" if _is_cancelled(fields) else "open",
        shop_status=fields.text("status"),
        holds=holds,
    )


def _parts(body: str, mapping: FeedMapping) -> tuple[dict[str, Any], list[Any]]:
    """Return head and lines of a body."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise PayloadError(_lt("The order's data are damaged."), HINT_ORDER) from error
    tree.check_depth(data)
    head = data.get("head") if isinstance(data, dict) else None
    if not isinstance(head, dict):
        raise PayloadError(_lt("The order has no head."), HINT_ORDER)
    if data.get("others"):
        flat = mapping.layout == "flat"
        raise PayloadError(CONTRADICTION if flat else TWICE, HINT_TWICE)
    lines = lines_of(head, mapping) if mapping.layout == "nested" else data.get("lines")
    if not isinstance(lines, list) or not lines:
        raise PayloadError(_lt("The order has no lines."), HINT_ORDER)
    if len(lines) > MAX_LINES or not all(isinstance(line, dict) for line in lines):
        raise PayloadError(_lt("The order's lines are not readable."), HINT_ORDER)
    return head, lines


def _lines(lines: list[Any], head: Fields, number: str) -> tuple[ShopLine, ...]:
    rows = tuple(
        _line(
            Fields(
                line,
                head.mapping,
                _lt("Order %(number)s, line %(place)s", number=number, place=place),
            ),
            place,
        )
        for place, line in enumerate(lines, start=1)
    )
    if len({row.line_id for row in rows}) != len(rows):
        raise head.fail(
            "line.id", _lt("%(name)s has two lines with the same %(what)s."), what=label("line.id")
        )
    return rows


def _line(fields: Fields, place: int) -> ShopLine:
    quantity = fields.number("line.quantity")
    if not ZERO < quantity <= MAX_QUANTITY:
        raise fields.fail(
            "line.quantity",
            _lt("%(name)s has an impossible %(what)s."),
            what=label("line.quantity"),
        )
    total = _line_total(fields, quantity)
    tax = fields.number("line.tax_percent", Decimal(-1))
    if tax > 100 or (tax < 0 and tax != -1):
        raise fields.fail(
            "line.tax_percent",
            _lt("%(name)s has an impossible %(what)s."),
            what=label("line.tax_percent"),
        )
    sku = fields.text("line.sku", 64)
    return ShopLine(
        line_id=fields.text("line.id", 64) or str(place),
        kind="product",
        name=fields.text("line.name", 512) or sku,
        quantity=quantity,
        unit_price=total / quantity,
        total=total,
        sku=sku,
        tax_percent=None if tax < 0 else tax,
        note=fields.text("line.note", 512),
    )


def _line_total(fields: Fields, quantity: Decimal) -> Decimal:
    """Return the line's total: as written, else unit price times quantity, to the cent."""
    if fields.has("line.total"):
        has_unit = fields.has("line.unit_price")
        written = fields.amount(fields.mapping.fields["line.total"], "line.total")
        if written is not None or not has_unit:
            return written if written is not None else fields.number("line.total")
    per = fields.number("line.price_per", Decimal(1))
    if per <= 0:
        raise fields.fail(
            "line.price_per",
            _lt("%(name)s has an impossible %(what)s."),
            what=label("line.price_per"),
        )
    price = fields.number("line.unit_price")
    return (price * quantity / per).quantize(CENT, ROUND_HALF_UP)


def _costs(fields: Fields) -> tuple[ShopLine, ...]:
    """Return the cost columns that are not zero as lines."""
    rows = []
    for place, cost in enumerate(fields.mapping.costs, start=1):
        amount = fields.amount(cost.source, cost.name)
        if not amount:
            continue
        if cost.sign == "-":
            amount = -abs(amount)
        rows.append(
            ShopLine(
                line_id=f"cost{place}",
                kind=cost.kind,
                name=cost.name,
                quantity=Decimal(1),
                unit_price=amount,
                total=amount,
                tax_percent=scale(cost.tax_percent) if cost.tax_percent else None,
            )
        )
    return tuple(rows)


def _total(
    fields: Fields, rows: tuple[ShopLine, ...]
) -> tuple[Decimal, Decimal | None, tuple[Hold, ...]]:
    """Return what the buyer pays and, for net prices, the tax in it; check it against the head."""
    mapping = fields.mapping
    net_or_gross = sum((row.total for row in rows), ZERO)
    tax = _tax(fields, rows) if mapping.prices == "net" else None
    if not fields.has("total"):
        return net_or_gross + (tax or ZERO), tax, ()
    stated = fields.number("total")
    if mapping.total_of == "goods":
        stated += sum((row.total for row in rows if row.kind != "product"), ZERO)
        stated_is_net = mapping.prices == "net"
    else:
        stated_is_net = mapping.prices == "net" and mapping.total_prices == "net"
    added = net_or_gross if stated_is_net else net_or_gross + (tax or ZERO)
    holds = _sum_check(fields, added, stated)
    return stated + (tax or ZERO if stated_is_net else ZERO), tax, holds


def _sum_check(fields: Fields, added: Decimal, stated: Decimal) -> tuple[Hold, ...]:
    """Compare the lines with the head; say both figures where they differ."""
    mapping = fields.mapping
    if mapping.check_total == "off" or abs(added - stated) <= scale(mapping.tolerance or "0"):
        return ()
    problem = fields.fail(
        "total",
        _lt("%(name)s: the lines and costs add up to %(added)s, but the shop says %(stated)s."),
        HINT_SUM,
        added=f"{added:.2f}",
        stated=f"{stated:.2f}",
    )
    if mapping.check_total == "hold":
        return (Hold("file:total", problem.message, problem.hint),)
    raise problem


def _tax(fields: Fields, rows: tuple[ShopLine, ...]) -> Decimal:
    """Return the tax on net lines: per rate, rounded once each; costs have the goods' main rate."""
    goods: dict[Decimal, Decimal] = {}
    rest = ZERO
    for row in rows:
        if row.tax_percent is not None:
            goods[row.tax_percent] = goods.get(row.tax_percent, ZERO) + row.total
        elif row.kind == "product":
            raise fields.fail(
                "line.tax_percent",
                _lt("%(name)s has net prices, but a line has no %(what)s."),
                what=label("line.tax_percent"),
            )
        else:
            rest += row.total
    if goods:
        main = max(goods, key=lambda rate: goods[rate])
        goods[main] += rest
    return sum(
        ((net * rate / 100).quantize(CENT, ROUND_HALF_UP) for rate, net in goods.items()), ZERO
    )


def _currency(fields: Fields) -> str:
    written = fields.text("currency").upper() or "EUR"
    code = {"€": "EUR", "EURO": "EUR", "$": "USD", "£": "GBP"}.get(written, written)
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise fields.fail(
            "currency", _lt("%(name)s: “%(value)s” is not a currency."), value=written[:20]
        )
    return code


def _customer(fields: Fields) -> ShopCustomer:
    language = fields.text("language").lower()[:2]
    return ShopCustomer(
        buyer_id=fields.text("buyer_id", 64),
        email=fields.text("email"),
        phone=fields.text("phone", 64) or fields.text("billing.phone", 64),
        vat=fields.text("vat", 32),
        language=language if re.fullmatch(r"[a-z]{2}", language) else "",
        is_guest=not fields.text("buyer_id", 64),
    )


def _address(fields: Fields, block: str) -> ShopAddress:
    def get(key: str) -> str:
        return fields.text(f"{block}.{key}")

    return ShopAddress(
        first_name=get("first_name"),
        last_name=get("last_name"),
        company=get("company"),
        street=get("street"),
        house_number=get("house_number"),
        street2=get("street2"),
        zip=get("zip"),
        city=get("city"),
        state=get("state"),
        country_code=fields.country(f"{block}.country"),
        phone=get("phone"),
    )


def _addresses(fields: Fields) -> tuple[ShopAddress, ShopAddress]:
    """Return billing and delivery; one without anybody's name is none, the other stands in."""
    billing, delivery = _address(fields, "billing"), _address(fields, "delivery")
    if not (delivery.last_name or delivery.company):
        return billing, billing
    return (billing if billing.last_name or billing.company else delivery), delivery


def _payment_state(written: str, mapping: FeedMapping) -> PaymentState:
    if not written:
        return "unknown"
    return "paid" if coded(written, mapping.payments) in mapping.paid else "open"


def _is_cancelled(fields: Fields) -> bool:
    status = fields.text("status").casefold()
    return bool(status) and status in {word.casefold() for word in fields.mapping.cancelled}
