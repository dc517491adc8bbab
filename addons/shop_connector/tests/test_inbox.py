import json
from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..lib.channel import RawOrder
from .common import ShopCase


@tagged("post_install", "-at_install")
class TestInbox(ShopCase):
    def test_import(self):
        """An order from the shop becomes a sales order that goes its way by itself."""
        self.account.order_prefix = "T-"
        record = self.receive(self.payload(note="Please ring"))
        sale = record.sale_order_id
        self.assertEqual((sale.name, sale.buyer_note), ("T-1001", "Please ring"))
        self.assertEqual((sale.shop_account_id, sale.automation_channel), (self.account, "test"))
        self.assertEqual(sale.date_order, fields.Datetime.to_datetime("2026-11-20 09:00:00"))
        self.assertTrue(sale.automation_policy_id)
        self.assertIn("Hauptstraße", json.loads(record.payload)["billing"]["street"])

    def test_same_again(self):
        """The same content twice changes nothing."""
        record = self.receive(self.payload())
        sale = record.sale_order_id
        sale.write({"note": "mine"})
        self.assertFalse(self.env["shop.order"]._store(self.account, [self.raw(self.payload())]))
        self.assertEqual(self.receive(self.payload()), record)
        self.assertEqual(record.sale_order_ids, sale)

    def test_twice_in_a_page(self):
        stored = self.env["shop.order"]._store(
            self.account, [self.raw(self.payload()), self.raw(self.payload())]
        )
        self.assertEqual(len(stored), 1)

    def test_no_second_sale(self):
        """The database itself refuses a second sales order for a shop order."""
        sale = self.sale()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation):
            sale.copy({"shop_order_id": sale.shop_order_id.id}).flush_recordset()

    def test_bad_among_good(self):
        """What cannot be understood is put aside with a sentence; its neighbours are imported."""
        bad = {
            "2": "<html>Shop is closed</html>",
            "3": json.dumps(self.payload("3", lines=[])),
            "4": json.dumps(
                self.payload("4", lines=[{"sku": "LAMP", "qty": -1, "total": "1", "tax": 19}])
            ),
            "5": json.dumps(
                self.payload("5", lines=[{"sku": "LAMP", "qty": 1, "total": "NaN", "tax": 19}])
            ),
            "6": json.dumps({"id": "6"}),
            "7": "",
        }
        records = self.receive(
            self.payload("1"),
            *(RawOrder(number, body) for number, body in bad.items()),
            self.payload("8"),
        )
        self.assertEqual(
            records.mapped("state"), ["imported"] + ["quarantined"] * len(bad) + ["imported"]
        )
        self.assertTrue(all(records[1:-1].mapped("last_error")))
        self.assertEqual(len(self.cases(records[2])), 1)
        self.assertIn("-1", records[3].last_error)

    def test_retry_after_mending(self):
        """Quarantined, mended in the shop, fetched again, imported."""
        record = self.receive(self.payload(lines=[]))
        self.shop.single["1001"] = self.raw(self.payload())
        self.assertTrue(record.action_retry(), "XML-RPC cannot answer with nothing")
        self.assertTrue(record.action_fetch_again())
        self.assertEqual(record.state, "new")
        record._interpret()
        self.assertEqual(record.state, "imported")
        self.assertFalse(record.last_error)

    def test_resolved_case_retries(self):
        """Whoever mends the cause and resolves the case need not press Retry as well."""
        record = self.receive(self.payload(lines=[]))
        self.cases(record).action_resolve()
        self.assertEqual(record.state, "new")

    def test_refused_by_the_shop(self):
        """An order the shop does not hand out waits in the inbox; Retry asks the shop again."""
        record = self.receive(
            RawOrder("1001", "", problem="The shop answered 500.", hint="Look there.")
        )
        self.assertEqual(
            (record.state, record.last_error), ("quarantined", "The shop answered 500.")
        )
        self.shop.single["1001"] = self.raw(self.payload())
        record.action_retry()
        record._interpret()
        self.assertEqual(record.state, "imported")

    def test_unknown_sku(self):
        """An article that is not found is no reason to lose the order."""
        lines = [{"sku": "NOPE", "name": "Mystery", "total": "5.00", "tax": 19}]
        sale = self.sale(self.payload(total="5.00", lines=lines))
        self.assertEqual(sale.order_line.product_id, self.account.unknown_product_id)
        self.assertEqual(sale.order_line.unknown_sku, "NOPE")
        self.assertEqual(sale.order_line.name, "Mystery")

    def test_barcode(self):
        self.tea.barcode = "4006381333931"
        lines = [{"sku": "4006381333931", "total": "5.00", "tax": 7}]
        self.assertEqual(
            self.sale(self.payload(total="5.00", lines=lines)).order_line.product_id, self.tea
        )

    def test_cancelled_before_import(self):
        record = self.receive(self.payload(state="cancelled"))
        self.assertEqual(record.state, "ignored")
        self.assertFalse(record.sale_order_ids)

    def test_huge_note_and_nul(self):
        """A NUL in the raw data and a very long note do no harm."""
        body = json.dumps(self.payload(note="x" * 2_000_000)).replace("Berlin", "Ber\\u0000lin")
        record = self.receive(RawOrder("1001", body), RawOrder("1002", "a\x00b"))
        self.assertEqual(record[0].state, "imported")
        self.assertEqual(record[0].sale_order_id.partner_id.city, "Berlin")
        self.assertEqual(record[1].state, "quarantined")

    def test_unexpected_failure(self):
        """A failure in the middle of writing is bisected down to its order, which is tried again
        later.
        """
        datas = [self.payload(str(number)) for number in range(1, 6)]
        records = self.receive(*datas, interpret=False)
        writer = self.registry["shop.writer"]
        prepare = writer._prepare_order_vals

        def failing(this, lookup, reading, people):
            if reading.order.external_id == "3":
                raise ZeroDivisionError("boom")
            return prepare(this, lookup, reading, people)

        with (
            patch.object(writer, "_prepare_order_vals", failing),
            mute_logger("odoo.addons.automation_core.models.automation_batch"),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("shop_connector.ir_cron_interpret").method_direct_trigger()
        records.invalidate_recordset()
        self.assertEqual(
            records.mapped("state"), ["imported", "imported", "new", "imported", "imported"]
        )
        self.assertIn("boom", records[2].last_error)
        self.assertGreater(records[2].next_try, fields.Datetime.now())
        records[2].action_retry()
        with self.enter_registry_test_mode():
            self.env.ref("shop_connector.ir_cron_interpret").method_direct_trigger()
        records.invalidate_recordset()
        self.assertEqual(records[2].state, "imported")

    def test_retention(self):
        """Raw data go when their time is up; what waits stays, and the same content does not come
        back.
        """
        old, waiting = (
            self.receive(self.payload("1")),
            self.receive(self.payload("2"), interpret=False),
        )
        (old | waiting).received = fields.Datetime.now() - timedelta(days=91)
        while self.env["shop.order"]._forget_some(self.account):
            pass
        self.assertFalse(old.payload)
        self.assertTrue(old.forgotten and waiting.payload)
        self.receive(self.payload("1"))
        self.assertFalse(old.payload)

    def test_viewer(self):
        record = self.receive(self.payload(note="<script>alert(1)</script>"))
        self.assertIn("<details", record.payload_html)
        self.assertNotIn("<script>", record.payload_html)

    def test_access(self):
        """A user sees the inbox and may retry; what is in it is not theirs to write."""
        user = new_test_user(
            self.env, "clerk", "base.group_user,automation_core.group_automation_user"
        )
        record = self.receive(self.payload(lines=[])).with_user(user)
        record.action_retry()
        self.assertEqual(record.state, "new")
        self.assertFalse(record.has_access("write"))
        self.assertFalse(self.account.with_user(user).has_access("write"))
