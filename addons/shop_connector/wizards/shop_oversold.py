"""What to do with an order whose goods are not there: the person's decision, with its mail."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.order_automation.lib import relay

from ..models.shop_cover import OVERSOLD
from ..models.shop_stock_explain import plain


class ShopOversold(models.TransientModel):
    _name = "shop.oversold"
    _description = "Decide about an order that is not in stock"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="order_id.company_id")
    missing = fields.Text(compute="_compute_missing")
    choice = fields.Selection(
        [
            ("postpone", "Deliver later"),
            ("warehouse", "Send from another warehouse"),
            ("cancel", "Cancel the order"),
        ],
        required=True,
        default="postpone",
    )
    date = fields.Date(
        "Can be delivered on",
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=14),
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", check_company=True, domain="[('company_id', '=', company_id)]"
    )
    warehouses = fields.Text("There in the warehouses", compute="_compute_missing")
    send_mail = fields.Boolean(
        "Write to the buyer", compute="_compute_mail", store=True, readonly=False
    )
    mail_refusal = fields.Char(compute="_compute_mail_refusal")
    subject = fields.Char(compute="_compute_mail", store=True, readonly=False)
    body = fields.Html(
        "Text", compute="_compute_mail", store=True, readonly=False, sanitize_style=True
    )

    # -- computed ----------------------------------------------------------

    @api.depends("order_id")
    def _compute_missing(self):
        for wizard in self:
            short = self.env["shop.stock"]._find_short(wizard.order_id).get(wizard.order_id, [])
            wizard.missing = "\n".join(
                self.env._(
                    "%(product)s: %(ordered)s ordered, %(there)s there",
                    product=product.display_name,
                    ordered=plain(ordered),
                    there=plain(there),
                )
                for product, ordered, there in short
            )
            products = self.env["product.product"].union(*(row[0] for row in short))
            wizard.warehouses = "\n".join(wizard._warehouse_lines(products)) or False

    def _warehouse_lines(self, products) -> list[str]:
        domain = [("company_id", "=", self.company_id.id)]
        lines = []
        for warehouse in self.env["stock.warehouse"].search(domain):
            there = products.with_context(warehouse_id=warehouse.id)
            figures = ", ".join(
                f"{product.display_name}: {product.free_qty:g}" for product in there
            )
            lines.append(f"{warehouse.name} – {figures}")
        return lines if products else []

    @api.depends("order_id")
    def _compute_mail_refusal(self):
        letter = relay.Letter(personal=True)
        for wizard in self:
            email = wizard.order_id.partner_id.email
            if not email:
                wizard.mail_refusal = self.env._("The buyer has no mail address.")
                continue
            wizard.mail_refusal = self.env["mail.mail"]._relay_refusal(email, letter) or False

    @api.depends("choice", "date", "order_id")
    def _compute_mail(self):
        for wizard in self:
            partner = wizard.order_id.partner_id
            speaking = wizard.with_context(lang=partner.lang or self.env.lang)
            wizard.send_mail = wizard.choice != "warehouse" and not wizard.mail_refusal
            wizard.subject, wizard.body = speaking._compose_mail()

    def _compose_mail(self) -> tuple[str, Markup]:
        order = self.order_id
        number = order.client_order_ref or order.name
        greeting = self.env._("Hello %s,", order.partner_id.name)
        if self.choice == "cancel":
            subject = self.env._("Your order %s cannot be delivered", number)
            text = self.env._(
                "an article of your order %s was sold out before we could take it from the shelf."
                " We are sorry: we have to cancel the order. What you have paid is returned.",
                number,
            )
        else:
            subject = self.env._("Your order %s will come later", number)
            day = format_date(self.env, self.date) if self.date else "…"
            text = self.env._(
                "an article of your order %(number)s is not in stock at the moment. We expect to"
                " send it on %(day)s. If you would rather not wait, just answer this mail and we"
                " cancel the order free of charge.",
                number=number,
                day=day,
            )
        close = self.env._("Kind regards")
        parts = (greeting, text, close, order.company_id.name)
        body = Markup("<p>%s</p><p>%s</p><p>%s<br/>%s</p>") % parts
        return subject, body

    # -- actions -----------------------------------------------------------

    def action_apply(self):
        """Do what was decided, write to the buyer and let the order go on."""
        self.ensure_one()
        self.order_id.check_access("write")
        getattr(self, f"_apply_{self.choice}")()
        if self.send_mail:
            self._write_to_buyer()
        return {"type": "ir.actions.act_window_close"}

    def _apply_cancel(self) -> None:
        order = self.order_id
        if order.state == "cancel":
            return
        # sudo: the reason told to the shop is written by the program
        order.sudo().shop_cancel_reason = "no_stock"
        order._action_cancel()
        self._close_case(self.env._("Cancelled."))

    def _apply_postpone(self) -> None:
        if not self.date:
            raise UserError(self.env._("Enter the date on which it can be delivered."))
        self.order_id.commitment_date = fields.Datetime.to_datetime(self.date)
        day = format_date(self.env, self.date)
        self._close_case(self.env._("Postponed to %s.", day), goes_on=True)

    def _apply_warehouse(self) -> None:
        if not self.warehouse_id:
            raise UserError(self.env._("Choose the warehouse that sends the goods."))
        self.order_id.warehouse_id = self.warehouse_id
        name = self.warehouse_id.name
        self._close_case(self.env._("Sent from %s.", name), goes_on=True)

    def _close_case(self, note: str, *, goes_on: bool = False) -> None:
        # sudo: who may decide about the order closes its case
        cases = self.env["automation.case"].sudo()
        open_ = cases.search(
            [
                ("res_model", "=", "sale.order"),
                ("res_id", "=", self.order_id.id),
                ("code", "=", OVERSOLD),
                ("state", "=", "open"),
            ]
        )
        open_.write({"resolution": note})
        if goes_on:
            open_.with_user(self.env.user).sudo().action_override()
        else:
            open_.with_user(self.env.user).sudo().action_resolve()
        self.env["automation.log"]._add([(self.order_id, "shop", note)])

    def _write_to_buyer(self) -> None:
        if self.mail_refusal:
            raise UserError(self.mail_refusal)
        self.order_id.message_post(
            body=self.body,
            subject=self.subject,
            partner_ids=self.order_id.partner_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
