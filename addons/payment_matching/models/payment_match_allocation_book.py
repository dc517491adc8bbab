"""What follows from a confirmed payment: the order's facts, learned payers, the chatter."""

from odoo import models
from odoo.tools import format_date

from .sale_order_case_book import OVER


class PaymentMatchAllocation(models.Model):
    _inherit = "payment.match.allocation"

    def _match_documents(self):
        """Return the orders and invoices behind these allocations."""
        return [*self.order_id, *self.invoice_id]

    def _match_orders(self):
        """Return the orders that these payments are about, also through an invoice."""
        return self.order_id | self.invoice_id.invoice_line_ids.sale_line_ids.order_id

    def _match_booked(self) -> None:
        """Let the orders know of the money, and learn who paid."""
        orders = self.filtered("order_id")
        orders._match_tell_orders()
        orders.order_id._match_assign_credits()
        orders.order_id._match_settle_cases()
        orders.order_id._match_raise_short()
        orders.order_id._match_raise_cancelled()
        self._match_raise_over()
        self._match_note()
        self.env["payment.match.payer"]._learn_many(self._match_payers())
        self._match_look_again()

    def _match_look_again(self) -> None:
        """Let the payments be proposed anew that are about the same documents."""
        lines = self.env["account.bank.statement.line"]
        lines._match_documents_changed(self.order_id, self.invoice_id)

    def _match_raise_over(self) -> None:
        """Tell of documents whose payment was more than was open, beyond the tolerance."""
        cases = {}
        for credit in self.filtered(lambda one: one.kind == "credit" and one.amount > 0):
            documents = credit.line_id.allocation_ids._booked()._match_documents()
            if not documents or not credit._match_is_over(documents[-1]):
                continue
            cases[documents[-1]] = {
                "record": documents[-1],
                "code": OVER,
                "blocking": False,
                "name": self.env._("Paid too much"),
                "explanation": self.env._(
                    "More came than was open. What is too much is the customer's credit: pay it"
                    " back or leave it for the next invoice."
                ),
                "seen": str(credit.id),
            }
        self.env["automation.case"]._raise(cases.values())

    def _match_is_over(self, document) -> bool:
        """Whether this credit is more than the policy tolerates."""
        tolerance = document._match_tolerance() if document._name == "sale.order" else 0.0
        return self.currency_id.compare_amounts(self.amount, tolerance) > 0

    def _match_payers(self) -> list[tuple]:
        """Return ``(payment, partner)`` where a customer's money came from the payer's account."""
        pairs = {
            (one.line_id, one.partner_id)
            for one in self
            if one.kind in ("order", "invoice") and one.partner_id
        }
        return sorted(pairs, key=lambda pair: (pair[0].id, pair[1].id))

    def _match_tell_orders(self) -> None:
        """Count the money and what is left off on the orders."""
        waiting = self
        for allocation in self:
            order = allocation.order_id
            told = allocation._match_told(order.payment_allocation_ids._booked() - waiting)
            waiting -= allocation
            allocation.told_amount = told
            order.prepaid_waived += allocation.discount + allocation.write_off
            order._match_register(allocation.amount - told, allocation._match_source())

    def _match_told(self, others) -> float:
        """Return how much of this money the shop or a person told the order of before; ``others``
        are the payments that came until now.
        """
        order = self.order_id
        told = order.currency_id.round(order.prepaid_amount - sum(others.mapped("amount")))
        return max(0.0, min(told, self.amount))

    def _match_source(self) -> str:
        """Say where the money came from, for people without accounting rights too."""
        line = self.line_id
        return self.env._(
            "%(journal)s, %(date)s: %(payer)s",
            journal=line.journal_id.name,
            date=format_date(self.env, line.date),
            payer=line.partner_name or line.partner_id.name or "–",
        )

    def _match_note(self) -> None:
        """Write one line into the chatter of each payment, order and invoice."""
        bodies = {"sale.order": {}, "account.move": {}}
        for allocation in self:
            text = allocation._match_sentence()
            if order := allocation.order_id:
                hint = allocation._match_sentence(plain=True)
                bodies["sale.order"].setdefault(order.id, []).append(hint)
            elif invoice := allocation.invoice_id:
                bodies["account.move"].setdefault(invoice.id, []).append(text)
            entry = bodies["account.move"].setdefault(allocation.line_id.move_id.id, [])
            entry.append(f"{allocation.display_name}: {text}")
        for model, texts in bodies.items():
            if texts:
                records = self.env[model].browse(texts)
                records._message_log_batch({key: "\n".join(text) for key, text in texts.items()})

    def _match_sentence(self, plain: bool = False) -> str:
        """Say what happened; ``plain``: without amount, for people without accounting rights."""
        if plain and self.undone:
            return self.env._("Payment taken back")
        if plain:
            day = format_date(self.env, self.line_id.date)
            return self.env._("Payment of %(date)s matched", date=day)
        amount = self.currency_id.format(self.amount)
        if self.undone:
            return self.env._("Payment taken back: %(amount)s", amount=amount)
        return self.env._(
            "Payment matched: %(amount)s of %(date)s",
            amount=amount,
            date=format_date(self.env, self.line_id.date),
        )
