import psycopg2

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.account.models.mail_message import bypass_token
from odoo.addons.payment_matching.models.payment_match_target import Target


@tagged("post_install", "-at_install")
class TestTwoPeople(TransactionCase):
    """Real transactions beside each other, on rows that are committed and removed again."""

    def setUp(self):
        super().setUp()
        self.made = {}
        self.addCleanup(self._remove)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            if not env.company.chart_template:
                env["account.chart.template"].try_loading("generic_coa", env.company)
            partner = env["res.partner"].create({"name": "Two people"})
            product = env["product.product"].create({"name": "Service", "type": "service"})
            journal = env["account.journal"].create(
                {"name": "Two", "type": "bank", "code": "TWO9", "match_payments": True}
            )
            order = env["sale.order"].create(
                {
                    "partner_id": partner.id,
                    "order_line": [
                        Command.create({"product_id": product.id, "price_unit": 100, "tax_ids": []})
                    ],
                }
            )
            invoice = env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": fields.Date.today(),
                    "invoice_line_ids": [
                        Command.create({"name": "A", "price_unit": 100, "tax_ids": []})
                    ],
                }
            )
            invoice.action_post()
            lines = env["account.bank.statement.line"].create(
                [
                    {
                        "journal_id": journal.id,
                        "amount": 100,
                        "payment_ref": "two",
                        "match_state": "waiting",
                    }
                    for _number in range(2)
                ]
            )
            records = (lines, invoice, order, product, journal, partner)
            self.made = {record._name: record.ids for record in records}

    def _remove(self):
        with self.registry.cursor() as cr:
            context = {"force_delete": True, "bypass_audit": bypass_token}
            env = api.Environment(cr, SUPERUSER_ID, context)

            def made(name):
                return env[name].browse(self.made.get(name, ())).exists()

            lines, order = made("account.bank.statement.line"), made("sale.order")
            moves = lines.move_id | made("account.move")
            lines.allocation_ids.unlink()
            env["automation.case"].search([("res_model", "=", "sale.order")]).filtered(
                lambda case: case.order_id == order
            ).unlink()
            env["payment.match.payer"].search(
                [("partner_id", "in", made("res.partner").ids)]
            ).unlink()
            moves.line_ids.remove_move_reconcile()
            moves.unlink()
            order._action_cancel()
            order.unlink()
            for name in ("account.journal", "product.product", "res.partner"):
                made(name).unlink()

    def _mine(self, cr, number, document):
        env = api.Environment(cr, SUPERUSER_ID, {})
        line = env["account.bank.statement.line"].browse(
            self.made["account.bank.statement.line"][number]
        )
        return line, env[document].browse(self.made[document][0])

    def _race(self, numbers, document):
        """Two transactions that both began before the other's work confirm; the second has to
        repeat and then sees it.
        """
        with self.registry.cursor() as second:
            their_line, their_document = self._mine(second, numbers[1], document)
            self.assertTrue(their_line.payment_ref and their_document.name)
            with self.registry.cursor() as first:
                line, record = self._mine(first, numbers[0], document)
                line._match_confirm([Target(record)])
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.SerializationFailure),
            ):
                their_line._match_confirm([Target(their_document)])
            second.rollback()
            with self.assertRaises(UserError):
                their_line._match_confirm([Target(their_document)])
            second.rollback()

    def test_two_payments_for_one_order(self):
        self._race((0, 1), "sale.order")
        with self.registry.cursor() as cr:
            _line, order = self._mine(cr, 0, "sale.order")
            self.assertEqual(order.prepaid_amount, 100)

    def test_two_payments_for_one_invoice(self):
        self._race((0, 1), "account.move")

    def test_one_payment_confirmed_twice(self):
        self._race((0, 0), "account.move")
        with self.registry.cursor() as cr:
            line, invoice = self._mine(cr, 0, "account.move")
            self.assertEqual(len(line.allocation_ids), 1)
            self.assertEqual(invoice.payment_state, "paid")

    def test_payment_while_the_invoice_is_posted(self):
        """The invoice sees the money although both began at the same time, or is repeated."""
        with self.registry.cursor() as second:
            env = api.Environment(second, SUPERUSER_ID, {})
            order = env["sale.order"].browse(self.made["sale.order"])
            order.action_confirm()
            order.order_line.qty_delivered = 1
            invoice = order._create_invoices()
            self.made["account.move"].append(invoice.id)
            second.commit()
            invoice = env["account.move"].browse(invoice.id)
            self.assertTrue(invoice.state)
            with self.registry.cursor() as first:
                line, record = self._mine(first, 0, "sale.order")
                line._match_confirm([Target(record)])
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.SerializationFailure),
            ):
                invoice.action_post()
                second.flush()
            second.rollback()
            env["account.move"].browse(invoice.id).action_post()
            self.assertEqual(invoice.payment_state, "paid")
            second.rollback()

    def test_release_is_triggered_at_commit(self):
        """Confirming wakes the engine's cron with the same commit: the order goes at once."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            policy = env["automation.policy"].create(
                {"name": "Two", "payment_first": "always", "active": True}
            )
            line, order = self._mine(cr, 0, "sale.order")
            order._automation_start(policy)
            order.automation_checked = fields.Datetime.now()
            self.assertEqual(order.automation_state, "waiting_payment")
            cr.flush()
            cr.precommit.run()
            env["ir.cron.trigger"].search([]).unlink()
            line._match_confirm([Target(order)])
            cr.flush()
            cron = env.ref("order_automation.ir_cron_automation_orders")
            triggers = env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
            self.assertTrue(triggers)
            self.assertLessEqual(triggers[0].call_at, fields.Datetime.now())
            self.assertEqual((order.automation_state, order.automation_due), ("new", "release"))
            cr.rollback()
