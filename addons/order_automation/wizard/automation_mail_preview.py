from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib import blocks


class AutomationMailPreview(models.TransientModel):
    """How a mail would look for an order, and where each part of it comes from."""

    _name = "automation.mail.preview"
    _description = "Preview of a mail to the customer"

    order_id = fields.Many2one("sale.order", required=True)
    kind = fields.Selection(
        lambda self: self.env["automation.mail"]._fields["kind"]._description_selection(self.env),
        "Mail",
        required=True,
        default="receipt",
    )
    lang = fields.Selection(lambda self: self.env["res.lang"].get_installed(), "Language")
    subject = fields.Char(compute="_compute_preview")
    body = fields.Html("Mail", compute="_compute_preview", sanitize=False)
    error = fields.Text(compute="_compute_preview")
    recipient = fields.Char(compute="_compute_preview")
    refusal = fields.Char("Would not be sent", compute="_compute_preview")
    line_ids = fields.One2many(
        "automation.mail.preview.line", "preview_id", compute="_compute_line_ids"
    )

    @api.model
    def _action_open(self, kind: str = "receipt", order=None):
        order = (
            order
            or self.env["sale.order"].search(
                [("automation_policy_id", "!=", False)], limit=1, order="id desc"
            )
            or self.env["sale.order"].search([], limit=1, order="id desc")
        )
        if not order:
            raise UserError(self.env._("There is no order yet to show a mail for."))
        preview = self.create({"order_id": order.id, "kind": kind})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": self._name,
            "res_id": preview.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.depends("order_id", "kind", "lang")
    def _compute_preview(self):
        for preview in self:
            preview.update(
                {
                    "subject": False,
                    "body": False,
                    "error": False,
                    "recipient": False,
                    "refusal": False,
                }
            )
            if not preview.order_id:
                continue
            row = preview._get_mail()
            preview.recipient = row.email
            preview.refusal = row._get_refusal()
            try:
                content = row._render_kind(preview.kind)[row.id]
            except UserError as error:
                preview.error = str(error)
                continue
            preview.subject = content.subject
            preview.body = content.html

    @api.depends("order_id", "kind", "lang")
    def _compute_line_ids(self):
        lines = self.env["automation.mail.preview.line"]
        for preview in self:
            preview.line_ids = False
            if not preview.order_id:
                continue
            row = preview._get_mail()
            candidates = self.env["automation.mail.block"]._load(preview.kind)
            choices = [choice for choice, _lines in row._choose_blocks(candidates)]
            slots = [
                slot for slot, _label in self.env["automation.mail.block"]._fields["slot"].selection
            ]
            choices.sort(
                key=lambda choice: (choice.outcome != blocks.TAKEN, slots.index(choice.block.slot))
            )
            preview.line_ids = lines.union(
                *(
                    lines.new(preview._prepare_line(choice, number))
                    for number, choice in enumerate(choices)
                )
            )

    def _get_mail(self):
        """Return the mail as a record that is in no outbox."""
        order = self.order_id
        row = self.env["automation.mail"].new(
            {
                "kind": self.kind,
                "order_id": order.id,
                "picking_id": order.picking_ids.filtered(lambda one: one.state != "cancel")[:1].id
                if self.kind == "shipped"
                else False,
                "invoice_id": order.invoice_ids[:1].id if self.kind == "invoice" else False,
                "company_id": order.company_id.id,
            }
        )
        row.partner_id = row._get_recipient()
        row.email = row.partner_id.email
        return row.with_context(lang=self.lang or row._get_lang())

    def _prepare_line(self, choice: blocks.Choice, number: int) -> dict:
        return {
            "preview_id": self.id,
            "sequence": number,
            "block_id": choice.block.id,
            "taken": choice.outcome == blocks.TAKEN,
            "why": self._explain(choice),
        }

    def _explain(self, choice: blocks.Choice) -> str:
        block_model = self.env["automation.mail.block"]
        labels = {key: block_model._fields[name] for key, name in block_model._get_conditions()}
        conditions = ", ".join(
            labels[key]._description_string(self.env) for key in choice.conditions
        )
        if choice.outcome == blocks.NO_MATCH:
            return self.env._("Does not fit this order: %s", conditions)
        if choice.outcome == blocks.BEATEN:
            winner = block_model.sudo().browse(choice.beaten_by).name
            return self.env._("Replaced by the more specific block: %s", winner)
        if conditions:
            return self.env._("Fits this order: %s", conditions)
        return self.env._("Fits all orders")


class AutomationMailPreviewLine(models.TransientModel):
    _name = "automation.mail.preview.line"
    _description = "Block in the preview of a mail"
    _order = "sequence"

    preview_id = fields.Many2one("automation.mail.preview", required=True, ondelete="cascade")
    sequence = fields.Integer()
    block_id = fields.Many2one("automation.mail.block", "Block")
    slot = fields.Selection(related="block_id.slot")
    taken = fields.Boolean("Used")
    why = fields.Char("Why")
