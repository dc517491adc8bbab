"""The whole way, against a shop that answers over HTTP."""

import json
import threading
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from odoo.tests import tagged

from odoo.addons.automation_core.tests.common import LoopbackCase
from odoo.addons.shop_connector.lib import outbox
from odoo.addons.shop_connector.tests.common import ShopCase

TOKEN = "s3cret-token"
ORDER = {
    "number": "E-1",
    "ordered_at": "2026-11-20T10:00:00Z",
    "total": "52.90",
    "email": "anna@mueller.example",
    "payment": "paypal",
    "paid": True,
    "address": {
        "name": "Anna Müller",
        "street": "Hauptstraße 5",
        "zip": "10115",
        "city": "Berlin",
        "country": "DE",
    },
    "lines": [
        {"id": "1", "sku": "LAMP", "quantity": 2, "total": "39.98", "tax": 19},
        {"id": "2", "sku": "TEA", "quantity": 3, "total": "12.92", "tax": 7},
    ],
}


class _Shop(BaseHTTPRequestHandler):
    def log_message(self, *args):
        """Keep quiet."""

    def _serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        known = self.headers.get("Authorization") == f"Bearer {TOKEN}"
        answer = {"orders": self.server.orders, "version": 7, "more": False}
        if known and self.command == "PUT":
            self.server.told[self.path] = json.loads(body)
        content = json.dumps(answer).encode()
        self.send_response(200 if known else 401)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = _serve  # noqa: N815


@tagged("post_install", "-at_install")
class TestExample(LoopbackCase, ShopCase):
    @classmethod
    def _patch_channel(cls):
        """The channel itself is tested."""
        cls.shop = ThreadingHTTPServer(("127.0.0.1", 0), _Shop)
        cls.shop.orders, cls.shop.told = [ORDER], {}
        threading.Thread(target=cls.shop.serve_forever, args=(0.05,), daemon=True).start()
        cls.addClassCleanup(cls.shop.server_close)
        cls.addClassCleanup(cls.shop.shutdown)

    @classmethod
    def _account(cls, company, **vals):
        return cls.env["shop.account"].create(
            {
                "name": "Example",
                "channel": "example",
                "company_id": company.id,
                "live": True,
                "example_url": f"http://127.0.0.1:{cls.shop.server_address[1]}/api/",
                "example_token": TOKEN,
            }
        )

    def _poll(self):
        self.account.write({"next_poll": False, "next_try": False})
        with self.enter_registry_test_mode():
            self.env.ref("shop_connector.ir_cron_poll").method_direct_trigger()
            self.env.ref("shop_connector.ir_cron_interpret").method_direct_trigger()
        self.env.invalidate_all()
        return self.env["shop.order"].search([("account_id", "=", self.account.id)])

    def test_an_order_comes_in(self):
        order = self._poll()
        self.assertEqual((order.state, order.last_error), ("imported", False))
        self.assertEqual(order.sale_order_id.amount_total, 52.90)
        self.assertEqual(self.account.cursor, {"version": 7})
        self.assertEqual(self._poll(), order)

    def test_a_broken_order_is_put_aside_with_a_sentence(self):
        self.shop.orders = [{**ORDER, "number": "E-2", "total": "much"}]
        self.addCleanup(setattr, self.shop, "orders", [ORDER])
        order = self._poll()
        self.assertEqual(order.state, "quarantined")
        self.assertIn("total", order.last_error)

    def test_shipment_and_stock_go_back(self):
        moment = self.env.cr.now().astimezone()
        parcel = outbox.Parcel(1, (("1", Decimal(2)),), moment, "dhl", tracking="123")
        told = outbox.Shipment("E-1", "E-1", moment, (parcel,), complete=True)
        self.account._channel_report_shipment(told)
        changes = [outbox.StockChange(1, "LAMP", 5), outbox.StockChange(2, "TEA", 9, "soon")]
        replies = list(self.account._channel_report_stock(changes))
        self.assertEqual(len(replies[0].outcomes), 2)
        self.assertEqual(
            self.shop.told,
            {
                "/api/orders/E-1/parcels": [{"carrier": "dhl", "tracking": "123"}],
                "/api/stock": {"LAMP": 5, "TEA": 0},
            },
        )

    def test_the_check_speaks_plainly_and_keeps_the_token(self):
        self.account.action_check()
        self.assertIn("the token is right", self.account.check_result)
        self.account.example_token = "wrong-token"
        self.account.action_check()
        self.assertIn("does not accept the login", self.account.check_result)
        self.assertNotIn("wrong-token", self.account.check_result)
