from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.tests import tagged

from odoo.addons.automation_core.lib import errors

from ..lib.channel import CANCELLATIONS, PARTIAL_CANCELLATIONS
from ..lib.outbox import StopKind
from .message_case import NUMBER, MessageCase

BY_HAND = "shop:tell"


@tagged("post_install", "-at_install")
class TestMessageCancel(MessageCase):
    def cancellations(self, sale):
        return self.states(sale, "cancellation")

    def test_cancelled_by_staff(self):
        """The whole order, with the reason staff gave; before and after release."""
        sale = self.released()
        sale.shop_cancel_reason = "no_stock"
        sale._action_cancel()
        self.run_cron()
        [told] = self.told("cancellation")
        self.assertTrue(told.whole)
        self.assertEqual(told.items, (("1", Decimal(2)), ("2", Decimal(3))))
        self.assertEqual((told.reason, told.external_id), ("no_stock", "1001"))
        self.assertIn("Not in stock", self.messages(sale, "cancellation").text)
        draft = self.sale(self.payload("1002"))
        draft._action_cancel()
        self.run_cron()
        self.assertEqual(self.told("cancellation")[1].reason, "other")

    def test_shipping_is_no_article(self):
        """Only what was to be delivered is named, not shipping costs or discounts."""
        lines = [
            {"id": 1, "sku": "LAMP", "qty": 1, "total": "10.00", "tax": 19},
            {"id": "s", "kind": "shipping", "name": "DHL", "total": "5.00", "tax": 19},
        ]
        sale = self.sale(self.payload(total="15.00", lines=lines))
        sale._action_cancel()
        self.run_cron()
        self.assertEqual(self.told("cancellation")[0].items, (("1", Decimal(1)),))

    def test_cancelled_by_the_shop(self):
        """What the shop itself cancelled is not told to it."""
        sale = self.sale()
        self.receive(self.payload(state="cancelled"))
        self.assertEqual(sale.state, "cancel")
        self.assertFalse(self.cancellations(sale))
        released = self.released("1002")
        self.receive(self.payload("1002", state="cancelled"))
        released._action_cancel()
        self.assertFalse(self.cancellations(released))
        self.assertFalse(self.cases(released, BY_HAND))

    def test_shop_was_faster(self):
        sale = self.sale()
        sale._action_cancel()
        self.receive(self.payload(state="cancelled"))
        self.run_cron()
        self.assertFalse(self.told("cancellation"))
        self.assertEqual(self.cancellations(sale), ["cancelled"])

    def test_taken_up_again(self):
        sale = self.sale()
        sale._action_cancel()
        sale.action_draft()
        self.run_cron()
        self.assertFalse(self.told("cancellation"))
        self.assertEqual(self.cancellations(sale), ["cancelled"])

    def test_unpaid(self):
        """The system cancels what was never paid, and says so."""
        sale = self.sale(self.payload(payment="moneyorder", payment_state="open"))
        sale._automation_step_cancel()
        self.run_cron()
        self.assertEqual(self.told("cancellation")[0].reason, "unpaid")

    def test_channel_cannot(self):
        """Where the shop cannot be told a person is asked to do it, until the shop knows."""
        self.patch(self.shop, "words", self.shop.words - {CANCELLATIONS})
        sale = self.sale()
        sale._action_cancel()
        case = self.cases(sale, BY_HAND)
        self.assertIn("1001", case.name)
        self.assertFalse(case.blocking)
        self.assertFalse(self.cancellations(sale))
        self.receive(self.payload(state="cancelled"))
        self.assertEqual(case.state, "resolved")

    def test_not_wanted(self):
        self.account.report_cancellations = False
        sale = self.sale()
        sale._action_cancel()
        self.assertFalse(self.cancellations(sale))
        self.assertFalse(self.cases(sale, BY_HAND))

    def test_reduced(self):
        """Pieces that will not come are told, each once."""
        self.patch(self.shop, "words", self.shop.words | {PARTIAL_CANCELLATIONS})
        sale = self.released()
        tea = sale.order_line.filtered(lambda line: line.product_id == self.tea)
        tea.product_uom_qty = 1
        self.run_cron()
        [told] = self.told("cancellation")
        self.assertFalse(told.whole)
        self.assertEqual(told.items, (("2", Decimal(2)),))
        self.env["shop.message"].search([]).sent_date = fields.Datetime.now() + timedelta(minutes=1)
        tea.product_uom_qty = 0
        self.run_cron()
        self.assertEqual(self.told("cancellation")[1].items, (("2", Decimal(1)),))

    def test_reduced_and_followed(self):
        """The shop answers with an order that is smaller: nothing is left to tell."""
        self.patch(self.shop, "words", self.shop.words | {PARTIAL_CANCELLATIONS})
        sale = self.sale()
        sale.order_line.filtered(lambda line: line.product_id == self.tea).product_uom_qty = 1
        lines = self.payload()["lines"]
        lines[1] |= {"qty": 1, "total": "4.31"}
        self.receive(self.payload(lines=lines, total="44.29"))
        self.run_cron()
        self.assertFalse(self.told("cancellation"))

    def test_line_deleted(self):
        """What is deleted may have been replaced: a person is asked, the shop told nothing."""
        self.patch(self.shop, "words", self.shop.words | {PARTIAL_CANCELLATIONS})
        sale = self.sale()
        lamp, tea = sale.order_line
        tea.unlink()
        self.assertFalse(self.cancellations(sale))
        self.assertIn("part", self.cases(sale, BY_HAND).name)
        lamp.product_uom_qty = 1
        self.run_cron()
        self.assertEqual(self.told("cancellation")[0].items, (("1", Decimal(1)),))

    def test_unknown_article_replaced(self):
        """The stand-in of an unknown article goes without a question."""
        lines = [{"id": 7, "sku": "NOPE", "name": "Mystery", "total": "5.00", "tax": 19}]
        sale = self.sale(self.payload(total="5.00", lines=lines))
        sale.order_line.unlink()
        self.assertFalse(self.cases(sale, BY_HAND) or self.cancellations(sale))

    def test_increased(self):
        self.patch(self.shop, "words", self.shop.words | {PARTIAL_CANCELLATIONS})
        sale = self.sale()
        sale.order_line[0].product_uom_qty += 1
        self.assertFalse(self.cancellations(sale))

    def test_reduced_where_only_whole_orders_go(self):
        sale = self.sale()
        sale.order_line.filtered(lambda line: line.product_id == self.tea).product_uom_qty = 1
        self.assertIn("part", self.cases(sale, BY_HAND).name)
        self.assertFalse(self.cancellations(sale))

    def test_history(self):
        """What had left before it came here is not told, whatever happens to it."""
        sale = self.sale(self.payload(treatment="history"))
        self.assertFalse(self.messages(sale))
        other = self.sale(self.payload("1002", treatment="history", by_channel=True))
        (sale | other).filtered(lambda order: order.state != "cancel")._action_cancel()
        self.assertFalse(self.cancellations(sale | other))

    def test_partly_shipped_before(self):
        """What left before the import is not reported again with the rest."""
        sale = self.sale(self.payload(shipped=[[1, 1]]))
        if sale.state != "sale":
            sale.action_confirm()
        self.assertFalse(self.messages(sale))
        self.ship(sale, NUMBER)
        self.run_cron()
        [shipment] = self.told()
        self.assert_parcels(shipment, (1, NUMBER, {"1": 1, "2": 3}))
        self.assertTrue(shipment.complete)


@tagged("post_install", "-at_install")
class TestMessageInvoice(MessageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.report_invoices = True

    def invoiced(self, number="1001"):
        """Return an order with a posted invoice and the invoice."""
        sale = self.released(number)
        self.ship(sale, NUMBER)
        invoice = sale._create_invoices()
        invoice.action_post()
        return sale, invoice

    def file(self, moves):
        self.assertEqual(set(moves.mapped("filing_state")), {"due"})
        moves._automation_file_pdf()

    def test_filed(self):
        """The shop gets the filed document, once, with what it has to know about it."""
        sale, invoice = self.invoiced()
        self.assertFalse(self.states(sale, "invoice"), "only what is filed is handed over")
        self.file(invoice)
        self.run_cron()
        [told] = self.told("invoice")
        self.assertEqual(told.pdf, invoice.filed_attachment_id.raw)
        self.assertEqual((told.invoice_number, told.credit_note), (invoice.name, False))
        self.assertEqual((told.total, told.currency), (Decimal("52.90"), "EUR"))
        self.assertEqual(told.tax, Decimal(str(round(invoice.amount_tax, 2))))
        self.assertIn(invoice.name, self.messages(sale, "invoice").text)
        self.assertNotIn("pdf", repr(told))
        invoice._filing_succeeded()
        self.assertEqual(self.states(sale, "invoice"), ["sent"])

    def test_credit_note(self):
        sale, invoice = self.invoiced()
        self.file(invoice)
        refund = invoice._reverse_moves()
        refund.action_post()
        self.file(refund)
        self.run_cron()
        told = self.told("invoice")[1]
        self.assertTrue(told.credit_note)
        self.assertEqual(told.total, Decimal("52.90"))
        self.assertEqual(self.states(sale, "invoice"), ["sent", "sent"])

    def test_off(self):
        self.account.report_invoices = False
        sale, invoice = self.invoiced()
        self.file(invoice)
        self.assertFalse(self.states(sale, "invoice"))

    def test_shop_makes_them_itself(self):
        """It is switched off with the shop's words, and the shipment goes all the same."""
        sale, invoice = self.invoiced()
        self.file(invoice)
        stop = StopKind("Amazon generates the invoices itself.", "Nothing has to be done.")

        def take(_account, told):
            self.shop.told.append(("invoice", told))
            raise stop

        self.patch(self.registry["shop.account"], "_channel_report_invoice", take)
        self.run_cron()
        self.assertFalse(self.account.report_invoices)
        self.assertEqual(self.states(sale, "invoice"), ["cancelled"])
        self.assertEqual(self.states(sale), ["sent"])
        case = self.cases(self.account, "shop:stop:invoice")
        self.assertIn("Amazon generates", case.explanation)
        other, second = self.invoiced("1002")
        self.file(second)
        self.assertFalse(self.states(other, "invoice"))

    def test_replayed(self):
        """Switched on again, what was cancelled can be handed over after all."""
        sale, invoice = self.invoiced()
        self.file(invoice)
        message = self.messages(sale, "invoice")
        message.action_cancel()
        message.action_retry()
        self.run_cron()
        self.assertTrue(self.told("invoice")[0].again)
        self.assertEqual(message.state, "sent")

    def test_refused(self):
        sale, invoice = self.invoiced()
        self.file(invoice)

        def take(_account, _told):
            raise errors.Rejected("Too large.")

        self.patch(self.registry["shop.account"], "_channel_report_invoice", take)
        self.run_cron()
        self.assertIn("invoice", self.cases(sale, "shop:message:invoice").name)
        self.assertEqual(sale.shop_message_state, "failed")
