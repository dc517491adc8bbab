import random

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.payment_matching.models.payment_match_target import Target

from .common_book import BookCommon

SEEDS = (1, 2, 3, 4)
STEPS = 22


@tagged("post_install", "-at_install")
class TestAnyOrder(BookCommon):
    """Payments, undos, returns, refunds and invoices in any order: the books stay right."""

    def test_any_order(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self._play(random.Random(seed))

    def _play(self, chance):
        self.policy.payment_tolerance = chance.choice([0, 0.02])
        self.orders = self._create_prepaid(3, payment_term_id=chance.choice([False, self.term.id]))
        self.orders |= self._create_prepaid(1, quantity=2)
        self.lines_made = self.lines.browse()
        moves = [
            self._do_pay,
            self._do_pay,
            self._do_pay_invoice,
            self._do_undo,
            self._do_return,
            self._do_refund,
            self._do_ship,
            self._do_core_undo,
        ]
        for _step in range(STEPS):
            move = chance.choice(moves)
            try:
                with self.env.cr.savepoint():
                    move(chance)
                    self.env.flush_all()
            except UserError:
                # refused as a whole is right as well; nothing may be left of it
                self.lines_made = self.lines_made.exists()
            self._check(move.__name__)

    # -- what may happen ---------------------------------------------------

    def _make(self, amount):
        line = self._create_payment(amount, "x", date=self.today)
        self.lines_made |= line
        return line

    def _do_pay(self, chance):
        orders = self.orders.browse(chance.sample(self.orders.ids, chance.choice([1, 1, 2])))
        due = sum(max(order._match_open_amount(1), 0) for order in orders)
        amount = round(due * chance.choice([0.4, 1, 1, 1.1]) - chance.choice([0, 0, 0.01]), 2)
        discount = orders[0]._match_discount_allowed() if chance.random() < 0.3 else 0
        amount = round(amount - discount, 2)
        line = self._make(amount)
        line._match_confirm([Target(orders[0], discount=discount), *map(Target, orders[1:])])

    def _do_pay_invoice(self, chance):
        invoices = self.orders.invoice_ids.filtered(
            lambda move: move.payment_state in ("not_paid", "partial")
        )
        if invoices:
            invoice = chance.choice(invoices)
            line = self._make(round(invoice.amount_residual * chance.choice([0.5, 1, 1.2]), 2))
            line._match_confirm([Target(invoice)])

    def _booked_lines(self):
        return self.lines_made.filtered(lambda line: line.match_state == "matched")

    def _do_undo(self, chance):
        if lines := self._booked_lines():
            chance.choice(lines).action_match_undo()

    def _do_core_undo(self, chance):
        if lines := self._booked_lines():
            chance.choice(lines).action_undo_reconciliation()

    def _do_return(self, chance):
        if lines := self._booked_lines().filtered(lambda line: line.amount > 0):
            original = chance.choice(lines)
            share = chance.choice([0.5, 1, 1])
            self._make(-round(original.amount * share, 2))._match_return(original)

    def _do_refund(self, chance):
        order = chance.choice(self.orders)
        free = order._match_open_amount(-1)
        if free > 0:
            self._make(-round(free * chance.choice([0.5, 1]), 2))._match_confirm([Target(order)])

    def _do_ship(self, chance):
        order = chance.choice(self.orders)
        self._run(order)
        self._ship(order, chance.choice([None, 1]))
        self._run(order)

    # -- what must hold ----------------------------------------------------

    def _check(self, after):
        self.env.flush_all()
        self.env.invalidate_all()
        for line in self.lines_made:
            self.assertEqual(round(sum(line.move_id.line_ids.mapped("balance")), 2), 0, after)
            liquidity = line.move_id.line_ids.filtered(lambda one: one.account_id == self.bank)
            self.assertEqual(round(sum(liquidity.mapped("balance")), 2), line.amount, after)
            booked = line.allocation_ids._booked()
            _liquidity, suspense, _other = line._seek_for_lines()
            self.assertEqual(
                round(sum(booked.mapped("amount")) - sum(suspense.mapped("balance")), 2),
                line.amount,
                f"{after}: what is booked and what is open make up the payment",
            )
            self.assertEqual(line.is_reconciled, not suspense, after)
        for order in self.orders:
            self._check_order(order, after)

    def _check_order(self, order, after):
        booked = order.payment_allocation_ids._booked()
        self.assertEqual(round(sum(booked.mapped("amount")), 2), order.prepaid_amount, after)
        self.assertEqual(
            round(sum(booked.mapped("discount")) + sum(booked.mapped("write_off")), 2),
            round(order.prepaid_waived, 2),
            after,
        )
        self.assertGreaterEqual(order.prepaid_amount, 0, after)
        unused = -sum(booked.move_line_id.mapped("amount_residual"))
        invoices = order.invoice_ids
        due = sum(invoices.mapped("amount_residual"))
        self.assertFalse(
            round(unused, 2) > 0 and round(due, 2) > 0,
            f"{after}: {order.name} has {unused} unused and {due} due",
        )
        left_off = invoices._match_differences()._match_difference_amount() if invoices else 0
        self.assertLessEqual(
            round(left_off, 2), round(order.prepaid_waived + order._match_tolerance(), 2), after
        )
        paid = sum(invoices.payment_allocation_ids._booked().mapped("amount"))
        self.assertEqual(
            round(sum(invoices.mapped("amount_total")) - due, 2),
            round(order.prepaid_amount - unused + paid + left_off, 2),
            f"{after}: {order.name} is settled by what was matched and left off",
        )
