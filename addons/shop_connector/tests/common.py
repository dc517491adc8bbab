"""A shop for tests: a channel whose payload is the neutral order as JSON, and that can be told to
fail.
"""

import json
from collections.abc import Iterator
from dataclasses import fields as dataclass_fields
from datetime import UTC, datetime
from decimal import Decimal
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import TransactionCase

from ..lib.channel import ORDERS, SINGLE_ORDER, CheckLine, ListingPage, OrderPage, RawOrder
from ..lib.order import (
    Hold,
    PayloadError,
    Reservation,
    ShopAddress,
    ShopCustomer,
    ShopLine,
    ShopOrder,
    clean_text,
)
from ..lib.outbox import Receipt, StockChange, StockOutcome, StockReply

RELAY = "marketplace.example"


def _address(values: dict) -> ShopAddress:
    known = {field.name for field in dataclass_fields(ShopAddress)}
    return ShopAddress(**{key: clean_text(value) for key, value in values.items() if key in known})


def parse(body: str) -> ShopOrder:
    """Return the order in a test payload."""
    try:
        data = json.loads(body)
    except ValueError as error:
        raise PayloadError("The order is not JSON.", "Ask the shop.", "body") from error
    lines = tuple(
        ShopLine(
            line_id=str(line.get("id", index)),
            kind=line.get("kind", "product"),
            name=clean_text(line.get("name", line.get("sku", ""))),
            sku=line.get("sku", ""),
            quantity=Decimal(str(line.get("qty", 1))),
            unit_price=Decimal(str(line.get("price", line["total"]))),
            total=Decimal(str(line["total"])),
            tax_percent=Decimal(str(line["tax"])) if line.get("tax") is not None else None,
        )
        for index, line in enumerate(data["lines"], start=1)
    )
    billing = _address(data["billing"])
    return ShopOrder(
        external_id=data["id"],
        number=data.get("number", data["id"]),
        ordered_at=datetime.fromisoformat(data.get("at", "2026-11-20T10:00:00+01:00")).astimezone(
            UTC
        ),
        currency=data.get("currency", "EUR"),
        prices_include_tax=data.get("gross", True),
        total=Decimal(str(data["total"])),
        tax_total=Decimal(str(data["tax_total"])) if "tax_total" in data else None,
        customer=ShopCustomer(**data.get("customer", {})),
        billing=billing,
        delivery=_address(data["delivery"]) if "delivery" in data else billing,
        lines=lines,
        payment_code=data.get("payment", "paypal"),
        payment_state=data.get("payment_state", "paid"),
        buyer_note=clean_text(data.get("note", "")),
        state=data.get("state", "open"),
        **_treatment(data),
    )


def _treatment(data: dict) -> dict:
    """Return how the shop wants the order handled."""
    ship_by = data.get("ship_by")
    return {
        "treatment": data.get("treatment", "import"),
        "holds": tuple(Hold(*hold) for hold in data.get("holds", ())),
        "reservations": tuple(
            Reservation(str(line), sku, Decimal(str(quantity)))
            for line, sku, quantity in data.get("reservations", ())
        ),
        "shipped": tuple(
            (str(line), Decimal(str(quantity))) for line, quantity in data.get("shipped", ())
        ),
        "by_channel": data.get("by_channel", False),
        "replaces": data.get("replaces", ""),
        "hurry": data.get("hurry", False),
        "tax_model": data.get("tax_model", "seller"),
        "ship_by": datetime.fromisoformat(ship_by) if ship_by else None,
        "delivery_note": data.get("delivery_note", ""),
        "extra": data.get("extra", {}),
    }


class FakeShop:
    """What the shop would answer; ``fail`` is raised instead."""

    def __init__(self) -> None:
        self.pages: list[OrderPage] = []
        self.fail: Exception | None = None
        self.asked: list[dict] = []
        self.single: dict[str, RawOrder] = {}
        self.words = {ORDERS, SINGLE_ORDER}
        self.told: list[tuple[str, object]] = []
        self.answers: list[Receipt | Exception] = []
        self.listing_pages: list[ListingPage] = []
        self.stock: dict[str, tuple[int, str]] = {}
        self.stock_calls: list[list[StockChange]] = []
        self.stock_answers: list[StockReply | Exception] = []
        self.stock_size = 25
        self.while_sending = lambda: None

    def fetch_orders(self, cursor) -> OrderPage:
        self.asked.append(dict(cursor))
        if self.fail:
            raise self.fail
        return self.pages.pop(0) if self.pages else OrderPage((), cursor)

    def fetch_listings(self, cursor) -> ListingPage:
        self.asked.append(dict(cursor))
        if self.fail:
            raise self.fail
        return self.listing_pages.pop(0) if self.listing_pages else ListingPage(())

    def take_stock(self, changes) -> Iterator[StockReply]:
        """Take figures some at a time, each call as the next of ``stock_answers`` says."""
        for start in range(0, len(changes), self.stock_size):
            part = changes[start : start + self.stock_size]
            self.stock_calls.append(list(part))
            self.while_sending()
            if self.stock_answers:
                answer = self.stock_answers.pop(0)
                if isinstance(answer, Exception):
                    raise answer
                yield answer
                continue
            self.stock |= {change.sku: (change.quantity, change.availability) for change in part}
            yield StockReply(tuple(StockOutcome(change.listing_id, True) for change in part))

    def ask_stock_job(self, job) -> StockReply:
        self.told.append(("job:stock", job))
        answer = self.stock_answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def take(self, kind: str, message) -> Receipt:
        """Take a message, as the next of ``answers`` says."""
        self.told.append((kind, message))
        answer = self.answers.pop(0) if self.answers else Receipt()
        if isinstance(answer, Exception):
            raise answer
        return answer


class ShopCase(TransactionCase):
    """A company with 19 % and 7 % tax, two products, and an account at the fake shop."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = FakeShop()
        cls._patch_channel()
        cls.company = cls.env.company
        cls.company.partner_id.lang = "en_US"
        cls.country = cls.company.account_fiscal_country_id
        cls._set_up_taxes()
        cls.lamp = cls._product("LAMP", "Desk lamp")
        cls.tea = cls._product("TEA", "Green tea")
        cls.paypal = cls._method("test_paypal", "paid")
        cls.prepay = cls._method("test_prepay", "prepayment")
        cls.account = cls._account(cls.company)

    @classmethod
    def _patch_channel(cls):
        registry = cls.registry["shop.account"]
        field = registry._fields["channel"]
        cls.startClassPatcher(
            patch.object(field, "selection", [*field.selection, ("test", "Test shop")])
        )
        cls.startClassPatcher(
            patch.object(field, "_selection", {**field._selection, "test": "Test shop"})
        )
        shop = cls.shop
        hooks = {
            "_channel_capabilities": lambda self: frozenset(shop.words),
            "_channel_fetch_orders": lambda self, cursor: shop.fetch_orders(cursor),
            "_channel_fetch_order": lambda self, external_id: shop.single[external_id],
            "_channel_parse_order": lambda self, body: parse(body),
            "_channel_check": lambda self: [CheckLine(True, "The test shop answers.")],
            "_channel_relay_domains": lambda self: (RELAY,),
            "_channel_secrets": lambda self: ("s3cret",),
            "_channel_carriers": lambda self: [("dhl", "DHL"), ("dpd", "DPD-DE")],
            "_channel_report_shipment": lambda self, told: shop.take("shipment", told),
            "_channel_report_cancellation": lambda self, told: shop.take("cancellation", told),
            "_channel_report_invoice": lambda self, told: shop.take("invoice", told),
            "_channel_fetch_listings": lambda self, cursor: shop.fetch_listings(cursor),
            "_channel_report_stock": lambda self, changes: shop.take_stock(changes),
            "_channel_ask_stock_job": lambda self, job: shop.ask_stock_job(job),
            "_channel_ask_job": lambda self, kind, job: shop.take(f"job:{kind}", job),
        }
        for name, hook in hooks.items():
            cls.startClassPatcher(patch.object(registry, name, hook))

    @classmethod
    def _set_up_taxes(cls):
        cls.env["account.tax"].search(
            [("company_id", "=", cls.company.id), ("type_tax_use", "=", "sale")]
        ).active = False
        cls.company.account_sale_tax_id = cls._tax(19.0)
        cls._tax(7.0)
        cls._tax(0.0)

    @classmethod
    def _tax(cls, amount, company=None, name=None):
        company = company or cls.company
        return cls.env["account.tax"].create(
            {
                "name": name or f"T{amount:g}",
                "amount": amount,
                "company_id": company.id,
                "country_id": (company.account_fiscal_country_id or cls.country).id,
                "tax_group_id": cls._tax_group(company).id,
                "price_include_override": "tax_excluded",
            }
        )

    @classmethod
    def _tax_group(cls, company):
        groups = cls.env["account.tax.group"]
        return groups.search([("company_id", "=", company.id)], limit=1) or groups.create(
            {"name": "Test", "company_id": company.id, "country_id": cls.country.id}
        )

    @classmethod
    def _product(cls, sku, name):
        return cls.env["product.product"].create(
            {
                "name": name,
                "default_code": sku,
                "type": "consu",
                "is_storable": True,
                "list_price": 99.0,
            }
        )

    @classmethod
    def _stock_up(cls):
        """Have enough of both products for all orders of a test."""
        warehouses = cls.env["stock.warehouse"]
        warehouse = warehouses.search([("company_id", "=", cls.company.id)], limit=1)
        for product in (cls.lamp, cls.tea):
            cls.env["stock.quant"]._update_available_quantity(
                product, warehouse.lot_stock_id, 10_000.0
            )

    @classmethod
    def _method(cls, code, kind):
        return cls.env["automation.payment.method"].create(
            {"name": code, "code": code, "kind": kind}
        )

    @classmethod
    def _account(cls, company, **vals):
        return cls.env["shop.account"].create(
            {
                "name": "Test shop",
                "channel": "test",
                "company_id": company.id,
                "live": True,
                "payment_map_ids": [
                    Command.create(
                        {"pattern": "paypal*", "method_id": cls.paypal.id, "paid": "shop"}
                    ),
                    Command.create(
                        {"pattern": "moneyorder", "method_id": cls.prepay.id, "paid": "never"}
                    ),
                ],
                **vals,
            }
        )

    # -- orders ------------------------------------------------------------

    def payload(self, number="1001", **changes):
        """Return a plain gross order of two lines."""
        return {
            "id": number,
            "total": "52.90",
            "billing": {
                "first_name": "Anna",
                "last_name": "Müller",
                "street": "Hauptstraße",
                "house_number": "5",
                "zip": "10115",
                "city": "Berlin",
                "country_code": "DE",
            },
            "customer": {"email": "anna@mueller.example", "language": "de"},
            "lines": [
                {"id": 1, "sku": "LAMP", "qty": 2, "price": "19.99", "total": "39.98", "tax": 19},
                {"id": 2, "sku": "TEA", "qty": 3, "price": "4.31", "total": "12.92", "tax": 7},
            ],
        } | changes

    def raw(self, data) -> RawOrder:
        body = data if isinstance(data, str) else json.dumps(data)
        number = data["id"] if isinstance(data, dict) else "broken"
        return RawOrder(str(number), body)

    def receive(self, *datas, account=None, interpret=True):
        """Store orders as a page does and interpret them; return the shop orders in the order
        given.
        """
        account = account or self.account
        raws = [data if isinstance(data, RawOrder) else self.raw(data) for data in datas]
        self.env["shop.order"]._store(account, raws)
        records = self.env["shop.order"].search(
            [
                ("account_id", "=", account.id),
                ("external_id", "in", [raw.external_id for raw in raws]),
            ]
        )
        if interpret:
            records.filtered(lambda record: record.state == "new")._interpret()
        by_id = {record.external_id: record for record in records}
        return self.env["shop.order"].concat(*(by_id[raw.external_id] for raw in raws))

    def sale(self, data=None, **kwargs):
        """Import one order and return its sales order."""
        record = self.receive(data or self.payload(), **kwargs)
        self.assertEqual(record.state, "imported", record.last_error)
        return record.sale_order_id

    def cases(self, record, code=None):
        domain = [
            ("res_model", "=", record._name),
            ("res_id", "=", record.id),
            ("state", "=", "open"),
        ]
        return self.env["automation.case"].search(domain + ([("code", "=", code)] if code else []))
