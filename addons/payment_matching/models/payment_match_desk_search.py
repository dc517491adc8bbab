"""Finding a document, or an earlier payment, by hand."""

from difflib import SequenceMatcher

from odoo import api, models
from odoo.fields import Domain

SHOWN = 20
LOOKED_AT = 60
INCOMING = ("out_invoice", "in_refund")
OUTGOING = ("in_invoice", "out_refund")
TOTALS = ("open", "total")


class PaymentMatchDesk(models.AbstractModel):
    _inherit = "payment.match.desk"

    @api.model
    def search_documents(self, line_id: int, text: str = "") -> list[dict]:
        """Return open documents for a payment, best first.

        Every word must be found in a number, a shop's number, a name, an e-mail or an amount.
        Without words: what the payer or the amount suggests.
        """
        self._check_clerk()
        line = self._lines([line_id])
        words = (text or "").split()[:6]
        documents = []
        if line.amount > 0:
            documents += self._search_orders(line, words)
        documents += self._search_invoices(line, words)
        sign = line._match_sign()
        rows = {
            record: {**self._document(record), "open": self._open_amount(record, sign)}
            for record in documents
        }
        ranked = sorted(
            rows, key=lambda record: (-self._fit(line, words, rows[record]), -record.id)
        )
        return [rows[record] for record in ranked[:SHOWN]]

    def _search_orders(self, line, words: list[str]):
        domain = Domain("company_id", "=", line.company_id.id)
        domain &= Domain("currency_id", "=", (line.foreign_currency_id or line.currency_id).id)
        domain &= Domain("state", "in", ("draft", "sent", "sale"))
        domain &= Domain("invoice_status", "!=", "invoiced") & Domain("amount_total", ">", 0)
        names = ("name", "client_order_ref", "reference")
        domain &= self._documents_domain(line, words, names, ("amount_total",))
        orders = self.env["sale.order"].search(domain, order="id desc", limit=LOOKED_AT)
        return orders.filtered(
            lambda order: order.currency_id.compare_amounts(self._open_amount(order, 1), 0) > 0
        )

    def _search_invoices(self, line, words: list[str]):
        domain = Domain("company_id", "=", line.company_id.id)
        domain &= Domain("currency_id", "=", (line.foreign_currency_id or line.currency_id).id)
        domain &= Domain("move_type", "in", INCOMING if line.amount > 0 else OUTGOING)
        domain &= Domain("state", "=", "posted")
        domain &= Domain("payment_state", "in", ("not_paid", "partial"))
        names = ("name", "ref", "payment_reference", "invoice_origin")
        amounts = ("amount_total", "amount_residual")
        domain &= self._documents_domain(line, words, names, amounts)
        return self.env["account.move"].search(domain, order="id desc", limit=LOOKED_AT)

    def _documents_domain(self, line, words, names, amounts) -> Domain:
        if words:
            return Domain.AND([self._document_domain(word, names, amounts) for word in words])
        hints = [Domain(name, "=", abs(line.amount)) for name in amounts]
        hints += [
            Domain("partner_id.complete_name", "ilike", word)
            for word in (line.partner_name or "").replace(",", " ").split()
            if len(word) > 3
        ][:4]
        if (
            partners := line.proposal_ids.order_ids.partner_id
            | line.proposal_ids.invoice_ids.partner_id
        ):
            hints.append(Domain("partner_id", "in", partners.ids))
        return Domain.OR(hints)

    def _document_domain(self, word: str, names, amounts) -> Domain:
        found = Domain.OR([Domain(name, "ilike", word) for name in names])
        found |= Domain("partner_id", "any", self._partner_domain(word))
        value = self._amount_of(word)
        if value is not None:
            for name in amounts:
                found |= self._amount_domain(name, value)
        return found

    def _partner_domain(self, word: str) -> Domain:
        return Domain.OR(
            [Domain(name, "ilike", word) for name in ("complete_name", "email", "ref")]
        )

    def _fit(self, line, words: list[str], row: dict) -> float:
        """Return how well a document answers the words, then how well it fits the payment."""
        score = 0.0
        numbers = [row["number"].lower(), row["shop"].lower()]
        for word in (word.lower() for word in words):
            if word in numbers:
                score += 10
            elif any(number.endswith(word) for number in numbers):
                score += 5
            elif any(self._same(line, self._amount_of(word), row[name]) for name in TOTALS):
                score += 4
        if self._same(line, abs(line.amount), row["open"]):
            score += 3
        payer = (line.partner_name or "").lower()
        return score + 2 * SequenceMatcher(None, payer, row["customer"].lower()).ratio()

    @staticmethod
    def _same(line, amount: float | None, other: float) -> bool:
        return amount is not None and line.currency_id.compare_amounts(amount, other) == 0

    @api.model
    def originals(self, line_id: int, text: str = "") -> list[dict]:
        """Return the confirmed payments that a returned or refunded one may be about."""
        self._check_clerk()
        line = self._lines([line_id])
        if not (text or "").strip():
            return self._rows(line._match_originals(limit=SHOWN))
        domain = self._base_domain(search=text) & Domain("match_state", "=", "matched")
        domain &= Domain("date", "<=", line.date) & Domain("id", "!=", line.id)
        domain &= Domain("amount", "<" if line.amount > 0 else ">", 0)
        return self._rows(line.search(domain, order="internal_index desc", limit=SHOWN))
