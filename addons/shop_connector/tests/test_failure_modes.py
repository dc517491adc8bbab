"""Ways in which connectors are known to fail, tried on the inbox."""

import threading

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib.channel import OrderPage, RawOrder
from .common import ShopCase


@tagged("post_install", "-at_install")
class TestFailureModes(ShopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stock_up()

    def poll(self):
        self.account.write({"next_poll": False, "next_try": False})
        with self.enter_registry_test_mode():
            self.env.ref("shop_connector.ir_cron_poll").method_direct_trigger()
            self.env.ref("shop_connector.ir_cron_interpret").method_direct_trigger()
        self.env.invalidate_all()

    def orders(self):
        return self.env["shop.order"].search([("account_id", "=", self.account.id)])

    def test_1_page_comes_twice(self):
        """No. 1: the same page again, and the next one overlapping it: one order each."""
        first, second = self.raw(self.payload("1")), self.raw(self.payload("2"))
        self.shop.pages = [
            OrderPage((first,), {"page": 1}, more=True),
            OrderPage((first,), {"page": 2}, more=True),
            OrderPage((first, second), {"page": 3}),
        ]
        self.poll()
        self.assertEqual(len(self.orders()), 2)
        self.assertEqual(len(self.orders().sale_order_ids), 2)

    def test_2_slow_search_finds_what_was_missed(self):
        """No. 2: an order that never showed among the changes comes in, and the account says so."""
        self.shop.pages = [OrderPage((self.raw(self.payload("1")),), {"n": 1})]
        self.poll()
        self.assertFalse(self.account.last_sweep)
        known, missed = self.raw(self.payload("1")), self.raw(self.payload("2"))
        self.shop.pages = [OrderPage((known, missed), {"n": 2}, sweep=True)]
        self.poll()
        self.assertEqual(self.account.missed_count, 1)
        self.assertTrue(self.account.missed_date and self.account.last_sweep)
        self.assertEqual(len(self.orders().sale_order_ids), 2)
        self.account.action_check()
        self.assertIn("found 1 orders", self.account.check_result)
        self.shop.pages = [OrderPage((known, missed), {"n": 3}, sweep=True)]
        self.poll()
        self.assertEqual(self.account.missed_count, 1)
        self.shop.pages = [OrderPage((), {"n": 4}, missed=3)]
        self.poll()
        self.assertEqual(self.account.missed_count, 4)

    def test_7_pending_without_price(self):
        """No. 7: no order while a payment is pending, exactly one afterwards."""
        pending = self.payload(
            treatment="reserve", lines=[], total="0", billing={}, reservations=[[1, "LAMP", 2]]
        )
        self.shop.pages = [OrderPage((self.raw(pending),), {"n": 1})]
        self.poll()
        self.assertFalse(self.orders().sale_order_ids)
        for number in (2, 3):
            self.shop.pages = [OrderPage((self.raw(self.payload()),), {"n": number})]
            self.poll()
        self.assertEqual(len(self.orders().sale_order_ids), 1)
        self.assertEqual(self.orders().sale_order_ids.amount_total, 52.90)

    def test_9_without_personal_data(self):
        """No. 9: an order without name, street and mail comes in as a buyer of its own; nobody
        else's data are touched.
        """
        other = self.sale(self.payload("1"))
        before = other.partner_id.read(["name", "street", "email"])
        blank = {"zip": "10115", "city": "Berlin", "country_code": "DE"}
        first = self.sale(self.payload("2", billing=blank, customer={}))
        second = self.sale(self.payload("3", billing=blank, customer={}))
        self.assertEqual(len((other | first | second).partner_id), 3)
        self.assertIn("2", first.partner_id.name)
        self.assertEqual(other.partner_id.read(["name", "street", "email"]), before)

    def test_10_tax_zero(self):
        """No. 10: gross, net and a marketplace that pays the tax meet the total, or are held."""
        lines = [{"id": 1, "sku": "LAMP", "total": "100.00"}]
        self.lamp.taxes_id = self.account.tax_ids.filtered(lambda row: row.percent == 19).net_tax_id
        gross = self.sale(self.payload("1", total="100.00", lines=lines))
        net = self.sale(self.payload("2", total="119.00", lines=lines, gross=False))
        paid = self.sale(self.payload("3", total="100.00", lines=lines, tax_model="marketplace"))
        odd = self.sale(self.payload("4", total="110.00", lines=lines))
        self.assertEqual((gross | net | paid).mapped("amount_total"), [100.00, 119.00, 100.00])
        self.assertEqual(paid.amount_tax, 0.0)
        odd._automation_step_check()
        self.assertEqual(odd.automation_state, "held")

    def test_11_unknown_sku(self):
        """No. 11: an unknown article holds its order alone; once chosen, it goes on."""
        lines = [{"id": 1, "sku": "", "name": "Old offer", "total": "5.00", "tax": 19}]
        strange = self.payload("1", total="5.00", lines=lines)
        first, second = self.receive(strange, self.payload("2")).sale_order_ids
        (first | second)._automation_step_check()
        self.assertEqual(first.automation_state, "held")
        self.assertFalse(self.cases(second).filtered(lambda case: "Old offer" in case.name))
        first.order_line.product_id = self.lamp
        first._automation_step_check()
        self.assertFalse(self.cases(first).filtered(lambda case: "Old offer" in case.name))

    def test_12_one_bad_order(self):
        """No. 12: a faulty order in the middle of a page: the others come in, the cursor moves,
        and its case closes when the shop sends it right.
        """
        page = tuple(self.raw(self.payload(str(n))) for n in (1, 2))
        bad = RawOrder("bad", "<html>")
        self.shop.pages = [OrderPage((page[0], bad, page[1]), {"n": 7})]
        self.poll()
        self.assertEqual(self.account.cursor, {"n": 7})
        self.assertEqual(len(self.orders().sale_order_ids), 2)
        record = self.orders().filtered(lambda order: order.state == "quarantined")
        self.assertTrue(self.cases(record, "shop:quarantine"))
        mended = RawOrder("bad", self.raw(self.payload("bad")).body)
        self.shop.pages = [OrderPage((mended,), {"n": 8})]
        self.poll()
        self.assertEqual(record.state, "imported")
        self.assertFalse(self.cases(record))

    def test_13_cancelled_in_steps(self):
        """No. 13: the wish to cancel holds, a part cancelled lowers the quantity, the cancellation
        cancels once.
        """
        wish = [["test:wish", "The buyer wants to cancel", ""]]
        sale = self.sale(self.payload(treatment="hold", holds=wish))
        self.assertTrue(self.cases(sale, "test:wish").blocking)
        data = self.payload(total="32.91")
        data["lines"][0] |= {"qty": 1, "total": "19.99"}
        self.receive(data)
        self.assertFalse(self.cases(sale, "test:wish"))
        self.assertEqual(sale.order_line[0].product_uom_qty, 1.0)
        for again in ("once", "twice"):
            self.receive(data | {"state": "cancelled", "shop_internal": again})
            self.assertEqual(sale.state, "cancel")
        self.assertFalse(self.cases(sale))


@tagged("post_install", "-at_install")
class TestTwoWorkers(ShopCase):
    """Real transactions beside each other, on rows that are committed and removed again."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self._remove)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            template = env["shop.account"].create(
                {"name": "Worker 0", "channel": "test", "company_id": env.company.id}
            )
            accounts = template | template.copy({"name": "Worker 1"})
            accounts.live = True
            self.ids = accounts.ids

    def _remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            accounts = env["shop.account"].browse(self.ids)
            env["shop.order"].search([("account_id", "in", self.ids)]).sudo().unlink()
            accounts.unlink()

    def test_parallel_accounts(self):
        """While one worker waits for a slow shop the other one fetches the second account; an
        account is fetched by one worker at a time.
        """
        waiting, go_on = threading.Event(), threading.Event()
        seen = []

        def slow(cursor):
            seen.append(threading.current_thread().name)
            if threading.current_thread().name == "slow":
                waiting.set()
                go_on.wait(20)
            return OrderPage((), cursor)

        self.shop.fetch_orders = slow
        self.addCleanup(delattr, self.shop, "fetch_orders")
        worker = threading.Thread(target=self._fetch, args=(self.ids[:1],), name="slow")
        worker.start()
        self.assertTrue(waiting.wait(20), "the slow worker never came to its shop")
        fast = threading.Thread(target=self._fetch, args=(self.ids,), name="fast")
        fast.start()
        fast.join(20)
        self.assertFalse(fast.is_alive(), "the fast worker waits for the slow shop")
        go_on.set()
        worker.join(20)
        self.assertEqual(seen, ["slow", "fast"])

    def _fetch(self, ids):
        """What the cron does for these accounts, in transactions of its own."""
        for account_id in ids:
            with self.registry.cursor() as cr:
                account = api.Environment(cr, SUPERUSER_ID, {})["shop.account"].browse(account_id)
                taken = account._take_lease()
            if taken:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    account = env["shop.account"].browse(account_id)
                    account._poll_pages()
                    account._poll_done(more=False)

    def test_one_page_by_two(self):
        """No. 1: two workers store the same page at the same time: one order, one of them gives
        way.
        """
        raw = RawOrder("1", "{}")
        with self.registry.cursor() as second:
            theirs = api.Environment(second, SUPERUSER_ID, {})["shop.account"].browse(self.ids[0])
            # its view of the database begins before the other one's work
            self.assertTrue(theirs.name)
            with self.registry.cursor() as first:
                ours = api.Environment(first, SUPERUSER_ID, {})["shop.account"].browse(self.ids[0])
                ours.env["shop.order"]._store(ours, [raw])
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.UniqueViolation),
            ):
                theirs.env["shop.order"]._store(theirs, [raw])
                theirs.env.flush_all()
            second.rollback()
            self.assertFalse(theirs.env["shop.order"]._store(theirs, [raw]), "known by now")
