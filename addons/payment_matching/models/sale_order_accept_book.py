"""Orders that were paid too little: accepted by a person, or a mail to the customer."""

from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _match_accept_rest(self) -> None:
        """Take the order as paid; the rest is written off when the invoice is posted."""
        self.ensure_one()
        self.env["account.bank.statement.line"]._match_check_rights()
        rest, booked = self._match_missing(), self.payment_allocation_ids._booked()
        if self.currency_id.is_zero(rest):
            raise UserError(self.env._("The order is paid already."))
        if not booked:
            raise UserError(self.env._("No payment was matched with this order."))
        line = booked.sorted("id")[-1].line_id
        line._match_lock([self])
        approval = line._match_is_above_limit(rest)
        allocation = self.env["payment.match.allocation"].create(
            {
                "line_id": line.id,
                "kind": "order",
                "order_id": self.id,
                "partner_id": self._match_partner().id,
                "write_off": rest,
                "account_id": line.journal_id._match_difference_account(loss=True).id,
                "label": self.env._("Accepted as paid"),
                "state": "approval" if approval else "booked",
                "user_id": self.env.uid,
            }
        )
        if approval:
            line._match_raise_approval(allocation)
        else:
            allocation._match_booked()

    # ------------------------------------------------------------------
    # The mail
    # ------------------------------------------------------------------

    def _match_compose(self, question: str) -> dict:
        """Return the mail composer with the text about what is missing or too much."""
        lang = self.partner_id.lang or self.env.lang
        order = self.with_context(lang=lang)
        subject, body = getattr(order, f"_match_mail_{question}")()
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": "sale.order",
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": self.partner_id.ids,
                "default_subject": subject,
                "default_body": body,
                "default_email_layout_xmlid": "mail.mail_notification_light",
            },
        }

    def _match_mail_short(self) -> tuple[str, Markup]:
        number = self.client_order_ref or self.name
        mail = self.env["automation.mail"].new({"kind": "reminder", "order_id": self.id})
        mail.company_id = self.company_id
        text = self.env._(
            "thank you for your payment of %(paid)s for order %(number)s. The order is over"
            " %(total)s, so %(rest)s is still missing. Please transfer the rest; the goods are"
            " sent as soon as it has arrived.",
            paid=self.currency_id.format(self.prepaid_amount),
            number=number,
            total=self.currency_id.format(self.amount_total),
            rest=self.currency_id.format(self._match_missing()),
        )
        subject = self.env._("Your payment for order %s", number)
        return subject, self._match_mail_body(text, mail.bank_part or "")

    def _match_mail_over(self) -> tuple[str, Markup]:
        number = self.client_order_ref or self.name
        lines = self.payment_allocation_ids._booked().line_id
        extra = lines.allocation_ids._booked().filtered(lambda one: one.kind == "credit")
        text = self.env._(
            "thank you for your payment for order %(number)s. It was %(over)s more than the order"
            " comes to. Shall we pay that back, or keep it for your next order?",
            number=number,
            over=self.currency_id.format(sum(extra.mapped("amount"))),
        )
        return self.env._("Your payment for order %s", number), self._match_mail_body(text, "")

    def _match_mail_body(self, text: str, part: str) -> Markup:
        greeting = self.env._("Hello %s,", self.partner_id.name)
        close = self.env._("Kind regards")
        # the part with the bank details is made by a template and escaped there
        bank = Markup(part)  # noqa: S704
        body = Markup("<p>%s</p><p>%s</p>%s<p>%s<br/>%s</p>")
        return body % (greeting, text, bank, close, self.company_id.name)
