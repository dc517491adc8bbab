from datetime import datetime

from odoo.tests import tagged

from .common import EbayCase


@tagged("post_install", "-at_install")
class TestChange(EbayCase):
    """What becomes of an order at eBay after it was imported."""

    def combine(self, *orders):
        """Put orders together as eBay does: a new number, the same lines; it is paid then."""
        amounts = [order["pricingSummary"] for order in orders]

        def total(key):
            return sum(float(one[key]["value"]) for one in amounts)

        merged = {
            **orders[0],
            "orderId": "99-99999-99999",
            "orderPaymentStatus": "PAID",
            "lineItems": [line for order in orders for line in order["lineItems"]],
            "pricingSummary": {
                key: {"value": f"{total(key):.2f}", "currency": "EUR"}
                for key in ("priceSubtotal", "deliveryCost", "total")
            },
        }
        for order in orders:
            del self.shop.orders[order["orderId"]]
        self.shop.add(merged)
        self.happen(lambda number: None, merged)
        self.poll()
        return self.inbox().filtered(lambda one: one.external_id == merged["orderId"])

    def test_combined_before_they_were_paid(self):
        """Two unpaid orders come back as one paid one: one sale, its goods are kept once."""
        orders = self.sell("pending", "pending")
        singles = self.poll()
        self.assertEqual(set(singles.mapped("state")), {"reserved"})
        merged = self.combine(*orders)
        self.assertEqual(merged.state, "imported")
        self.assertFalse(singles.sale_order_ids)
        self.assertFalse(
            self.env["shop.reservation"].search([("account_id", "=", self.account.id)])
        )
        self.assertEqual(
            set(merged.sale_order_id.order_line.filtered("shop_line_id").mapped("shop_line_id"))
            & {line["lineItemId"] for order in orders for line in order["lineItems"]},
            {line["lineItemId"] for order in orders for line in order["lineItems"]},
        )

    def test_combined_after_import(self):
        """Both were imported: nothing leaves twice, a person decides where money is in it."""
        orders = self.sell("plain", "plain")
        sales = self.poll().sale_order_id
        merged = self.combine(*orders).sale_order_id
        cases = self.env["automation.case"].search([("code", "=", "shop:merged")])
        self.assertTrue(
            set(sales.mapped("state")) == {"cancel"} or merged.id in cases.mapped("res_id")
        )
        self.assertFalse(merged.picking_ids.filtered(lambda one: one.state == "done"))

    def test_cancelled_after_shipping(self):
        """The parcel is gone: a person is told, nothing is cancelled here."""
        sale = self.imported("plain")
        if sale.state in ("draft", "sent"):
            sale.action_confirm()
        sale.picking_ids._automation_deliver(None)
        order = self.shop.orders[sale.shop_order_id.external_id]
        order["orderFulfillmentStatus"] = "FULFILLED"
        self.happen(self.shop.cancel, order)
        self.poll()
        self.assertEqual(sale.state, "sale")
        self.assertEqual(set(sale.picking_ids.mapped("state")), {"done"})
        self.assertTrue(self.cases(sale))

    def test_request_refused(self):
        """The seller refuses at eBay: the order goes on, no case is left."""
        sale = self.imported("plain")
        order = self.shop.orders[sale.shop_order_id.external_id]
        self.happen(self.shop.ask_to_cancel, order)
        self.poll()
        self.assertTrue(self.cases(sale, "ebay:cancel"))
        order["cancelStatus"]["cancelRequests"][0]["cancelRequestState"] = "REJECTED"
        order["cancelStatus"]["cancelState"] = "NONE_REQUESTED"
        self.happen(lambda number: None, order)
        self.poll()
        self.assertFalse(self.cases(sale, "ebay:cancel"))
        self.assertNotEqual(sale.state, "cancel")

    def test_line_taken_out(self):
        """Part of an order is cancelled: what was one order is not silently another one."""
        sale = self.imported("combined")
        order = self.shop.orders[sale.shop_order_id.external_id]
        gone = order["lineItems"].pop()
        prices = order["pricingSummary"]
        for key in ("priceSubtotal", "total"):
            left = float(prices[key]["value"]) - float(gone["lineItemCost"]["value"])
            prices[key] = {"value": f"{left:.2f}", "currency": "EUR"}
        self.happen(lambda number: None, order)
        self.poll()
        followed = f"{sale.amount_total:.2f}" == prices["total"]["value"]
        self.assertTrue(followed or self.cases(sale), "followed, or a person is told")
        self.assertEqual(len(self.inbox().sale_order_ids), 1)

    def test_listing_without_sku(self):
        """Old listings may have none: their number stands for it, a person matches it once."""
        sale = self.imported("no_sku")
        line = self.shop.orders[sale.shop_order_id.external_id]["lineItems"][0]
        sku = f"ebay:{line['legacyItemId']}"
        unknown = sale.order_line.filtered("unknown_sku")
        self.assertEqual(unknown.mapped("unknown_sku"), [sku])
        self.assertEqual(unknown.product_id, self.account.unknown_product_id)
        listing = self.env["shop.listing"].search([("sku", "=", sku)])
        listing.product_id = self.lamp
        self.assertEqual(self.imported("no_sku", first=30_000).order_line[:1].product_id, self.lamp)

    def test_ship_by(self):
        """22:59 in UTC is the end of a German winter day, not of the next one."""
        [order] = self.sell("plain")
        line = order["lineItems"][0]["lineItemFulfillmentInstructions"]
        line["shipByDate"] = "2026-11-27T22:59:59.000Z"
        sale = self.poll().sale_order_id
        self.assertEqual(sale.commitment_date, datetime(2026, 11, 27, 22, 59, 59))

    def test_packstation(self):
        """Locker and the buyer's number there arrive as they were typed."""
        sale = self.imported("packstation")
        address = sale.partner_shipping_id
        self.assertRegex(address.street, r"^Packstation \d{3}$")
        self.assertRegex(address.street2, r"^\d{8}$")

    def test_company(self):
        sale = self.imported("company")
        self.assertTrue(sale.partner_id.is_company)

    def test_by_ebays_warehouse(self):
        """eBay's own warehouse sends it: none of our stock moves."""
        [order] = self.sell("by_ebay")
        self.assertEqual(self.poll().state, "ignored")
        order["orderFulfillmentStatus"] = "FULFILLED"
        self.happen(lambda number: None, order)
        sale = self.poll().sale_order_id
        house = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)])
        ours = sale.picking_ids.filtered(lambda one: one.location_id in house.lot_stock_id)
        self.assertFalse(ours)
