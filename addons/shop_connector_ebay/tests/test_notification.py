import json
import logging
from datetime import timedelta
from unittest import SkipTest
from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..lib.notification import MAX_BODY, challenge_response
from ..models import shop_ebay_notification
from .common import DOCUMENTS, EbayCase


def compact(message):
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode()


@tagged("post_install", "-at_install")
class TestNotification(EbayCase, HttpCase):
    """eBay's messages about its users, over real HTTP and with real signatures."""

    def setUp(self):
        super().setUp()
        self.account.action_ebay_new_verification_token()
        self.path = f"/shop_connector_ebay/notification/{self.account.id}"
        self.inbox_of_messages = self.env["shop.ebay.notification"]

    def message(self, username, topic="MARKETPLACE_ACCOUNT_DELETION", **data):
        return compact(
            {
                "metadata": {"topic": topic, "schemaVersion": "1.0", "deprecated": False},
                "notification": {
                    "notificationId": "49feeaeb-4982-42d9-a377-9645b8479411",
                    "eventDate": "2026-11-19T20:43:59.462Z",
                    "data": {"username": username, "userId": "ma8vp1jySJC", **data},
                },
            }
        )

    def post(self, body, header=None, **headers):
        """Send a message as eBay does; return the status."""
        self.env.flush_all()
        sent = {"Content-Type": "application/json", **headers}
        sent["X-EBAY-SIGNATURE"] = self.shop.keys.header(body) if header is None else header
        status = self.url_open(self.path, data=body, headers=sent).status_code
        self.env.invalidate_all()
        return status

    def obey(self):
        """Check and obey as the cron does; return the messages."""
        self.env.flush_all()
        self.env.ref("shop_connector_ebay.ir_cron_notification").method_direct_trigger()
        self.env.invalidate_all()
        return self.inbox_of_messages.search([("account_id", "=", self.account.id)])

    def delivered(self, *kinds):
        """Import orders and let them leave; return them."""
        sales = self.imported(*kinds)
        sales.filtered(lambda sale: sale.state in ("draft", "sent")).action_confirm()
        for picking in sales.picking_ids:
            picking.move_ids.quantity = 1
            picking.move_ids.picked = True
            picking._action_done()
        return sales

    def user(self, sale):
        return self.shop.orders[sale.shop_order_id.external_id]["buyer"]["username"]

    # -- the challenge -----------------------------------------------------

    def test_challenge(self):
        answer = self.url_open(f"{self.path}?challenge_code=a1b2c3")
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.headers["Content-Type"].startswith("application/json"))
        token = self.account.ebay_verification_token
        self.assertRegex(token, r"^[A-Za-z0-9_-]{32,80}$")
        self.assertEqual(
            answer.json(),
            {
                "challengeResponse": challenge_response(
                    "a1b2c3", token, self.account.ebay_notification_url
                )
            },
        )
        self.assertTrue(self.account.ebay_notification_url.endswith(self.path))
        self.assertNotIn(token, answer.text)

    def test_no_challenge(self):
        """Other accounts, other channels, no token, no code, endless codes."""
        other = self.account.copy()
        for path in (
            self.path,
            f"{self.path}?challenge_code={'x' * 5000}",
            f"/shop_connector_ebay/notification/{other.id}?challenge_code=a",
            "/shop_connector_ebay/notification/999999?challenge_code=a",
        ):
            with self.subTest(path=path[:80]):
                self.assertEqual(self.url_open(path).status_code, 404)
        self.assertEqual(self.url_open("/shop_connector_ebay/notification/x").status_code, 404)

    # -- the vendor's own vectors ------------------------------------------

    def test_vendors_vectors(self):
        """Its valid message is obeyed, its forged ones are refused once the key is known."""
        if not DOCUMENTS.is_dir():
            raise SkipTest("not here: the vendor's documents")
        path = DOCUMENTS / "testvectors" / "event_notification_signature.json"
        cases = json.loads(path.read_text("utf-8"))
        valid = cases["VALID"]
        self.shop.keys.others[valid["public_key"]] = valid["response"]
        self.assertEqual(self.post(compact(valid["message"]), valid["signature"]), 200)
        found = self.obey()
        self.assertEqual((found.state, found.verified), ("done", True))
        self.assertEqual(found.topic, "MARKETPLACE_ACCOUNT_DELETION")
        for name in ("INVALID", "SIGNATURE_MISMATCH"):
            with self.subTest(case=name):
                case = cases[name]
                self.assertEqual(self.post(compact(case["message"]), case["signature"]), 412)
        self.assertEqual(self.obey(), found)
        self.assertEqual(self.post(compact(valid["message"]), valid["signature"]), 200)
        self.assertEqual(self.count(f"public_key/{valid['public_key']}"), 1, "kept for an hour")

    def test_forgery_before_the_key_is_known(self):
        """It is kept, found out by the check, and nobody is forgotten."""
        [sale] = self.delivered("plain")
        body = self.message(self.user(sale))
        header = self.shop.keys.header(body.replace(b"kaeufer", b"KAEUFER"))
        self.assertEqual(self.post(body, header), 200)
        found = self.obey()
        self.assertEqual(found.state, "refused")
        self.assertFalse(found.body or found.signature)
        self.assertTrue(sale.partner_id.street)
        self.assertEqual(self.post(body, header), 412, "the key is known by now")

    def test_not_ebays_at_all(self):
        for header in ("", "x", "e30=", "x" * 5000):
            self.assertEqual(self.post(b"{}", header), 412)
        self.assertFalse(self.obey())
        self.assertEqual(self.shop.requests["all"], 0, "strangers do not make us ask eBay")

    def test_too_large(self):
        body = b"x" * (MAX_BODY + 1)
        self.assertIn(self.post(body, "e30="), (412, 413))
        self.assertFalse(self.inbox_of_messages.search([]))

    def test_form_content(self):
        body = b"metadata=1"
        header = self.shop.keys.header(body)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        self.assertEqual(self.post(body, header, **kind), 412)

    def test_flood(self):
        """Strangers cannot fill the database: at some point eBay is asked to come again."""
        body = self.message("nobody")
        with patch.object(shop_ebay_notification, "MOST_WAITING", 2):
            self.assertEqual([self.post(body) for _time in range(3)], [200, 200, 503])
            self.obey()
            self.assertEqual(self.post(body), 200)
            # the key is older than an hour: eBay's own messages come in all the same
            self.inbox_of_messages.search([]).state = "new"
            self.account._memory_change(
                "keys", lambda known: {key: [0, *rest] for key, (_end, *rest) in known.items()}
            )
            self.assertEqual(self.post(body), 200)
            self.assertEqual(self.post(body, self.shop.keys.header(b"x")), 503)

    def test_invented_keys(self):
        """Strangers cannot make us ask eBay for keys without end."""
        body = self.message("nobody")
        with patch.object(shop_ebay_notification, "MOST_KEYS", 3):
            for number in range(5):
                with patch.object(self.shop.keys, "key_id", f"invented-{number}"):
                    header = self.shop.keys.header(body)
                self.assertEqual(self.post(body, header), 200)
            found = self.obey()
        self.assertEqual(self.count("public_key"), 3)
        self.assertEqual(sorted(found.mapped("state")), ["new"] * 2 + ["refused"] * 3)

    def test_unknown_key(self):
        """eBay has no such key: refused, and not asked for again for some minutes."""
        body = self.message("nobody")
        header = self.shop.keys.header(body)
        with patch.object(self.shop.keys, "key_id", "other"):
            self.assertEqual(self.post(body, header), 200)
            self.assertEqual(self.obey().state, "refused")
            self.assertEqual(self.post(body, header), 412)
        self.assertEqual(self.count("public_key"), 1)

    def test_ebay_down(self):
        """A key that cannot be fetched leaves the message waiting."""
        self.post(self.message("nobody"))
        fault = self.shop.fail("error", "public_key", times=9)
        found = self.obey()
        self.assertEqual(found.state, "new")
        self.assertTrue(found.next_try and found.body)
        fault.times = 0
        found.next_try = False
        self.assertEqual(self.obey().state, "done")

    # -- obeying -----------------------------------------------------------

    def test_buyer_is_forgotten(self):
        """The person goes from partner, raw data and notes; another buyer stays."""
        sale, other = self.delivered("note", "plain")
        shop_order, partner = sale.shop_order_id, sale.partner_id
        names = [partner.name, partner.street, partner.email, self.user(sale)]
        self.assertEqual(self.post(self.message(self.user(sale))), 200)
        found = self.obey()
        self.assertEqual(found.state, "done", found.last_error)
        self.assertIn("1", found.result)
        self.assertFalse(found.body)
        self.assertFalse(partner.active)
        self.assertFalse(partner.street or partner.email or partner.phone or partner.zip)
        self.assertFalse(shop_order.payload or sale.buyer_note)
        self.assertTrue(shop_order.forgotten)
        self.assertFalse(self.env["shop.customer"].search([("partner_id", "=", partner.id)]))
        self.assertTrue(other.partner_id.active and other.partner_id.street)
        self.assertTrue(other.shop_order_id.payload)
        self._assert_nowhere(found, shop_order, partner, names)

    def _assert_nowhere(self, found, shop_order, partner, names):
        whole = partner.with_context(active_test=False)
        records = (found, shop_order, partner, whole.child_ids, partner.message_ids)
        shown = " ".join(str(record.sudo().read()) for record in records)
        for name in names:
            self.assertNotIn(name, shown)

    def test_invoices_stay(self):
        """Name and address of who was invoiced stay; phone, mail and notes go."""
        [sale] = self.delivered("plain")
        sale.order_line.qty_delivered = 1
        invoice = sale._create_invoices()
        invoice.action_post()
        partner = sale.partner_id
        name, street = partner.name, partner.street
        self.post(self.message(self.user(sale)))
        self.assertEqual(self.obey().state, "done")
        self.assertEqual((partner.name, partner.street), (name, street))
        self.assertFalse(partner.active or partner.email or partner.phone)
        self.assertEqual(invoice.state, "posted")
        self.assertFalse(sale.shop_order_id.payload)

    def test_open_orders_are_delivered_first(self):
        [sale] = self.imported("plain")
        if sale.state in ("draft", "sent"):
            sale.action_confirm()
        self.post(self.message(self.user(sale)))
        found = self.obey()
        self.assertEqual(found.state, "waiting")
        self.assertTrue(sale.partner_id.street and sale.shop_order_id.payload)
        self.assertGreater(found.next_try, fields.Datetime.now() + timedelta(hours=20))
        sale.picking_ids.action_cancel()
        found.next_try = False
        self.assertEqual(self.obey().state, "done")
        self.assertFalse(sale.shop_order_id.payload)
        self.assertFalse(sale.partner_id.street)

    def test_customer_of_ours_elsewhere(self):
        """Who also buys elsewhere stays a customer; only what came from eBay goes."""
        [sale] = self.delivered("plain")
        partner = sale.partner_id
        self.env["sale.order"].create({"partner_id": partner.id})
        self.post(self.message(self.user(sale)))
        self.assertEqual(self.obey().state, "done")
        self.assertTrue(partner.active and partner.street)
        self.assertFalse(sale.shop_order_id.payload)
        self.assertFalse(self.env["shop.customer"].search([("partner_id", "=", partner.id)]))

    def test_never_bought_here(self):
        self.post(self.message("some_body%"))
        self.assertIn("never bought", self.obey().result)

    def test_ignored_orders_are_forgotten(self):
        """An order that never became a sale has its buyer's name in its raw data, too."""
        [order] = self.sell("cancelled")
        found = self.poll()
        self.assertTrue(found.payload)
        self.post(self.message(order["buyer"]["username"]))
        self.obey()
        self.assertFalse(found.payload)

    def test_twice(self):
        """eBay repeats its messages; the second finds nothing."""
        [sale] = self.delivered("plain")
        for _time in range(2):
            self.assertEqual(self.post(self.message(self.user(sale))), 200)
        self.assertEqual(self.obey().mapped("state"), ["done", "done"])

    def test_consent_withdrawn(self):
        """The account is looked at at once."""
        self.account.ebay_seller = "muster-shop"
        self.account.next_poll = fields.Datetime.now() + timedelta(hours=9)
        self.post(self.message("muster-shop", "AUTHORIZATION_REVOCATION"))
        self.assertEqual(self.obey().state, "done")
        self.assertLessEqual(self.account.next_poll, fields.Datetime.now())

    def test_unknown_topic(self):
        self.post(self.message("x", "SOMETHING_NEW"))
        self.assertEqual(self.obey().state, "done")

    def test_log_names_nobody(self):
        [sale] = self.delivered("plain")
        names = [sale.partner_id.name, self.user(sale), self.account.ebay_verification_token]
        with self.assertLogs(level=logging.DEBUG) as logs:
            self.post(self.message(self.user(sale)))
            self.obey()
        text = "\n".join(
            record.getMessage() for record in logs.records if record.name != "odoo.sql_db"
        )
        for name in names:
            self.assertNotIn(name, text)

    def test_old_messages_go(self):
        self.post(self.message("nobody"))
        found = self.obey()
        found.received = fields.Datetime.now() - timedelta(days=366)
        self.inbox_of_messages._gc_notifications()
        self.assertFalse(found.exists())
