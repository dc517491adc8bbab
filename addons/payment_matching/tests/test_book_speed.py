import logging
import time

from odoo.tests import tagged

from .common import BUYER_IBAN
from .common_book import BookCommon

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install")
class TestManyAtOnce(BookCommon):
    """One click on a hundred payments."""

    def _proposals(self, count):
        orders = self._create_orders(
            count, automation_payment_method_id=self.prepayment.id, start=True
        )
        orders.automation_checked = "2026-11-01"
        lines = self.lines.create(
            [
                {
                    "journal_id": self.journal.id,
                    "date": self.today,
                    "amount": 119,
                    "payment_ref": order.name,
                    "partner_name": "X",
                    "account_number": BUYER_IBAN,
                    "match_state": "likely",
                }
                for order in orders
            ]
        )
        proposals = self.env["payment.match.proposal"].create(
            [
                {"line_id": line.id, "rank": 1, "order_ids": order.ids}
                for line, order in zip(lines, orders, strict=True)
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return proposals, orders

    def _confirm(self, count):
        """Return the number of statements and the seconds for so many confirmations."""
        proposals, orders = self._proposals(count)
        before, start = self.env.cr.sql_log_count, time.perf_counter()
        result = proposals.action_confirm()
        self.env.flush_all()
        seconds = time.perf_counter() - start
        statements = self.env.cr.sql_log_count - before
        self.assertEqual(len(result["confirmed"]), count, result["failed"])
        self.assertTrue(all(order._is_paid() for order in orders))
        _logger.info("%s confirmations: %s statements, %.2f s", count, statements, seconds)
        return statements, seconds

    def test_cost_of_each_does_not_grow(self):
        self._confirm(2)
        few, _seconds = self._confirm(10)
        many, _seconds = self._confirm(40)
        # seven of this add-on and what it stands on, one of the others that may be installed
        self.assertLessEqual((many - few) / 30, 8, "statements of each further confirmation")

    def test_one_bad_among_many(self):
        proposals, orders = self._proposals(8)
        bad = proposals[5]
        self._create_payment(119, "x")._match_confirm(bad.line_id._match_targets_of(bad))
        result = proposals.action_confirm()
        self.assertEqual([one["line_id"] for one in result["failed"]], bad.line_id.ids)
        self.assertTrue(result["failed"][0]["reason"])
        self.assertEqual(len(result["confirmed"]), 7)
        self.assertTrue(all(order._is_paid() for order in orders))
        self.assertFalse(bad.line_id.is_reconciled)

    def test_two_payments_for_one_order_in_one_click(self):
        proposals, orders = self._proposals(2)
        proposals[1].order_ids = orders[0]
        result = proposals.action_confirm()
        self.assertEqual((len(result["confirmed"]), len(result["failed"])), (1, 1))
        self.assertEqual(orders[0].prepaid_amount, 119)
