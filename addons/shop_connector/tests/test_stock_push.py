"""Telling shops: what, in which order, how often, and what happens when it fails."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.automation_core.lib.errors import AccessDenied, Throttled, Unavailable

from ..lib.outbox import StockOutcome, StockReply
from ..models import shop_stock_push
from .stock_common import StockCase


@tagged("post_install", "-at_install")
class TestStockPush(StockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(shop_stock_push, "NAP", 0.0))
        cls.other = cls._account(
            cls.company, name="Other shop", report_stock=True, stock_minutes=0, stock_minimum=2
        )

    def task(self, account=None):
        return self.env["shop.stock.task"]._of(account or self.account, "push")

    def case(self, code):
        return self.cases(self.account, code)

    def test_told_to_all(self):
        """A change of stock reaches every shop that offers the product; once."""
        offers = self.offer(self.lamp) | self.offer(self.lamp, self.other, sku="L-1")
        self.put(self.lamp, 7)
        self.push()
        self.assertEqual(self.shop.stock, {"LAMP": (7, "normal"), "L-1": (7, "normal")})
        self.assertEqual(offers.mapped("state"), ["same", "same"])
        self.push()
        self.assertEqual(len(self.shop.stock_calls), 2, "nothing differs, nothing is told")
        self.put(self.lamp, -1)
        self.push()
        self.assertEqual(self.shop.stock, {"LAMP": (6, "normal"), "L-1": (6, "normal")})

    def test_sale_in_one_shop_lowers_the_others(self):
        """An imported order counts at once, long before its goods are reserved."""
        self.offer(self.lamp)
        self.offer(self.lamp, self.other, sku="L-1")
        self.put(self.lamp, 7)
        self.sale()
        self.push()
        self.assertEqual(self.shop.stock["L-1"], (5, "normal"))

    def test_rhythm(self):
        """Above the minimum changes are gathered; at the minimum each goes out at once, to all."""
        (self.account | self.other).stock_minutes = 30
        self.offer(self.lamp)
        self.offer(self.lamp, self.other, sku="L-1")
        self.put(self.lamp, 10)
        self.push()
        self.assertEqual(self.shop.stock["LAMP"], (10, "normal"), "the first time is due")
        self.put(self.lamp, -1)
        self.push()
        self.assertEqual(self.shop.stock["LAMP"], (10, "normal"), "not urgent: later")
        self.lamp.shop_minimum_stock = 8
        self.put(self.lamp, -1)
        self.push()
        self.assertEqual(self.shop.stock, {"LAMP": (8, "normal"), "L-1": (8, "normal")})
        self.lamp.shop_minimum_stock = 0
        self.put(self.lamp, -1)
        self.push()
        self.assertEqual(self.shop.stock["LAMP"], (8, "normal"))
        self.env["shop.stock.task"].search([]).next_slow = fields.Datetime.now()
        self.push()
        self.assertEqual(self.shop.stock["L-1"], (7, "normal"))

    def test_minimum_of_one_shop_counts_for_all(self):
        (self.account | self.other).stock_minutes = 30
        self.other.stock_minimum = 9
        self.offer(self.lamp)
        self.offer(self.lamp, self.other, sku="L-1")
        self.put(self.lamp, 20)
        self.push()
        self.put(self.lamp, -12)
        self.push()
        self.assertEqual(self.shop.stock, {"LAMP": (8, "normal"), "L-1": (8, "normal")})

    def test_sold_out_and_back(self):
        """Each account and product says what sold out looks like; stock brings it back."""
        self.account.sold_out = "delist"
        self.offer(self.lamp)
        self.offer(self.lamp, self.other, sku="L-1", sold_out="soon")
        self.put(self.lamp, 1)
        self.push()
        self.put(self.lamp, -1)
        self.push()
        self.assertEqual(self.shop.stock, {"LAMP": (0, "delisted"), "L-1": (0, "soon")})
        (self.account | self.other).stock_minutes = 30
        self.put(self.lamp, 50)
        self.push()
        self.assertEqual(self.shop.stock, {"LAMP": (50, "normal"), "L-1": (50, "normal")})

    def test_urgent_first(self):
        """What is sold out is told before everything else, even while a long list is being told."""
        products = [self._product(f"P{n}", f"Product {n}") for n in range(6)]
        for product in products:
            self.offer(product)
            self.put(product, 20)
        self.shop.stock_size = 2
        self.run_cron("ir_cron_stock")
        sold_out = []

        def sell():
            if not sold_out:
                sold_out.append(products[5])
                self.put(products[5], -20)
                self.refresh()

        self.shop.while_sending = sell
        self.run_cron("ir_cron_stock_push")
        told = [[change.sku for change in call] for call in self.shop.stock_calls]
        self.assertEqual(told[:2], [["P0", "P1"], ["P5"]])
        self.assertEqual(self.shop.stock["P5"], (0, "normal"))
        self.assertEqual(self.shop.stock["P4"], (20, "normal"))

    def test_changed_while_told(self):
        """A figure that changes while it is being told is told again."""
        listing = self.offer(self.lamp)
        self.put(self.lamp, 9)
        self.run_cron("ir_cron_stock")

        def sell():
            self.shop.while_sending = lambda: None
            self.put(self.lamp, -1)
            self.refresh()

        self.shop.while_sending = sell
        self.run_cron("ir_cron_stock_push")
        quantities = [call[0].quantity for call in self.shop.stock_calls]
        self.assertEqual(quantities, [9, 8])
        self.assertEqual((listing.reported, listing.pending), (8, False))

    def test_killed_before_the_answer(self):
        """What was sent but not answered counts as not told."""
        listing = self.offer(self.lamp)
        self.put(self.lamp, 9)
        self.shop.stock_answers = [RuntimeError("killed")]
        with mute_logger("odoo.addons.shop_connector.models.shop_stock_push"):
            self.push()
        self.assertTrue(self.shop.stock_calls)
        self.assertFalse(listing.reported_state)
        self.assertTrue(listing.pending)
        self.task().next_try = False
        self.push()
        self.assertEqual((listing.reported, listing.reported_state), (9, "normal"))

    def test_answers_before_a_failure_are_kept(self):
        products = [self._product(f"P{n}", f"Product {n}") for n in range(3)]
        offers = [self.offer(product) for product in products]
        self.shop.stock_size = 1
        self.run_cron("ir_cron_stock")
        self.shop.stock_answers = [
            StockReply((StockOutcome(offers[0].id, True),)),
            Unavailable("The shop is down.", "Wait."),
        ]
        self.run_cron("ir_cron_stock_push")
        self.assertEqual([bool(offer.reported_state) for offer in offers], [True, False, False])
        self.assertEqual(self.task().attempts, 1)
        self.assertFalse(self.case("shop:stock"), "a passing trouble is nobody's work yet")

    def test_outage(self):
        """A shop that is down is one case after the third time; the others are told all the
        same.
        """
        self.offer(self.lamp)
        self.offer(self.lamp, self.other, sku="L-1")
        self.put(self.lamp, 5)
        down = Unavailable("The shop is down with s3cret.", "Wait.")

        def take(account, changes):
            if account.id == self.account.id:
                raise down
            return self.shop.take_stock(changes)

        with patch.object(self.registry["shop.account"], "_channel_report_stock", take):
            for attempt in range(1, 4):
                self.push()
                self.assertEqual(self.task().attempts, attempt)
                self.assertEqual(bool(self.case("shop:stock")), attempt == 3)
                self.task().next_try = False
        self.assertEqual(self.shop.stock, {"L-1": (5, "normal")})
        self.assertIn("down", self.account.stock_error)
        self.assertNotIn("s3cret", self.account.stock_error)
        self.push()
        self.assertFalse(self.case("shop:stock"))
        self.assertFalse(self.account.stock_error)

    def test_denied(self):
        """What no waiting mends is a case at once."""
        self.offer(self.lamp)
        self.shop.stock_answers = [AccessDenied("No right to write stock.", "Ask for it.")]
        self.push()
        self.assertIn("Ask for it", self.case("shop:stock").explanation)

    def test_throttled(self):
        """A shop that wants a rest gets it; that is no failure and no case."""
        listing = self.offer(self.lamp)
        self.shop.stock_answers = [Throttled("Slower.", retry_after=300)]
        self.push()
        task = self.task()
        self.assertEqual(task.attempts, 0)
        self.assertGreater(task.next_try, fields.Datetime.now() + timedelta(seconds=200))
        calls = len(self.shop.stock_calls)
        self.push()
        self.assertEqual(len(self.shop.stock_calls), calls, "not asked before the time")
        task.next_try = fields.Datetime.now()
        self.push()
        self.assertEqual(listing.reported_state, "normal")

    def test_refused(self):
        """A refused offer shows why and what to do; many are one case; mended it is told again."""
        lamp, tea = self.offer(self.lamp), self.offer(self.tea)
        refusal = {"ok": False, "text": "Unknown SKU.", "hint": "Create it."}
        self.shop.stock_answers = [
            StockReply((StockOutcome(lamp.id, **refusal), StockOutcome(tea.id, **refusal)))
        ]
        self.push()
        self.assertEqual(
            (lamp.state, lamp.last_error, lamp.hint), ("refused", *("Unknown SKU.", "Create it."))
        )
        case = self.case("shop:stock_refused")
        self.assertEqual(len(case), 1)
        self.assertIn("TEA: Unknown SKU. Create it.", case.explanation)
        self.push()
        self.assertEqual(len(self.shop.stock_calls), 1, "not repeated by itself")
        (lamp | tea).action_report_again()
        self.push()
        self.assertEqual((lamp.state, lamp.last_error), ("sold_out", False))
        self.assertFalse(self.case("shop:stock_refused"))

    def test_passing_trouble_of_one(self):
        """One offer that fails for the moment is put off alone."""
        lamp, tea = self.offer(self.lamp), self.offer(self.tea)
        self.shop.stock_answers = [
            StockReply(
                (
                    StockOutcome(lamp.id, False, "Busy.", passing=True),
                    StockOutcome(tea.id, True, extra={"offer": "9"}),
                )
            )
        ]
        self.push()
        self.assertEqual(tea.extra, {"offer": "9"})
        self.assertTrue(lamp.next_try)
        self.assertFalse(lamp.refused)
        lamp.next_try = False
        self.push()
        self.assertEqual(self.shop.stock["LAMP"], (0, "normal"))

    def test_no_answer_for_one(self):
        """An offer the shop says nothing about is neither told nor asked for without end."""
        lamp, tea = self.offer(self.lamp), self.offer(self.tea)
        self.shop.stock_answers = [StockReply((StockOutcome(tea.id, True),))]
        self.push()
        self.assertFalse(lamp.reported_state)
        self.assertTrue(lamp.next_try)
        self.assertEqual(tea.state, "sold_out")

    def test_job(self):
        """A shop that works on it is asked until it says what became of each."""
        lamp, tea = self.offer(self.lamp), self.offer(self.tea)
        self.put(self.lamp, 2)
        self.shop.stock_answers = [
            StockReply(job={"feed": "1"}, job_listings=(lamp.id, tea.id), wait=300)
        ]
        self.push()
        self.assertEqual((lamp.state, lamp.sent), ("sending", 2))
        self.put(self.lamp, -1)
        self.push()
        self.assertEqual(len(self.shop.stock_calls), 1, "not told again while it is worked on")
        self.env["shop.stock.job"].search([]).next_ask = fields.Datetime.now()
        self.shop.stock_answers = [
            StockReply((), {"feed": "1", "page": 2}, (lamp.id, tea.id), wait=0),
            StockReply((StockOutcome(lamp.id, True), StockOutcome(tea.id, False, "No."))),
        ]
        self.push()
        self.assertEqual(
            self.shop.told[-2:],
            [("job:stock", {"feed": "1"}), ("job:stock", {"feed": "1", "page": 2})],
        )
        self.assertEqual(tea.state, "refused")
        self.assertFalse(self.env["shop.stock.job"].search([]))
        self.assertEqual(self.shop.stock["LAMP"], (1, "normal"), "2 was told, 1 is true by now")
        self.assertEqual(lamp.reported, 1)

    def test_lost_job(self):
        """A job the shop never finishes is given up after a day: its figures are told again."""
        lamp = self.offer(self.lamp)
        job = self.env["shop.stock.job"].create(
            {"account_id": self.account.id, "job": {"feed": 1}, "next_ask": fields.Datetime.now()}
        )
        self.run_cron("ir_cron_stock")
        lamp.write({"job_id": job.id, "sent": 0, "sent_state": "normal"})
        job.flush_recordset()
        self.env.cr.execute(
            "UPDATE shop_stock_job SET create_date = create_date - INTERVAL '25 hours'"
        )
        job.invalidate_recordset()
        self.push()
        self.assertFalse(job.exists())
        self.assertFalse(lamp.job_id)
        self.assertTrue(lamp.pending)

    def test_not_live(self):
        """Nothing is told while the account is not live or does not report; it is only shown."""
        listing = self.offer(self.lamp)
        self.put(self.lamp, 5)
        self.account.report_stock = False
        self.push()
        self.assertEqual((listing.wanted, listing.state), (5, "differs"))
        self.account.write({"report_stock": True, "live": False})
        self.push()
        self.assertFalse(self.shop.stock_calls)
        self.account.live = True
        self.push()
        self.assertEqual(self.shop.stock, {"LAMP": (5, "normal")})

    def test_monitor(self):
        """Each run leaves one line for people."""
        self.offer(self.lamp)
        self.put(self.lamp, 5)
        self.push()
        message = self.env["shop.message"].search([("account_id", "=", self.account.id)])
        self.assertEqual((message.kind, message.state), ("stock", "sent"))
        self.assertIn("LAMP: 5", message.text)

    def test_settings_are_looked_at(self):
        """A changed setting changes what is shown, without any stock move."""
        self.offer(self.lamp)
        self.put(self.lamp, 30)
        self.push()
        self.account.stock_max = 10
        self.push()
        self.assertEqual(self.shop.stock["LAMP"], (10, "normal"))
