"""The list of offers: read from the shop, matched with products, used for orders."""

from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from odoo.addons.automation_core.lib.errors import AccessDenied, Throttled

from ..lib.channel import ListingPage, ShopListing
from .stock_common import StockCase


@tagged("post_install", "-at_install")
class TestListing(StockCase):
    def fetch(self, *pages):
        self.shop.listing_pages = list(pages)
        self.account.action_fetch_listings()
        self.run_cron("ir_cron_listings")

    def listing(self, sku, account=None):
        return self.env["shop.listing"].search(
            [("sku", "=", sku), ("account_id", "=", (account or self.account).id)]
        )

    def task(self):
        return self.env["shop.stock.task"]._of(self.account, "listings")

    def test_fetch(self):
        """All pages are read; products are found by article number and barcode."""
        self.tea.barcode = "4006381333931"
        self.fetch(
            ListingPage(
                (
                    ShopListing("LAMP", "Lamp", "11", quantity=3, extra={"offer": "a"}),
                    ShopListing("X-TEA", "Tea", "12", barcode="4006381333931"),
                ),
                {"page": 2},
                more=True,
            ),
            ListingPage((ShopListing("FBA", "Theirs", "13", by_channel=True),)),
        )
        self.assertEqual(self.listing("LAMP").product_id, self.lamp)
        self.assertEqual(self.listing("X-TEA").product_id, self.tea)
        self.assertEqual(self.listing("LAMP").extra, {"offer": "a"})
        self.assertEqual((self.listing("LAMP").shown, self.listing("LAMP").external_id), (3, "11"))
        self.assertTrue(self.listing("FBA").by_channel)
        self.assertEqual(self.listing("FBA").state, "unmatched")
        self.assertFalse(self.task().active)
        self.assertIn("3", self.account.listings_progress)

    def test_again(self):
        """Reading again changes what the shop says, not what people chose."""
        self.fetch(ListingPage((ShopListing("A", "Old words", "1"), ShopListing("A", "", "2"))))
        first = self.env["shop.listing"].search([("external_id", "=", "1")])
        first.write({"product_id": self.tea.id, "pack_factor": 6})
        self.fetch(ListingPage((ShopListing("A", "New words", "1"), ShopListing("A", "", "2"))))
        self.assertEqual(len(self.listing("A")), 2)
        self.assertEqual(
            (first.name, first.product_id, first.pack_factor), ("New words", self.tea, 6)
        )

    def test_made_known_by_an_order(self):
        """An SKU known from orders takes the offer's id when the shop tells it."""
        self.sale()
        self.assertEqual(self.listing("LAMP").product_id, self.lamp)
        self.fetch(ListingPage((ShopListing("LAMP", "Lamp", "11"),)))
        self.assertEqual(self.listing("LAMP").mapped("external_id"), ["11"])

    def test_goes_on_where_it_stopped(self):
        """A shop that wants a rest is read on later, from the page it stopped at."""
        self.shop.listing_pages = [ListingPage((ShopListing("A"),), {"page": 2}, more=True)]
        self.account.action_fetch_listings()

        def fail():
            self.shop.fail = Throttled("Slower.", retry_after=60)
            return ListingPage((ShopListing("A"),), {"page": 2}, more=True)

        class Pages(list):
            def pop(self, _index):
                return fail()

        self.shop.listing_pages = Pages([1])
        self.run_cron("ir_cron_listings")
        self.shop.fail = None
        task = self.task()
        self.assertEqual((task.cursor, task.attempts, task.active), ({"page": 2}, 0, True))
        self.assertGreater(task.next_try, fields.Datetime.now())
        task.next_try = False
        self.shop.asked.clear()
        self.shop.listing_pages = [ListingPage((ShopListing("B"),))]
        self.run_cron("ir_cron_listings")
        self.assertEqual(self.shop.asked, [{"page": 2}])
        self.assertTrue(self.listing("A") and self.listing("B"))

    def test_denied(self):
        """What cannot get better by waiting ends the reading and shows on the account."""
        self.shop.fail = AccessDenied("No right to read offers with s3cret.", "Ask for it.")
        self.fetch()
        self.shop.fail = None
        self.assertIn("Ask for it", self.account.listings_progress)
        self.assertNotIn("s3cret", self.account.listings_progress)
        self.assertFalse(self.task().active)

    def test_drift(self):
        """A shop that shows more than it was told is told again; one that shows less only if it
        stays so: a sale that is on its way to us lowers it as well.
        """
        listing = self.offer(self.lamp, external_id="1")
        self.put(self.lamp, 5)
        self.push()
        earlier = fields.Datetime.now() - timedelta(hours=2)

        def age():
            self.env.cr.execute(
                "UPDATE shop_listing SET reported_at = %s, shown_at = %s",
                (earlier - timedelta(hours=1), earlier),
            )
            self.env.invalidate_all()

        age()
        self.fetch(ListingPage((ShopListing("LAMP", "", "1", quantity=9),)))
        self.assertTrue(listing.drift and listing.pending and listing.urgent)
        self.push()
        self.assertEqual(self.shop.stock["LAMP"], (5, "normal"))
        self.assertFalse(listing.drift)
        age()
        self.fetch(ListingPage((ShopListing("LAMP", "", "1", quantity=4),)))
        self.assertFalse(listing.drift, "perhaps just sold")
        age()
        self.fetch(ListingPage((ShopListing("LAMP", "", "1", quantity=4),)))
        self.assertTrue(listing.drift)

    def test_orders_follow_the_offers(self):
        """An order's SKU is looked up in the shop's offers before all else."""
        self.offer(self.tea, sku="LAMP")
        sale = self.sale()
        self.assertEqual(sale.order_line[0].product_id, self.tea)

    def test_pack(self):
        """A pack of six is one in the order, at the shop's price, and six in the delivery."""
        self.offer(self.lamp, pack_factor=6)
        self.put(self.lamp, 60)
        self.put(self.tea, 60)
        sale = self.sale()
        line = sale.order_line[0]
        self.assertEqual((line.product_uom_qty, line.product_uom_id.relative_factor), (2, 6))
        self.assertEqual(sale.amount_total, 52.90)
        self.refresh()
        self.assertEqual(self.listing("LAMP").wanted, 8, "12 pieces of 60 are promised")
        sale.action_confirm()
        self.assertEqual(sale.picking_ids.move_ids.grouped("product_id")[self.lamp].quantity, 12)
        self.refresh()
        self.assertEqual(self.listing("LAMP").wanted, 8)
        sale.picking_ids.button_validate()
        self.assertEqual(line.qty_delivered, 2)
        self.assertEqual(
            self.env["uom.uom"].search_count(
                [("relative_factor", "=", 6), ("relative_uom_id", "=", self.lamp.uom_id.id)]
            ),
            1,
        )

    def test_learns_from_people(self):
        """A product chosen for an unknown SKU counts for the next orders."""
        data = self.payload("1", lines=[{"id": 1, "sku": "NEW", "total": "52.90", "tax": 19}])
        sale = self.sale(data)
        self.assertEqual(self.listing("NEW").state, "unmatched")
        sale.order_line[0].product_id = self.lamp
        self.assertEqual(self.listing("NEW").product_id, self.lamp)
        again = self.sale({**data, "id": "2"})
        self.assertEqual(again.order_line[0].product_id, self.lamp)
        self.assertFalse(again.order_line[0].unknown_sku)

    def test_match_button(self):
        self.offer(self.env["product.product"], sku="LAMP")
        self.offer(self.env["product.product"], sku="NOBODY")
        found = self.env["shop.listing"].search([("state", "=", "unmatched")])
        action = found.action_match()
        self.assertIn("1", action["params"]["message"])
        self.assertEqual(self.listing("LAMP").product_id, self.lamp)
        self.assertFalse(self.listing("NOBODY").product_id)

    def test_states_are_found(self):
        """Each state can be searched for, and every offer has exactly one."""
        self.offer(self.lamp)
        self.put(self.lamp, 3)
        self.offer(self.tea, by_channel=True)
        self.offer(self.env["product.product"], sku="?")
        self.push()
        listings = self.env["shop.listing"]
        states = [state for state, _label in listings._fields["state"].selection]
        everything = listings.search([("account_id", "=", self.account.id)])
        found = [listings.search([("state", "=", state)]) & everything for state in states]
        self.assertEqual(sum(map(len, found)), len(everything))
        for state, some in zip(states, found, strict=True):
            self.assertEqual(set(some.mapped("state")), {state} if some else set())

    def test_smart_buttons(self):
        offers = self.offer(self.lamp)
        self.assertEqual(self.lamp.shop_listing_count, 1)
        self.assertEqual(self.lamp.product_tmpl_id.shop_listing_count, 1)
        action = self.lamp.product_tmpl_id.action_open_shop_listings()
        self.assertEqual(self.env["shop.listing"].search(action["domain"]), offers)
        self.assertEqual(self.account.unmatched_count, 0)
        self.assertEqual(self.account.listing_count, 1)

    def test_rights(self):
        """Users see the offers of their company and no others."""
        listing = self.offer(self.lamp)
        user = new_test_user(
            self.env, "offers_user", groups="automation_core.group_automation_user"
        )
        self.assertEqual(listing.with_user(user).sku, "LAMP")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "offers_stranger",
            groups="automation_core.group_automation_manager",
            company_id=elsewhere.id,
            company_ids=[(6, 0, elsewhere.ids)],
        )
        self.assertFalse(self.env["shop.listing"].with_user(stranger).search([]))
