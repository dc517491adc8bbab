"""Translate an order as Gambio's API v2 sends it into the neutral order, without requests.

The body kept in the inbox is one JSON object: ``order`` is the shop's answer to ``GET orders/ID``
(less card data), ``countries`` maps the shop's internal country numbers to ISO codes, ``status`` is
the name of the order's status.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker, joined
from odoo.addons.shop_connector.lib.order import (
    LineKind,
    PaymentState,
    ShopAddress,
    ShopCustomer,
    ShopLine,
    ShopOrder,
)
from odoo.addons.shop_connector.lib.reader import read_json

from . import const, taxes
from .client import whole
from .reader import Reader
from .statuses import StatusMap

_lt = Marker(__name__)

NOTE_LONGEST: Final = 65_535  # the shop's column holds no more
MAX_QUANTITY: Final = Decimal(1_000_000)
ZERO: Final = Decimal(0)
USUAL: Final = StatusMap()

_CURRENCY = re.compile(r"[A-Z]{3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_PERCENT = re.compile(r"(\d{1,2}(?:[.,]\d{1,4})?)\s*%")


def parse_order(body: str, statuses: StatusMap = USUAL) -> ShopOrder:
    """Return the order in a body of the inbox.

    :param statuses: what the shop's own statuses mean
    :raises PayloadError: whatever is wrong with it, and nothing else
    """
    return read_json(body, lambda data: parse_data(data, statuses))


def parse_data(data: object, statuses: StatusMap = USUAL) -> ShopOrder:
    """Return the order in a decoded body (see :func:`parse_order`)."""
    envelope = Reader(data, _lt("The order"))
    order = envelope.needed_block("order", _lt("order data"))
    number = order.integer("id", _lt("number"))
    if number <= 0:
        raise order.fail("id", _lt("%(name)s has no valid number."))
    order.name = _lt("Order %(number)s", number=number)
    return _Parser(order, number, envelope, statuses).parse()


class _Parser:
    """The parts of one order."""

    def __init__(self, order: Reader, number: int, envelope: Reader, statuses: StatusMap) -> None:
        self.order = order
        self.number = number
        self.envelope = envelope
        self.statuses = statuses
        self.status = order.integer("statusId", _lt("status"), const.STATUS_UNCONFIRMED)
        self.status_name = envelope.text("status", _lt("status name"))

    def parse(self) -> ShopOrder:
        gross, goods, values = self._goods()
        rows = self._totals()
        total = self._total(rows)
        tax_rows = self._tax_rows(rows, values)
        tax_free = not gross and not any(cls == const.TAX for cls, _row in rows)
        if tax_free:
            goods, values = _without_tax(goods, values)
        payment = self.order.block("paymentType", _lt("payment"))
        module, title = (
            payment.text("module", _lt("payment module")).lower(),
            payment.text("title", _lt("payment")),
        )
        shipping = self.order.block("shippingType", _lt("shipping"))
        billing, delivery = self._addresses()
        return ShopOrder(
            external_id=str(self.number),
            number=str(self.number),
            ordered_at=self.order.needed_moment("purchaseDate", _lt("date of purchase")),
            updated_at=self._updated_at(),
            currency=self._currency(),
            prices_include_tax=gross,
            total=total,
            tax_total=_tax_total(rows, tax_free),
            customer=self._customer(),
            billing=billing,
            delivery=delivery,
            lines=(*goods, *self._extras(rows, values, tax_rows, gross, len(goods))),
            payment_code=payment_code(module, title),
            payment_title=title,
            payment_state=payment_state(module, title, self.status, self.status_name),
            shipping_code=shipping.text("module", _lt("shipping module")).lower(),
            shipping_title=shipping.text("title", _lt("shipping")),
            buyer_note=self.order.lines(
                "comment", _lt("buyer's note"), limit=NOTE_LONGEST, longest=NOTE_LONGEST
            ),
            state="cancelled" if self._is_cancelled() else "open",
            shop_status=self.status_name or str(self.status),
            treatment="history" if self._is_shipped() else "import",
            extra={"status_id": str(self.status)},
        )

    # -- head -------------------------------------------------------------

    def _currency(self) -> str:
        currency = self.order.text("currencyCode", _lt("currency")).upper()
        if not _CURRENCY.fullmatch(currency):
            raise self.order.fail("currencyCode", _lt("%(name)s has no valid currency."))
        return currency

    def _updated_at(self) -> datetime | None:
        """Return the time of the latest status; damaged dates there do not matter."""
        history = self.order.rows("statusHistory", _lt("status history"))
        moments = (row.moment("dateAdded", _lt("date")) for row in history)
        return max((moment for moment in moments if moment), default=None)

    def _is_cancelled(self) -> bool:
        return self.statuses.is_cancelled(self.status, self.status_name)

    def _is_shipped(self) -> bool:
        """Whether the shop says that the order has left; damaged rows of its past do not matter."""
        history = self.order.rows("statusHistory", _lt("status history"))
        past = frozenset(whole(row.value.get("statusId")) for row in history)
        return self.statuses.is_shipped(self.status, self.status_name, past)

    def _total(self, rows: list[tuple[str, Reader]]) -> Decimal:
        """Return what the buyer pays."""
        totals = [row.number("value", _lt("amount")) for cls, row in rows if cls == const.TOTAL]
        if not totals:
            raise self.order.fail(
                "totals", _lt("%(name)s has no total: what the buyer pays is unknown.")
            )
        if len(totals) > 1:
            raise self.order.fail("totals", _lt("%(name)s has more than one total."))
        if totals[0] < 0:
            raise self.order.fail("totals", _lt("%(name)s has a negative total."))
        return totals[0]

    def _customer(self) -> ShopCustomer:
        customer = self.order.needed_block("customer", _lt("customer"))
        group = customer.block("status", _lt("customer group"))
        guest = group.flag("isGuest", _lt("guest"), False)
        number = customer.integer("id", _lt("customer number"), 0)
        language = self.order.text("languageCode", _lt("language")).lower()
        return ShopCustomer(
            buyer_id=str(number) if number > 0 and not guest else "",
            email=customer.text("email", _lt("e-mail address")),
            phone=customer.text("phone", _lt("phone number"), limit=64),
            vat=customer.text("vatId", _lt("VAT number"), limit=32),
            language=language if _LANGUAGE.fullmatch(language) else "",
            is_guest=guest,
        )

    def _addresses(self) -> tuple[ShopAddress, ShopAddress]:
        """Return billing and delivery address; an order of downloads has no delivery address."""
        addresses = self.order.needed_block("addresses", _lt("addresses"))
        billing = self._address(addresses.needed_block("billing", _lt("billing address")))
        delivery = addresses.block("delivery", _lt("delivery address"))
        typed = ("firstname", "lastname", "company", "street", "city", "postcode")
        if not any(delivery.text(key, key) for key in typed):
            return billing, billing
        return billing, self._address(delivery)

    def _address(self, row: Reader) -> ShopAddress:
        additions = [row.text(key, key) for key in ("additionalAddressInfo", "suburb")]
        return ShopAddress(
            first_name=row.text("firstname", _lt("first name")),
            last_name=row.text("lastname", _lt("last name")),
            company=row.text("company", _lt("company")),
            street=row.text("street", _lt("street")),
            house_number=row.text("houseNumber", _lt("house number"), limit=64),
            street2=", ".join(filter(None, additions)),
            zip=row.text("postcode", _lt("postcode"), limit=32),
            city=row.text("city", _lt("city")),
            country_code=self._country(row),
        )

    def _country(self, row: Reader) -> str:
        number = row.integer("countryId", _lt("country"))
        countries = self.envelope.block("countries", _lt("countries"))
        code = countries.text(str(number), _lt("country")).upper()
        if not _COUNTRY.fullmatch(code):
            raise row.fail(
                "countryId",
                _lt("%(name)s has a country the shop does not explain (its number %(number)s)."),
                _lt(
                    "Check in the shop that the country exists and that the API's user may read "
                    "countries, then fetch the order again."
                ),
                number=number,
            )
        return code

    # -- lines ------------------------------------------------------------

    def _goods(self) -> tuple[bool, list[ShopLine], dict[Decimal, Decimal]]:
        """Return whether prices are gross, the lines of goods and their value per tax rate."""
        lines: list[ShopLine] = []
        kinds: set[bool] = set()
        values: dict[Decimal, Decimal] = {}
        for row in self.order.needed_rows("items", _lt("line")):
            line = self._item(row)
            lines.append(line)
            kinds.add(row.flag("isTaxAllowed", _lt("prices with tax"), True))
            rate = line.tax_percent or ZERO
            values[rate] = values.get(rate, ZERO) + line.total
        if not lines:
            raise self.order.fail("items", _lt("%(name)s has no lines."))
        if len({line.line_id for line in lines}) < len(lines):
            raise self.order.fail("items", _lt("%(name)s has two lines with the same number."))
        if len(kinds) > 1:
            raise self.order.fail(
                "items", _lt("%(name)s has lines with gross and lines with net prices.")
            )
        return kinds.pop(), lines, values

    def _item(self, row: Reader) -> ShopLine:
        quantity = row.number("quantity", _lt("quantity"), MAX_QUANTITY)
        if quantity <= 0:
            raise row.fail("quantity", _lt("%(name)s has a quantity that is not above zero."))
        tax = row.number("tax", _lt("tax rate"), Decimal(100))
        if tax < 0:
            raise row.fail("tax", _lt("%(name)s has a negative tax rate."))
        return ShopLine(
            line_id=str(row.integer("id", _lt("line number"))),
            kind="product",
            sku=row.text("model", _lt("article number"), limit=128),
            name=row.text("name", _lt("name"), limit=512)
            or row.text("model", _lt("article number")),
            quantity=quantity,
            unit_price=row.number("price", _lt("price")),
            total=row.number("finalPrice", _lt("line total")),
            tax_percent=tax.normalize() + ZERO,
            note=self._choices(row),
        )

    def _choices(self, row: Reader) -> str:
        """Return what the buyer chose. Prices there are inside the line's price already."""
        chosen: list[str] = [
            ": ".join((option.text("name", _lt("option")), option.text("value", _lt("choice"))))
            for option in row.rows("attributes", _lt("choice"))
        ]
        if row.value.get("gxCustomizerData"):
            chosen.append(_lt("The buyer designed this article: see the order in the shop."))
        return joined("\n", chosen)

    # -- totals -----------------------------------------------------------

    def _totals(self) -> list[tuple[str, Reader]]:
        rows = self.order.needed_rows("totals", _lt("total"))
        return [(row.text("class", _lt("kind")), row) for row in rows]

    def _tax_rows(
        self, rows: list[tuple[str, Reader]], values: Mapping[Decimal, Decimal]
    ) -> dict[Decimal, Decimal]:
        """Return the shop's tax per rate, which only the titles tell ("inkl. 19% MwSt.:")."""
        taxes_: dict[Decimal, Decimal] = {}
        only = next(iter(values)) if len(values) == 1 else None
        for cls, row in rows:
            if cls != const.TAX:
                continue
            said = _PERCENT.search(row.text("title", _lt("title")))
            rate = Decimal(said[1].replace(",", ".")).normalize() + ZERO if said else only
            if rate is None:
                return {}
            taxes_[rate] = taxes_.get(rate, ZERO) + row.number("value", _lt("amount"))
        return taxes_

    def _extras(
        self,
        rows: list[tuple[str, Reader]],
        values: Mapping[Decimal, Decimal],
        tax_rows: Mapping[Decimal, Decimal],
        gross: bool,
        count: int,
    ) -> list[ShopLine]:
        """Return every row that is neither sum nor tax as lines, one per tax rate."""
        found: list[tuple[str, Reader, taxes.Extra]] = []
        for cls, row in rows:
            if cls in const.SUMS:
                continue
            extra = _extra(cls, row.number("value", _lt("amount")))
            if extra.value or extra.kind == "shipping":
                found.append((cls, row, extra))
        spread = taxes.distribute(values, [extra for *_, extra in found], tax_rows, gross, count)
        return [
            _extra_line(f"{cls}:{place}", row, extra, shares)
            for place, ((cls, row, extra), answer) in enumerate(zip(found, spread, strict=True), 1)
            for shares in _parts(extra, answer)
        ]


def payment_code(module: str, title: str) -> str:
    """Return the code payment methods are mapped by; titles tell the hub's ways to pay apart."""
    if module == const.HUB and title:
        return f"{module}:{'_'.join(re.findall(r'[a-z0-9äöüß]+', title.lower()))}"
    return module


def payment_state(module: str, title: str, status: int, status_name: str) -> PaymentState:
    """Return whether the money is there, as far as the shop tells.

    Providers that pay at once count as paid unless the order is still unconfirmed: then the buyer
    has not come back from the provider.
    """
    if status_name.lower() in const.PAID_STATUS_NAMES:
        return "paid"
    if module in const.OPEN_MODULES:
        return "open"
    title = title.lower()
    if module.startswith(const.PAID_MODULES) or (
        module == const.HUB and any(word in title for word in const.PAID_TITLES)
    ):
        return "open" if status == const.STATUS_UNCONFIRMED else "paid"
    if module == const.HUB and any(word in title for word in const.OPEN_TITLES):
        return "open"
    return "unknown"


def _extra(cls: str, value: Decimal) -> taxes.Extra:
    """Return what a row of the totals stands for; discounts are negative whatever their sign."""
    if cls == const.SHIPPING:
        return taxes.Extra("shipping", value)
    if cls == const.VOUCHER:
        return taxes.Extra("voucher", -abs(value))
    if cls in const.DISCOUNTS:
        return taxes.Extra("discount", -abs(value))
    kind: LineKind = "discount" if value < 0 else "fee"
    return taxes.Extra(kind, value)


def _parts(extra: taxes.Extra, shares: taxes.Shares | None) -> list[tuple[Decimal | None, Decimal]]:
    """Return the (rate, amount) pairs of a row, without empty ones."""
    if shares is None:
        return [(None, extra.value)]
    filled = [(rate, amount) for rate, amount in shares if amount]
    return [*filled] or [(shares[0][0], ZERO)]


def _extra_line(
    line_id: str, row: Reader, extra: taxes.Extra, share: tuple[Decimal | None, Decimal]
) -> ShopLine:
    rate, amount = share
    title = row.text("title", _lt("title")).rstrip(" :")
    return ShopLine(
        line_id=line_id if amount == extra.value else f"{line_id}:{rate}",
        kind=extra.kind,
        name=title or line_id.split(":")[0],
        quantity=Decimal(1),
        unit_price=amount,
        total=amount,
        tax_percent=rate,
    )


def _tax_total(rows: list[tuple[str, Reader]], tax_free: bool) -> Decimal | None:
    """Return the sum of the tax rows; ``None`` where a gross order does not state any."""
    amounts = [row.number("value", _lt("amount")) for cls, row in rows if cls == const.TAX]
    if amounts or tax_free:
        return sum(amounts, ZERO)
    return None


def _without_tax(
    goods: list[ShopLine], values: Mapping[Decimal, Decimal]
) -> tuple[list[ShopLine], dict[Decimal, Decimal]]:
    """Return the lines of a tax-free order: the articles' usual rates do not apply."""
    return [replace(line, tax_percent=ZERO) for line in goods], {ZERO: sum(values.values(), ZERO)}
