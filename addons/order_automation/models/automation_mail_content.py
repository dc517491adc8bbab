import base64
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from ..lib import epc_qr

TEXTS = (
    "customer_name",
    "order_name",
    "order_date_text",
    "amount_text",
    "due_text",
    "invoice_name",
    "invoice_date_text",
    "company_name",
    "payment_name",
)
PARTS = (
    "lines_part",
    "address_part",
    "bank_part",
    "parcels_part",
    "delivered_part",
    "imprint_part",
)


class AutomationMail(models.Model):
    """What the text blocks may say about an order: short texts, and ready-made parts such as
    tables.
    """

    _inherit = "automation.mail"

    customer_name = fields.Char(compute="_compute_customer_name")
    order_name = fields.Char("Order number", compute="_compute_order_texts")
    order_date_text = fields.Char("Order date", compute="_compute_order_texts")
    amount_text = fields.Char("Order total", compute="_compute_order_texts")
    payment_name = fields.Char("Payment method", compute="_compute_order_texts")
    due_text = fields.Char("Amount to pay", compute="_compute_order_texts")
    invoice_name = fields.Char("Invoice number", compute="_compute_invoice_texts")
    invoice_date_text = fields.Char("Invoice date", compute="_compute_invoice_texts")
    company_name = fields.Char(compute="_compute_company_name")

    lines_part = fields.Html("Table of order lines", compute="_compute_lines_part", sanitize=False)
    address_part = fields.Html("Delivery address", compute="_compute_address_part", sanitize=False)
    bank_part = fields.Html(
        "Bank details with QR code", compute="_compute_bank_part", sanitize=False
    )
    parcels_part = fields.Html(
        "Parcels with tracking links", compute="_compute_parcels_part", sanitize=False
    )
    delivered_part = fields.Html(
        "Table of what was sent", compute="_compute_delivered_part", sanitize=False
    )
    imprint_part = fields.Html(
        "Company's particulars", compute="_compute_imprint_part", sanitize=False
    )

    @api.model
    def mail_allowed_qweb_expressions(self):
        """Override of `mail`: what managers may use in blocks without the right to edit
        templates.
        """
        return tuple(f"object.{name}" for name in TEXTS + PARTS)

    # ------------------------------------------------------------------
    # Texts
    # ------------------------------------------------------------------

    @api.depends("order_id", "partner_id")
    def _compute_customer_name(self):
        for mail in self:
            partner = mail.partner_id or mail.order_id.partner_id
            mail.customer_name = " ".join((partner.name or "").split())[:80]

    @api.depends("order_id")
    @api.depends_context("lang")
    def _compute_order_texts(self):
        for mail in self:
            order = mail.order_id
            due = max(order.amount_total - order.prepaid_amount, 0.0)
            mail.order_name = order.client_order_ref or order.name
            mail.order_date_text = mail._format_date(order.date_order)
            mail.amount_text = mail._format_amount(order.amount_total)
            mail.due_text = mail._format_amount(due)
            mail.payment_name = order.automation_payment_method_id.name

    @api.depends("invoice_id")
    @api.depends_context("lang")
    def _compute_invoice_texts(self):
        for mail in self:
            mail.invoice_name = mail.invoice_id.name
            mail.invoice_date_text = mail._format_date(mail.invoice_id.invoice_date)

    @api.depends("company_id")
    def _compute_company_name(self):
        for mail in self:
            mail.company_name = mail.company_id.name

    def _format_date(self, date) -> str:
        return format_date(self.env, date, lang_code=self.env.lang) if date else ""

    def _format_amount(self, amount: float) -> str:
        currency = self.order_id.currency_id or self.company_id.currency_id
        return formatLang(self.env, amount, currency_obj=currency)

    def _format_quantity(self, quantity: float) -> str:
        return formatLang(self.env, quantity, digits=0 if float(quantity).is_integer() else 2)

    # ------------------------------------------------------------------
    # Parts
    # ------------------------------------------------------------------

    def _render_part(self, name: str, **values):
        values |= {
            "mail": self,
            "order": self.order_id,
            "money": self._format_amount,
            "quantity": self._format_quantity,
            "accent": self.company_id.email_secondary_color or "#1d4ed8",
        }
        return self.env["ir.qweb"]._render(f"order_automation.{name}", values)

    @api.depends("order_id")
    @api.depends_context("lang")
    def _compute_lines_part(self):
        for mail in self:
            lines = mail.order_id.order_line.filtered(lambda line: not line.display_type)
            mail.lines_part = mail._render_part("mail_part_lines", lines=lines)

    @api.depends("order_id")
    @api.depends_context("lang")
    def _compute_address_part(self):
        for mail in self:
            address = mail.order_id.partner_shipping_id
            shown = address._display_address() if address else ""
            lines = [line.strip() for line in shown.splitlines() if line.strip()]
            if address.name and address.name not in lines:
                lines.insert(0, address.name)
            mail.address_part = mail._render_part("mail_part_address", address_lines=lines)

    @api.depends("order_id")
    @api.depends_context("lang")
    def _compute_bank_part(self):
        for mail in self:
            bank = mail._get_bank()
            mail.bank_part = bool(bank) and mail._render_part(
                "mail_part_bank",
                bank=bank,
                holder=bank.acc_holder_name or mail.company_id.name,
                iban=mail._group_iban(bank.sanitized_acc_number),
                reference=mail._get_payment_reference(),
                qr_code=mail._get_qr_code(bank),
            )

    @api.depends("picking_id")
    @api.depends_context("lang")
    def _compute_parcels_part(self):
        for mail in self:
            parcels = mail.picking_id._get_parcels() if mail.picking_id else []
            mail.parcels_part = bool(parcels) and mail._render_part(
                "mail_part_parcels", parcels=parcels
            )

    @api.depends("picking_id")
    @api.depends_context("lang")
    def _compute_delivered_part(self):
        for mail in self:
            moves = mail.picking_id.move_ids.filtered(lambda move: move.quantity)
            mail.delivered_part = bool(moves) and mail._render_part(
                "mail_part_delivered", moves=moves
            )

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_imprint_part(self):
        for mail in self:
            company = mail.company_id
            lines = [line.strip() for line in company.partner_id._display_address().splitlines()]
            contacts = [company.email, company.phone, company.website]
            mail.imprint_part = mail._render_part(
                "mail_part_imprint",
                company=company,
                address_lines=list(filter(None, lines)),
                contacts=list(filter(None, contacts)),
            )

    # ------------------------------------------------------------------
    # Bank transfer
    # ------------------------------------------------------------------

    def _get_bank(self):
        """Return the account to pay to: the policy's, else the company's first one."""
        # sudo: the company's account is printed on every invoice
        chosen = self.order_id.automation_policy_id.sudo().mail_bank_id
        return chosen or self.company_id.partner_id.sudo().bank_ids[:1]

    def _get_payment_reference(self) -> str:
        """Return what the customer shall write on the transfer, so that the money finds its
        order.
        """
        return self.order_id.reference or self.order_id.name

    @api.model
    def _group_iban(self, number: str) -> str:
        if not epc_qr.is_iban(number or ""):
            return number
        return " ".join(number[start : start + 4] for start in range(0, len(number), 4))

    def _get_qr_code(self, bank) -> str | bool:
        """Return the picture of the EPC-QR code as data, or ``False`` where there can be none."""
        order = self.order_id
        if order.currency_id.name != "EUR":
            return False
        due = order.currency_id.round(order.amount_total - order.prepaid_amount)
        transfer = epc_qr.Transfer(
            name=bank.acc_holder_name or self.company_id.name,
            iban=bank.sanitized_acc_number or "",
            bic=bank.bank_bic or "",
            amount=Decimal(f"{due:.2f}"),
            reference=self._get_payment_reference(),
        )
        try:
            return f"data:image/png;base64,{base64.b64encode(epc_qr.png(transfer)).decode()}"
        except epc_qr.EpcError:
            return False
