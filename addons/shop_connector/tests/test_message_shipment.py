from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.tests import tagged

from ..lib.outbox import Receipt
from .message_case import NUMBER, OTHER, MessageCase


@tagged("post_install", "-at_install")
class TestMessageShipment(MessageCase):
    def test_shipped(self):
        """What has left is told once, with carrier, number and the shop's own line ids."""
        sale = self.released()
        picking = self.ship(sale, NUMBER)
        self.assertEqual(self.states(sale), ["pending"])
        self.run_cron()
        [shipment] = self.told()
        self.assert_parcels(shipment, (1, NUMBER, {"1": 2, "2": 3}))
        [parcel] = shipment.parcels
        self.assertEqual((parcel.carrier, parcel.carrier_name), ("DHL", "DHL Paket"))
        self.assertEqual(shipment.external_id, "1001")
        self.assertEqual(parcel.items[0], ("1", Decimal(2)))
        self.assertTrue(shipment.complete and parcel.shipped_at.tzinfo)
        self.assertFalse(shipment.again)
        message = self.messages(sale)
        self.assertEqual((message.state, message.picking_id), ("sent", picking))
        self.assertIn(NUMBER, message.text)
        self.assertIn("2 × LAMP", message.text)
        self.assertEqual(sale.shop_message_state, "sent")
        self.assertIn("Shipment", sale.automation_log_ids.mapped("message")[0])
        self.run_cron()
        self.assertEqual(len(self.told()), 1, "a further run must find nothing")

    def test_own_order(self):
        """Orders that come from no shop cause no messages."""
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Anna"}).id,
                "order_line": [fields.Command.create({"product_id": self.lamp.id})],
            }
        )
        sale.action_confirm()
        self.ship(sale, NUMBER)
        self.assertFalse(self.messages(sale))

    def test_not_wanted(self):
        """Neither without the setting nor at a channel that takes none."""
        self.account.report_shipments = False
        sale = self.released()
        self.ship(sale, NUMBER)
        self.account.report_shipments = True
        self.patch(self.shop, "words", {"orders"})
        other = self.released("1002")
        self.ship(other, NUMBER)
        self.assertFalse(self.messages(sale | other))

    def test_switched_off_meanwhile(self):
        sale = self.released()
        self.ship(sale, NUMBER)
        self.account.report_shipments = False
        self.run_cron()
        self.assertFalse(self.told())
        self.assertEqual(self.states(sale), ["cancelled"])

    def test_partial(self):
        """The second half is told with the first, under numbers that stay."""
        sale = self.released()
        self.ship(sale, NUMBER, {self.lamp: 1, self.tea: 0})
        self.run_cron()
        self.ship(sale, OTHER)
        self.run_cron()
        first, second = self.told()
        self.assert_parcels(first, (1, NUMBER, {"1": 1}))
        self.assertFalse(first.complete)
        self.assert_parcels(second, (1, NUMBER, {"1": 1}), (2, OTHER, {"1": 1, "2": 3}))
        self.assertTrue(second.complete)
        self.assertTrue(second.again, "the shop knows a part: it has to be read first")
        self.assertEqual(self.states(sale), ["sent", "sent"])

    def test_second_delivery_before_the_first_was_told(self):
        """One message tells both."""
        sale = self.released()
        self.ship(sale, NUMBER, {self.lamp: 1, self.tea: 0})
        self.ship(sale, OTHER)
        self.run_cron()
        [shipment] = self.told()
        self.assertEqual(len(shipment.parcels), 2)
        self.assertEqual(self.states(sale), ["sent"])

    def test_delivery_while_the_first_is_being_told(self):
        """What leaves after the message was read gets a message of its own."""
        sale = self.released()
        self.ship(sale, NUMBER, {self.lamp: 1, self.tea: 0})
        message = self.messages(sale)
        message.state = "sending"
        self.ship(sale, OTHER)
        self.assertEqual(self.states(sale), ["sending", "pending"])

    def test_several_parcels(self):
        sale = self.released()
        self.ship(sale, f"{NUMBER},{OTHER}")
        self.run_cron()
        [shipment] = self.told()
        self.assert_parcels(shipment, (1, NUMBER, {"1": 2, "2": 1}), (2, OTHER, {"2": 2}))

    def test_number_corrected(self):
        """A wrong number is corrected under the same reference."""
        sale = self.released()
        picking = self.ship(sale, NUMBER)
        self.run_cron()
        picking.carrier_tracking_ref = OTHER
        self.run_cron()
        first, second = self.told()
        self.assert_parcels(first, (1, NUMBER, {"1": 2, "2": 3}))
        self.assert_parcels(second, (1, OTHER, {"1": 2, "2": 3}))
        picking.carrier_tracking_ref = OTHER
        self.assertEqual(len(self.messages(sale)), 2, "the same number again is no news")

    def test_number_later(self):
        """Without waiting it is told at once, and once more when the number comes."""
        sale = self.released()
        picking = self.ship(sale)
        self.run_cron()
        picking.carrier_tracking_ref = NUMBER
        self.run_cron()
        first, second = self.told()
        self.assert_parcels(first, (1, "", {"1": 2, "2": 3}))
        self.assert_parcels(second, (1, NUMBER, {"1": 2, "2": 3}))

    def test_wait_for_number(self):
        """An account may wait for the number, but not for ever."""
        self.account.tracking_wait_hours = 4
        sale, patient = self.released(), self.released("1002")
        picking = self.ship(sale)
        never = self.ship(patient)
        self.run_cron()
        self.assertFalse(self.told())
        message = self.messages(sale)
        self.assertEqual((message.state, message.attempts), ("pending", 0))
        self.assertEqual(message.next_try, picking.date_done + timedelta(hours=4))
        picking.carrier_tracking_ref = NUMBER
        self.run_cron()
        self.assert_parcels(*self.told(), (1, NUMBER, {"1": 2, "2": 3}))
        never.date_done = fields.Datetime.now() - timedelta(hours=5)
        self.wake()
        self.run_cron()
        self.assertEqual(self.states(patient), ["sent"])

    def test_line_of_our_own(self):
        """What staff added is none of the shop's business."""
        sale = self.released()
        sale.order_line = [
            fields.Command.create({"product_id": self.lamp.id, "product_uom_qty": 5})
        ]
        self.ship(sale, NUMBER)
        self.run_cron()
        self.assert_parcels(*self.told(), (1, NUMBER, {"1": 2, "2": 3}))

    def test_shop_already_knew(self):
        sale = self.released()
        self.ship(sale, NUMBER)
        self.shop.answers = [Receipt(known=True)]
        self.run_cron()
        message = self.messages(sale)
        self.assertEqual((message.state, message.answer), ("sent", "The shop knew it already."))

    # -- carriers ----------------------------------------------------------

    def test_carriers_of_a_new_account(self):
        self.assertEqual(
            self.account.carrier_ids.mapped(lambda row: (row.pattern, row.code)),
            [("*dhl*", "DHL"), ("*dpd*", "DPD-DE")],
        )

    def test_unknown_carrier(self):
        """It says what to do, and goes on by itself once that is done."""
        self.dhl.name = "Kurier Meyer"
        sale = self.released()
        self.ship(sale, NUMBER)
        self.run_cron()
        message = self.messages(sale)
        self.assertEqual(message.state, "failed")
        self.assertIn("Kurier Meyer", message.last_error)
        self.assertIn(self.account.name, message.hint)
        self.assertFalse(self.told())
        case = self.cases(sale, "shop:message:shipment")
        self.assertFalse(case.blocking)
        self.assertIn("Kurier Meyer", case.explanation)
        self.account.carrier_ids = [
            fields.Command.create({"carrier_id": self.dhl.id, "code": "Other"})
        ]
        self.assertEqual(message.state, "pending")
        self.run_cron()
        self.assertEqual(self.told()[0].parcels[0].carrier, "Other")
        self.assertEqual(case.state, "resolved")

    def test_no_carrier(self):
        sale = self.released()
        picking = self.ship(sale, NUMBER)
        picking.carrier_id = False
        self.run_cron()
        self.assertIn("no carrier", self.messages(sale).last_error)
        picking.carrier_id = self.dhl
        self.run_cron()
        self.assertEqual(self.told()[0].parcels[0].carrier, "DHL")
        self.assertEqual(self.states(sale), ["cancelled", "sent"])
        self.assertEqual(sale.shop_message_state, "sent")

    def test_no_number_at_all(self):
        """Pasted links and words are not sent as tracking numbers."""
        sale = self.released()
        self.ship(sale, "https://track.example/1234567890")
        self.run_cron()
        self.assertIn("link", self.messages(sale).last_error)
        self.assertFalse(self.told())

    def test_form_of_numbers(self):
        self.account.carrier_ids[0].tracking_format = "[0-9]{20}"
        sale, wrong = self.released(), self.released("1002")
        self.ship(sale, NUMBER)
        self.ship(wrong, NUMBER[:-1])
        self.run_cron()
        self.assertEqual(self.states(sale | wrong), ["sent", "failed"])

    def test_without_table(self):
        """A channel without codes gets the carrier's name and any number."""
        self.account.carrier_ids.unlink()
        sale = self.released()
        self.ship(sale, "Kühne 7")
        self.run_cron()
        [parcel] = self.told()[0].parcels
        self.assertEqual((parcel.carrier, parcel.carrier_name), ("", "DHL Paket"))
