from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.automation_core.lib import errors
from odoo.addons.shop_connector.lib.outbox import StockChange

from ..lib import const
from .common import AmazonCase

OURS = {"channel": "DEFAULT"}


@tagged("post_install", "-at_install")
class TestStock(AmazonCase):
    def change(self, number, sku, quantity=5, extra=None, **more):
        return StockChange(number, sku, quantity, extra=OURS if extra is None else extra, **more)

    def report(self, *changes, **more):
        return list(self.account._channel_report_stock(changes, **more))

    def outcomes(self, replies):
        return {row.listing_id: row for reply in replies for row in reply.outcomes}

    def quantities(self):
        return {sku: row.channels for sku, row in self.seller.listings.items()}

    def few(self):
        """Let two changes be many."""
        self.startPatcher(patch.object(const, "FEED_THRESHOLD", 1))

    def test_one_call_for_each_what_presses_first(self):
        self.offer("A", "B/ü 1,5", "C")
        replies = self.report(
            self.change(1, "A"),
            self.change(2, "B/ü 1,5", 0, urgent=True),
            self.change(3, "C", availability="soon"),
        )
        self.assertEqual([reply.outcomes[0].listing_id for reply in replies], [2, 1, 3])
        self.assertTrue(all(row.ok for row in self.outcomes(replies).values()))
        self.assertEqual(
            self.quantities(), {"A": {"DEFAULT": 5}, "B/ü 1,5": {"DEFAULT": 0}, "C": {"DEFAULT": 0}}
        )
        self.assertEqual(self.seller.listings["A"].lead_time, 2)  # merged, not replaced
        self.assertEqual(self.calls("searchListingsItems"), 0)

    def test_whoever_stores_an_article_is_found_out_before_its_first_quantity(self):
        self.offer("A", "A,B")
        self.offer("FBA", "F,BA", channel="AMAZON_EU")
        replies = self.report(
            *(
                self.change(number, sku, extra={})
                for number, sku in enumerate(("A", "FBA", "GONE", "A,B", "F,BA", "GO,NE"), 1)
            )
        )
        found = self.outcomes(replies)
        self.assertEqual({number for number, row in found.items() if row.ok}, {1, 4})
        self.assertEqual(found[1].extra, {"channel": "DEFAULT"})
        self.assertEqual(found[2].extra, {"channel": "AMAZON_EU"})
        self.assertIn("stores and sends", found[2].text)
        self.assertIn("no offer", found[3].text)
        self.assertEqual(self.seller.listings["FBA"].channels, {"AMAZON_EU": 3})
        self.assertEqual(self.seller.listings["F,BA"].channels, {"AMAZON_EU": 3})
        self.assertEqual(self.calls("searchListingsItems"), 1)

    def test_a_listing_that_amazon_stores_is_never_sent(self):
        self.offer("FBA", channel="AMAZON_EU")
        (reply,) = self.report(self.change(1, "FBA", extra={"channel": "AMAZON_EU"}))
        self.assertFalse(reply.outcomes[0].ok)
        self.assertEqual(self.seller.calls.total(), 0)

    def test_an_article_that_is_refused_does_not_stop_the_others(self):
        self.offer("A", "C")
        found = self.outcomes(
            self.report(self.change(1, "A"), self.change(2, "GONE"), self.change(3, "C"))
        )
        self.assertEqual([found[number].ok for number in (1, 2, 3)], [True, False, True])
        self.assertIn("Seller Central", found[2].hint)
        self.assertFalse(found[2].passing)

    def test_what_was_told_before_a_failure_is_kept(self):
        self.offer("A", "B", "C")
        self.seller.fail("error", "/items/", skip=1)
        replies = []
        changes = [self.change(1, "A"), self.change(2, "B"), self.change(3, "C")]
        with self.assertRaises(errors.Unavailable):
            for reply in self.account._channel_report_stock(changes):
                replies.append(reply)
        self.assertEqual(list(self.outcomes(replies)), [1])

    def test_half_an_answer_concerns_one_article(self):
        self.offer("A", "B")
        self.seller.fail("body", "/items/", payload=b'{"sku": "A"')
        found = self.outcomes(self.report(self.change(1, "A"), self.change(2, "B")))
        self.assertTrue(found[1].passing)
        self.assertFalse(found[1].ok)
        self.assertTrue(found[2].ok)

    def test_no_more_calls_than_the_bucket_allows(self):
        skus = [f"S{number:03d}" for number in range(60)]
        self.offer(*skus)
        self.report(*(self.change(number, sku) for number, sku in enumerate(skus)))
        self.assertEqual(self.calls("patchListingsItem"), 60)
        self.assertEqual(self.calls("patchListingsItem throttled"), 0)
        self.assertGreaterEqual(self.clock.slept, (60 - 5) / 5 - 0.1)

    def test_throttled_without_a_rate(self):
        self.offer("A", "B")
        self.seller.fail("throttle", "/items/")
        with self.assertRaises(errors.Throttled) as caught:
            self.report(self.change(1, "A"))
        self.assertGreater(caught.exception.retry_after, 0)
        self.assertTrue(self.report(self.change(1, "A"))[0].outcomes[0].ok)

    # -- files -------------------------------------------------------------

    def feed(self, *changes):
        self.few()
        replies = self.report(*changes)
        (job,) = [reply for reply in replies if reply.job]
        return [reply for reply in replies if not reply.job], job

    def finish(self, reply):
        asked = 0
        while reply.job:
            self.clock.sleep(reply.wait)
            reply = self.account._channel_ask_stock_job(dict(reply.job))
            asked += 1
            self.assertLess(asked, 10)
        return self.outcomes([reply])

    def test_many_go_as_one_file_what_presses_goes_alone_before(self):
        self.offer("A", "B", "C")
        singles, job = self.feed(
            self.change(1, "A"), self.change(2, "B", 7), self.change(3, "C", 0, urgent=True)
        )
        self.assertEqual(list(self.outcomes(singles)), [3])
        self.assertEqual(job.job_listings, (1, 2))
        self.assertEqual(self.seller.listings["C"].channels, {"DEFAULT": 0})
        found = self.finish(job)
        self.assertTrue(found[1].ok and found[2].ok)
        self.assertEqual(found[1].extra, OURS)
        self.assertEqual(self.quantities()["B"], {"DEFAULT": 7})
        self.assertEqual(self.seller.listings["A"].lead_time, 2)

    def test_a_refused_row_of_a_file(self):
        self.offer("A")
        _singles, job = self.feed(self.change(1, "A"), self.change(2, "GONE"))
        found = self.finish(job)
        self.assertTrue(found[1].ok)
        self.assertFalse(found[2].ok)
        self.assertTrue(found[2].text)

    def test_what_amazon_stores_is_in_no_file(self):
        self.offer("A", "B")
        self.offer("FBA", channel="AMAZON_EU")
        singles, job = self.feed(
            self.change(1, "A", extra={}), self.change(2, "FBA", extra={}), self.change(3, "B")
        )
        self.assertEqual(list(self.outcomes(singles)), [2])
        self.assertEqual(job.job_listings, (1, 3))
        self.finish(job)
        self.assertEqual(self.seller.listings["FBA"].channels, {"AMAZON_EU": 3})

    def test_a_job_is_plain_json_and_outlives_a_restart(self):
        self.offer("A", "B")
        _singles, job = self.feed(self.change(1, "A"), self.change(2, "B"))
        self.account._memory_change("stock", lambda _known: dict(job.job))
        kept = self.account._memory_get("stock")
        self.clock.sleep(600)
        self.account._channel_ask_stock_job(kept)
        reply = self.account._channel_ask_stock_job(kept)
        self.assertEqual(len(reply.outcomes), 2)


@tagged("post_install", "-at_install")
class TestListings(AmazonCase):
    def listings(self):
        cursor, found, pages = {}, [], 0
        while True:
            page = self.account._channel_fetch_listings(cursor)
            found += page.listings
            cursor, pages = dict(page.cursor), pages + 1
            self.assertLess(pages, 100)
            if not page.more:
                return found, pages

    def test_what_is_offered(self):
        self.offer("A", title="Ein Ding")
        self.offer("FBA", channel="AMAZON_EU")
        found = {row.sku: row for row in self.listings()[0]}
        self.assertEqual((found["A"].name, found["A"].quantity), ("Ein Ding", 3))
        self.assertFalse(found["A"].by_channel)
        self.assertTrue(found["FBA"].by_channel)
        self.assertIsNone(found["FBA"].quantity)
        self.assertEqual(found["A"].extra, OURS)

    def test_nothing_is_offered(self):
        self.assertEqual(self.listings(), ([], 1))

    def test_more_than_one_search_shows(self):
        """A search ends after 1,000 offers; the next one begins where it ended."""
        for number in range(2_450):
            self.offer(f"S{number:04d}", created=1_700_000_000.0 + number // 7)
        found, pages = self.listings()
        self.assertEqual(len({row.sku for row in found}), 2_450)
        self.assertLess(pages, 30)
        self.assertEqual(self.calls("searchListingsItems throttled"), 0)

    def test_a_thousand_of_one_second(self):
        for number in range(1_030):
            self.offer(f"S{number:04d}", created=1_700_000_000.0)
        self.offer("LATER", created=1_700_000_100.0)
        found, _pages = self.listings()
        self.assertIn("LATER", {row.sku for row in found})
        self.assertEqual(const.DEFAULT_CHANNEL, "DEFAULT")

    def test_rows_that_are_none(self):
        body = b'{"numberOfResults": 3, "items": [null, {"sku": 5}, {"sku": "A", "summaries": 3}]}'
        self.seller.fail("body", "/items/", payload=body)
        found, _pages = self.listings()
        self.assertEqual([row.sku for row in found], ["A"])


@tagged("post_install", "-at_install")
class TestStockFlow(AmazonCase):
    """From what is offered at Amazon to the figure that it shows."""

    def run_cron(self, name):
        self.env.flush_all()
        self.env["shop.stock.touch"]._write_touched()
        self.env.ref(f"shop_connector.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def listings(self):
        rows = self.env["shop.listing"].search([("account_id", "=", self.account.id)])
        return {row.sku: row for row in rows}

    def setUp(self):
        super().setUp()
        self.account.write({"report_stock": True, "stock_minutes": 0, "stock_minimum": 2})
        self.house = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)])[0]
        self.offer("ART-1001", "BUCH-7", "NOWHERE")
        self.offer("SET-3", channel="AMAZON_EU")
        self.account.action_fetch_listings()
        self.run_cron("ir_cron_listings")

    def put(self, sku, quantity):
        product = self.env["product.product"].search([("default_code", "=", sku)])
        location = self.house.lot_stock_id
        self.env["stock.quant"]._update_available_quantity(product, location, quantity)

    def push(self):
        self.run_cron("ir_cron_stock")
        self.run_cron("ir_cron_stock_push")

    def shown(self, sku):
        return self.seller.listings[sku].channels

    def test_matched_told_and_told_again(self):
        rows = self.listings()
        self.assertEqual(set(rows), {"ART-1001", "BUCH-7", "NOWHERE", "SET-3"})
        self.assertEqual(rows["ART-1001"].product_id.default_code, "ART-1001")
        self.assertFalse(rows["NOWHERE"].product_id)
        self.put("ART-1001", 7)
        self.put("SET-3", 7)
        self.push()
        self.assertEqual(self.shown("ART-1001"), {"DEFAULT": 7})
        self.assertEqual(self.shown("BUCH-7"), {"DEFAULT": 0})
        self.assertEqual(self.shown("SET-3"), {"AMAZON_EU": 3}, "what Amazon stores is its own")
        self.assertEqual(self.shown("NOWHERE"), {"DEFAULT": 3})
        calls = self.calls("patchListingsItem")
        self.push()
        self.assertEqual(self.calls("patchListingsItem"), calls, "nothing changed, nothing told")
        self.put("ART-1001", -6)
        self.push()
        self.assertEqual(self.shown("ART-1001"), {"DEFAULT": 1})
        self.assertEqual(self.calls("patchListingsItem"), calls + 1)

    def test_an_order_lowers_what_is_offered_and_pending_ones_do(self):
        self.put("ART-1001", 9)
        self.push()
        self.assertEqual(self.shown("ART-1001"), {"DEFAULT": 9})
        order = self.sell("pending")[0]
        item = order["orderItems"][0]
        item["product"]["sellerSku"], item["quantityOrdered"] = "ART-1001", 2
        order["orderItems"] = [item]
        self.poll()
        self.push()
        self.assertEqual(self.shown("ART-1001"), {"DEFAULT": 7})

    def test_many_go_as_a_file(self):
        self.startPatcher(patch.object(const, "FEED_THRESHOLD", 1))
        self.put("ART-1001", 50)
        self.put("BUCH-7", 60)
        self.push()
        self.assertEqual(self.calls("patchListingsItem"), 0)
        for _run in range(3):
            self.clock.sleep(90)
            self.env["shop.stock.job"].search([]).next_ask = "2026-01-01 00:00:00"
            self.run_cron("ir_cron_stock_push")
        self.assertEqual(self.shown("ART-1001"), {"DEFAULT": 50})
        self.assertEqual(self.shown("BUCH-7"), {"DEFAULT": 60})
        self.assertEqual(self.listings()["BUCH-7"].reported, 60)

    def test_amazon_is_away(self):
        self.put("ART-1001", 5)
        self.seller.fail("error", "/items/", times=10)
        self.push()
        self.seller.faults.clear()
        self.env["shop.stock.task"].search([]).next_try = False
        self.clock.sleep(600)
        self.push()
        self.assertEqual(self.shown("ART-1001"), {"DEFAULT": 5})
