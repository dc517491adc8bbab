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
    body = fields.Html("Text", compute="_compute_preview", sanitize=False)
    error = fields.Text(compute="_compute_preview")
    recipient = fields.Char(compute="_compute_preview")
    refusal = fields.Char("Would not be sent", compute="_compute_preview")
    origin = fields.Html("Where the texts come from", compute="_compute_origin", sanitize=False)

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
    def _compute_origin(self):
        for preview in self:
            rows = preview._get_origins() if preview.order_id else []
            preview.origin = self.env["ir.qweb"]._render(
                "order_automation.mail_preview_origin", {"rows": rows}
            )

    def _get_origins(self) -> list[dict]:
        """Return each block that could have been used, the used ones first in their order."""
        block_model = self.env["automation.mail.block"]
        row = self._get_mail()
        choices = [choice for choice, _lines in row._choose_blocks(block_model._load(self.kind))]
        slots = dict(block_model._fields["slot"]._description_selection(self.env))
        places = list(slots)
        choices.sort(key=lambda one: (one.outcome != blocks.TAKEN, places.index(one.block.slot)))
        # sudo: the texts of a mail are no secret, see `_load`
        names = {block.id: block.name for block in block_model.sudo().search([])}
        return [
            {
                "id": choice.block.id,
                "place": slots[choice.block.slot],
                "name": names[choice.block.id],
                "taken": choice.outcome == blocks.TAKEN,
                "why": self._explain(choice, names),
            }
            for choice in choices
        ]

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
        row.partner_id = row._get_recipient(self.kind, order, row.invoice_id)
        row.email = row.partner_id.email
        return row.with_context(lang=self.lang or row._get_lang())

    def _explain(self, choice: blocks.Choice, names: dict[int, str]) -> str:
        block_model = self.env["automation.mail.block"]
        labels = {key: block_model._fields[name] for key, name in block_model._get_conditions()}
        conditions = ", ".join(
            labels[key]._description_string(self.env) for key in choice.conditions
        )
        if choice.outcome == blocks.NO_MATCH:
            return self.env._("Does not fit this order: %s", conditions)
        if choice.outcome == blocks.BEATEN:
            return self.env._("Replaced by the more specific block: %s", names[choice.beaten_by])
        if conditions:
            return self.env._("Fits this order: %s", conditions)
        return self.env._("Fits all orders")
