"""The two references, on stock Odoo: the loop a script would write, and the ORM's own limit."""

import world

from odoo.fields import Command

from odoo.addons.shop_connector.lib.pricing import unit_price, with_taxes
from odoo.addons.shop_connector_gambio.lib.parser import parse_order


class Reference:
    """The same records as the product makes, with core's public methods and nothing else.

    What the shop sent is read beforehand: only making the records is measured.
    """

    def __init__(self, env, meter) -> None:
        self.env = env
        self.meter = meter
        self.goods = world.find_goods(env)
        self.tax = world.gross_tax(env)
        self.country = env.ref("base.de")
        env.cr.commit()

    def _read(self, raws: list[world.Raw]) -> list[tuple[dict, dict]]:
        """Return the values of the customer and of the order."""
        orders = [parse_order(raw.body) for raw in raws]
        return [(self._customer_vals(order), self._order_vals(order)) for order in orders]

    def _customer_vals(self, order) -> dict:
        address = order.billing
        return {
            "name": address.name,
            "street": address.street_line,
            "zip": address.zip,
            "city": address.city,
            "country_id": self.country.id,
            "email": order.customer.email,
            "lang": "de_DE",
        }

    def _order_vals(self, order) -> dict:
        return {
            "client_order_ref": order.number,
            "date_order": order.ordered_at.replace(tzinfo=None),
            "order_line": [
                Command.create(
                    {
                        "product_id": self.goods[line.sku or "BENCH-SHIPPING"],
                        "name": line.name,
                        "product_uom_qty": float(line.quantity),
                        "price_unit": float(unit_price(line)),
                        "technical_price_unit": 0.0,
                        "tax_ids": [Command.set(self.tax.ids)],
                    }
                )
                for line in with_taxes(order)
            ],
        }

    def _ship(self, sales) -> None:
        result = sales.picking_ids.button_validate()
        if result is not True:
            raise RuntimeError(f"not delivered: {result}")

    def naive(self, raws: list[world.Raw]) -> None:
        """One order after the other, a transaction for each."""
        for customer, order in self._read(raws):
            with self.meter.stage("import", 1):
                partner = self.env["res.partner"].create(customer)
                sale = self.env["sale.order"].create(order | {"partner_id": partner.id})
                self.env.cr.flush()
            with self.meter.stage("release", 1):
                sale.action_confirm()
                self.env.cr.flush()
            with self.meter.stage("deliver", 1):
                self._ship(sale)
                self.env.cr.flush()
            with self.meter.stage("invoice", 1):
                sale._create_invoices().action_post()
                self.env.cr.commit()

    def batched(self, raws: list[world.Raw]) -> None:
        """All orders as one recordset, a transaction for each stage."""
        count, values = len(raws), self._read(raws)
        with self.meter.stage("import", count):
            partners = self.env["res.partner"].create([customer for customer, _order in values])
            sales = self.env["sale.order"].create(
                [
                    order | {"partner_id": partner.id}
                    for (_customer, order), partner in zip(values, partners, strict=True)
                ]
            )
            self.env.cr.commit()
        with self.meter.stage("release", count):
            sales.action_confirm()
            self.env.cr.commit()
        with self.meter.stage("deliver", count):
            self._ship(sales)
            self.env.cr.commit()
        with self.meter.stage("invoice", count):
            sales._create_invoices(grouped=True).action_post()
            self.env.cr.commit()
