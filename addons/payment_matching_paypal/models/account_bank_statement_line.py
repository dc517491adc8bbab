"""What PayPal tells again of payments, and of disputes about them."""

from odoo import api, models

from odoo.addons.payment_matching.models.payment_match_propose import OPEN

from ..lib.const import HELD, RELEASED

DISPUTE = "payment:dispute"


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _match_source(self):
        """Override of `payment_matching`."""
        # sudo: who looks at payments need not be allowed to see their files
        return "paypal" if self._is_paypal() else super()._match_source()

    def _is_paypal(self) -> bool:
        return self.sudo().payment_file_id.source_id.kind == "paypal"

    @api.model
    def _paypal_find(self, journal, numbers):
        """Return the payments with these ids of PayPal's."""
        return self.search(
            [
                ("journal_id", "=", journal.id),
                ("payment_bank_reference", "in", list(numbers)),
                ("payment_kind", "in", ("payment", "other")),
            ]
        )

    def _paypal_check_disputes(self) -> None:
        """Hold the orders of payments in dispute, and let go those that are not any more."""
        if not self:
            return
        held = self._paypal_held()
        disputed = self.filtered(lambda line: line._paypal_is_held(held))
        cases = self.env["automation.case"]
        cases._settle((self - disputed).allocation_ids._paypal_orders(), codes=[DISPUTE])
        cases._raise(
            order._paypal_dispute_case(line)
            for line in disputed
            for order in line.allocation_ids._booked()._paypal_orders()
            if order.state != "cancel"
        )

    def _paypal_held(self) -> dict[tuple, float]:
        """Return what is held of these payments, by journal and PayPal's id: minus is held."""
        groups = self._read_group(
            [
                ("journal_id", "in", self.journal_id.ids),
                ("payment_reference_id", "in", self.mapped("payment_bank_reference")),
                ("payment_code", "in", (HELD, RELEASED)),
            ],
            ["journal_id", "payment_reference_id"],
            ["amount:sum"],
        )
        return {(journal, number): amount for journal, number, amount in groups}

    def _paypal_is_held(self, held: dict[tuple, float]) -> bool:
        amount = held.get((self.journal_id, self.payment_bank_reference), 0.0)
        return self.currency_id.compare_amounts(amount, 0.0) < 0

    def _paypal_told_again(self, told) -> None:
        """Take over who paid (a webhook does not say it), and that it was taken back since."""
        if told.payer_account and not self.payer_account:
            self.write(
                {
                    "payer_account": told.payer_account,
                    "payer_email": told.payer_email,
                    "partner_name": told.payer_name,
                    "payment_raw": told.raw,
                }
            )
            if self.match_state in OPEN:
                self._match_again()
        if told.kind == "other" and self.match_state in ("waiting", *OPEN):
            self.write({"payment_kind": "other", "payment_reason": told.reason})
            self.proposal_ids.unlink()
            self._match_put("aside", told.reason, self.env["payment.match.proposal"])
