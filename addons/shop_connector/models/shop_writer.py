"""The one writer: from any channel's orders to sales orders, a batch at a time.

Everything is looked up once per batch, partners are created in one call, orders in another. Other
add-ons extend the ``_prepare_*`` methods.
"""

from datetime import UTC

from odoo import api, fields, models
from odoo.fields import Command

from odoo.addons.automation_core.translated import translated

from ..lib.order import PayloadError, ShopLine, ShopOrder
from ..lib.pricing import unit_price
from .shop_lookup import Lookup
from .shop_order_interpret import Reading

PAYMENT = "shop:payment"
VAT = "shop:vat"
ROUNDING_SEQUENCE = 9999
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "sale_no_log_for_new_lines": True,
    # ids are checked here, and kept as a note where they are wrong: no import fails for them
    "no_vat_validation": True,
    "shop_import": True,
}


class ShopWriter(models.AbstractModel):
    _name = "shop.writer"
    _description = "Writer of shop orders"

    # -- new orders --------------------------------------------------------

    @api.model
    def _write_orders(self, account, readings: list[Reading]) -> list[Reading]:
        """Create the sales orders of ``readings``; return those that could be written."""
        writer = self.with_context(**QUIET)
        account = account.with_context(**QUIET)
        lookup = Lookup(account, [reading.order for reading in readings])
        readings = [reading for reading in readings if writer._is_writable(lookup, reading)]
        people = writer._resolve_people(lookup, [reading.order for reading in readings])
        good, values = [], []
        for reading, persons in zip(readings, people, strict=True):
            try:
                values.append(writer._prepare_order_vals(lookup, reading, persons))
                good.append(reading)
            except PayloadError as error:
                reading.record._quarantine(str(error), error.hint, error.field)
        sales = writer.env["sale.order"].create(values)
        writer._settle_rounding(account, sales)
        writer._raise_questions(lookup, good, sales)
        writer._resolve_merged(account, good)
        sales._automation_start(account.policy_id or None)
        return good

    def _is_writable(self, lookup: Lookup, reading: Reading) -> bool:
        try:
            lookup.check(reading.order, reading.lines)
        except PayloadError as error:
            reading.record._quarantine(str(error), error.hint, error.field)
            return False
        return True

    def _prepare_order_vals(self, lookup: Lookup, reading: Reading, people) -> dict:
        """Return the values of a sales order. All that core would look up per order is given."""
        account, order = lookup.account, reading.order
        _currency, pricelist = lookup.currencies[order.currency.upper()]
        position = lookup.order_position(order, people.customer, people.delivery)
        rated = lookup.rated(order, reading.lines, position, people.delivery.country_id)
        vals = {
            "partner_id": people.customer.id,
            "partner_invoice_id": people.invoice.id,
            "partner_shipping_id": people.delivery.id,
            "company_id": lookup.company.id,
            "pricelist_id": pricelist.id,
            "fiscal_position_id": position.id,
            "user_id": False,
            "campaign_id": False,
            "medium_id": False,
            "source_id": False,
            "date_order": fields.Datetime.to_datetime(
                order.ordered_at.astimezone(UTC).replace(tzinfo=None)
            ),
            "client_order_ref": order.number,
            "origin": account.name,
            "shop_account_id": account.id,
            "shop_order_id": reading.record.id,
            "automation_channel": account.channel,
            "buyer_note": order.buyer_note or False,
            "has_shop_total": True,
            "shop_rounding": account.round_once,
            "shop_total": float(order.total),
            "order_line": [
                Command.create(self._prepare_line_vals(lookup, order, line, taxes, index))
                for index, (line, taxes) in enumerate(rated, start=1)
            ],
        }
        if account.order_prefix:
            vals["name"] = f"{account.order_prefix}{order.number}"
        if account.team_id:
            vals["team_id"] = account.team_id.id
        if warehouse := lookup.warehouse(order.by_channel):
            vals["warehouse_id"] = warehouse.id
        if "quotation_document_ids" in self.env["sale.order"]._fields:
            vals["quotation_document_ids"] = [Command.clear()]
        return vals | self._prepare_payment_vals(lookup, order) | self._prepare_promise_vals(order)

    def _prepare_payment_vals(self, lookup: Lookup, order: ShopOrder) -> dict:
        row = self.env["shop.payment.map"]._find(lookup.account.payment_map_ids, order)
        return {
            "automation_payment_method_id": row.method_id.id,
            "prepaid_amount": float(order.total) if row._is_paid(order) else 0.0,
        }

    def _prepare_line_vals(
        self, lookup: Lookup, order: ShopOrder, line: ShopLine, taxes, sequence: int
    ) -> dict:
        """Return the values of an order line.

        ``technical_price_unit`` differs from the price, so that no later change puts the list price
        back.
        """
        product = lookup.product(line)
        unit = lookup.unit(line, product)
        price = float(unit_price(line))
        note = translated(self.env, line.note)
        known = line.kind != "product" or line.sku in lookup.products
        vals = {
            "product_id": product.id,
            "product_uom_id": unit.id,
            "product_uom_qty": self._quantity(unit, line),
            "name": f"{self._get_line_name(product, line)}\n{note}".strip(),
            "price_unit": price,
            "technical_price_unit": 0.0 if price else -1.0,
            "discount": 0.0,
            "tax_ids": [Command.set(taxes.ids)],
            "sequence": sequence,
            "shop_account_id": lookup.account.id,
            "shop_line_id": line.line_id,
            "is_delivery": line.kind == "shipping",
        }
        vals |= self._prepare_gone_vals(lookup, order, line, product)
        if not lookup.has_analytics:
            vals["analytic_distribution"] = False
        if not known:
            vals["unknown_sku"] = line.sku or line.name
        return vals

    def _get_line_name(self, product, line: ShopLine) -> str:
        """Return the shop's words, or the article's full name where they say nothing more."""
        own, said = product.display_name, translated(self.env, line.name)
        return own if not said or said.casefold() in own.casefold() else said

    def _quantity(self, unit, line: ShopLine) -> float:
        quantity = float(line.quantity)
        if unit.compare(quantity, unit.round(quantity)):
            raise PayloadError(
                self.env._(
                    "“%(name)s” was ordered %(quantity)s times, which the unit %(unit)s does not"
                    " allow.",
                    name=line.name,
                    quantity=line.quantity,
                    unit=unit.name,
                ),
                self.env._("Give the product another unit of measure, then press Retry."),
                line.line_id,
            )
        return quantity

    # -- after creation ----------------------------------------------------

    def _settle_rounding(self, account, sales) -> None:
        """Add a rounding line where the account tolerates the difference; the rest is for the hold
        rule.
        """
        if not account.total_tolerance:
            return
        for sale in sales:
            missing = sale.currency_id.round(sale.shop_total - sale.amount_total)
            if (
                missing
                and sale.currency_id.compare_amounts(abs(missing), account.total_tolerance) <= 0
            ):
                product = account.fee_product_id if missing > 0 else account.discount_product_id
                sale.order_line = [
                    Command.create(
                        {
                            "product_id": product.id,
                            "name": self.env._("Rounding difference"),
                            "product_uom_qty": 1.0,
                            "price_unit": missing,
                            "technical_price_unit": 0.0,
                            "tax_ids": [Command.clear()],
                            "sequence": ROUNDING_SEQUENCE,
                        }
                    )
                ]

    def _raise_questions(self, lookup: Lookup, readings: list[Reading], sales) -> None:
        """Open cases for what a person has to answer before an order may go on."""
        cases = []
        for reading, sale in zip(readings, sales, strict=True):
            cases += self._payment_questions(lookup.account, reading.order, sale)
            cases += self._vat_questions(reading.order, sale)
            cases += self._tax_questions(lookup, reading, sale)
            cases += self._stock_questions(lookup, reading.order, sale)
            cases += self._hold_cases(reading, sale, reading.order.holds)
        self.env["automation.case"]._raise(cases)

    def _payment_questions(self, account, order: ShopOrder, sale) -> list[dict]:
        if not order.total:
            return []  # a replacement: nothing is to be paid
        method = sale.automation_payment_method_id
        case = {
            "record": sale,
            "code": PAYMENT,
            "seen": f"{order.payment_code}:{order.payment_state}",
        }
        if not method and not sale.prepaid_amount:
            name = order.payment_title or order.payment_code
            return [
                case
                | {
                    "name": self.env._("The payment “%s” is not known", name),
                    "explanation": self.env._(
                        "The shop's payment code is “%(code)s”. Choose a payment method on the "
                        "order; add the code "
                        "under “Payments” of the account “%(account)s” so that the next orders "
                        "go by themselves.",
                        code=order.payment_code,
                        account=account.name,
                    ),
                }
            ]
        if method.kind == "paid" and not sale.prepaid_amount:
            return [
                case
                | {
                    "name": self.env._("The money of “%s” has not come yet", method.name),
                    "explanation": self.env._(
                        "With this method the shop takes the money, but it does not call the "
                        "order paid. The order "
                        "goes on as soon as the shop says so, or when you register the payment."
                    ),
                }
            ]
        return []

    def _vat_questions(self, order: ShopOrder, sale) -> list[dict]:
        typed = order.customer.vat
        if not typed or sale.partner_id.commercial_partner_id.vat or not order.billing.company:
            return []
        return [
            {
                "record": sale,
                "code": VAT,
                "seen": typed,
                "blocking": False,
                "name": self.env._("“%s” is not a valid VAT id", typed),
                "explanation": self.env._(
                    "The buyer typed it in the shop. It is kept as a note on the customer; ask "
                    "for the right one."
                ),
            }
        ]
