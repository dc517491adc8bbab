import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.automation_core.tests.common import LoopbackCase

from .common import ShopCase

VALID, WRONG = "ATU13585627", "ATU13585628"


class Vies:
    """A VIES that knows some ids and can be in trouble; it keeps what it was asked."""

    def __init__(self):
        self.asked, self.known, self.trouble = [], {VALID[2:]: "Alpen GmbH"}, None
        vies = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                vies.asked.append((self.path, body))
                status, answer = vies.answer(body)
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args):
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/rest-api"

    def answer(self, body):
        if self.trouble:
            return 200, {"actionSucceed": False, "errorWrappers": [{"error": self.trouble}]}
        name = self.known.get(body["vatNumber"])
        return 200, {
            "countryCode": body["countryCode"],
            "vatNumber": body["vatNumber"],
            "valid": bool(name),
            "requestIdentifier": "WAPI-1" if "requesterNumber" in body else "",
            "name": name or "---",
            "address": "Ring 1\n1010 Wien" if name else "---",
        }

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@tagged("post_install", "-at_install")
class TestVies(LoopbackCase, ShopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stock_up()
        cls.vies = Vies()
        cls.addClassCleanup(cls.vies.close)
        cls.env["ir.config_parameter"].set_param("shop_connector.vies_url", cls.vies.url)
        cls.company.vat = "DE136695976"
        cls.account.vies_check = True
        cls.account.policy_id = cls.env["automation.policy"].create({"name": "At once"})

    def order(self, number="1001", vat=VALID, **changes):
        billing = self.payload()["billing"] | {"country_code": "AT", "zip": "1010"}
        billing |= {"company": f"Alpen {number} GmbH"}
        customer = {"email": f"a{number}@alpen.example", "vat": vat}
        return self.payload(number, billing=billing, customer=customer, **changes)

    def ask(self):
        with self.enter_registry_test_mode():
            self.env.ref("shop_connector.ir_cron_vat").method_direct_trigger()
        self.env.invalidate_all()

    def test_valid(self):
        """Asked after the import, with our own id; the answer is filed where people look."""
        sale = self.sale(self.order())
        self.vies.asked.clear()
        check = sale.shop_vat_check_ids
        self.assertEqual((check.state, check.vat), ("pending", VALID))
        self.ask()
        [(path, body)] = self.vies.asked
        self.assertEqual(path, "/rest-api/check-vat-number")
        self.assertEqual(
            body,
            {
                "countryCode": "AT",
                "vatNumber": VALID[2:],
                "requesterMemberStateCode": "DE",
                "requesterNumber": "136695976",
            },
        )
        self.assertEqual((check.state, check.identifier), ("valid", "WAPI-1"))
        self.assertEqual((check.name, check.address), ("Alpen GmbH", "Ring 1, 1010 Wien"))
        self.assertTrue(check.answered)
        self.assertIn("WAPI-1", "".join(sale.partner_id.message_ids.mapped("body")))
        self.assertEqual(sale.partner_id.shop_vat_check_count, 1)
        self.assertFalse(self.cases(sale, "shop:vies"))

    def test_not_registered(self):
        """Right check digits, but registered nowhere: the order is held."""
        self.vies.known.pop(VALID[2:])
        sale = self.sale(self.order("1002"))
        self.ask()
        self.assertEqual(sale.shop_vat_check_ids.state, "invalid")
        self.assertTrue(self.cases(sale, "shop:vies").blocking)
        self.vies.known[VALID[2:]] = "Alpen GmbH"

    def test_trouble(self):
        """A VIES in trouble is asked again and stops no order."""
        self.vies.trouble = "MS_UNAVAILABLE"
        self.addCleanup(setattr, self.vies, "trouble", None)
        sale = self.sale(self.order("1003"))
        self.ask()
        check = sale.shop_vat_check_ids
        self.assertEqual((check.state, check.attempts), ("pending", 1))
        self.assertGreater(check.next_try, fields.Datetime.now())
        self.assertFalse(self.cases(sale))
        sale.action_automation_run()
        self.assertEqual(sale.state, "sale")
        for _attempt in range(7):
            check.next_try = False
            self.ask()
        self.assertEqual(check.state, "unknown")
        self.assertFalse(self.cases(sale))

    def test_busy_is_no_failure(self):
        self.vies.trouble = "MS_MAX_CONCURRENT_REQ"
        self.addCleanup(setattr, self.vies, "trouble", None)
        sale = self.sale(self.order("1004"))
        self.ask()
        check = sale.shop_vat_check_ids
        self.assertEqual((check.state, check.attempts), ("pending", 0))
        self.assertGreater(check.next_try, fields.Datetime.now())

    def test_nobody_answers(self):
        self.env["ir.config_parameter"].set_param(
            "shop_connector.vies_url", "http://127.0.0.1:9/rest-api"
        )
        sale = self.sale(self.order("1005"))
        self.ask()
        self.assertEqual(sale.shop_vat_check_ids.attempts, 1)

    def test_only_where_it_matters(self):
        """Not asked: a home company, an id with wrong check digits, an account that does not want
        it.
        """
        home = self.order("1006", vat="DE136695976")
        home["billing"]["country_code"] = "DE"
        wrong = self.order("1007", vat=WRONG)
        for record in self.receive(home, wrong):
            self.assertFalse(record.sale_order_id.shop_vat_check_ids)
        self.account.vies_check = False
        self.assertFalse(self.sale(self.order("1008")).shop_vat_check_ids)

    def test_asked_once_a_day(self):
        first = self.sale(self.order("1009"))
        self.ask()
        asked = len(self.vies.asked)
        second = self.sale(self.order("1010"))
        self.ask()
        self.assertEqual(len(self.vies.asked), asked)
        self.assertEqual(second.shop_vat_check_ids.identifier, "WAPI-1")
        self.assertEqual(second.shop_vat_check_ids.answered, first.shop_vat_check_ids.answered)

    def test_import_does_not_wait(self):
        """Core asks VIES while a customer is written; the import must not."""
        if "vat_check_vies" not in self.company._fields:
            self.skipTest("not here: base_vat")
        self.company.vat_check_vies = True
        self.account.vies_check = False
        core = "odoo.addons.base_vat.models.res_partner.check_vies"
        with patch(core, side_effect=AssertionError("asked while importing")):
            sale = self.sale(self.order("1011"))
        self.assertTrue(sale.partner_id.vies_valid, "counts until VIES says otherwise")
        self.assertEqual(sale.shop_vat_check_ids.state, "pending", "the company demands it")
        self.vies.known.pop(VALID[2:])
        self.ask()
        self.assertFalse(sale.partner_id.vies_valid)
        self.vies.known[VALID[2:]] = "Alpen GmbH"
