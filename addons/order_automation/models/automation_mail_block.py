from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib import blocks

SLOTS = [
    ("subject", "Subject"),
    ("greeting", "Greeting"),
    ("intro", "Introduction"),
    ("body", "Main part"),
    ("product", "About a product"),
    ("closing", "Closing words"),
    ("signature", "Signature"),
    ("footer", "Foot of the mail"),
]


class AutomationMailBlock(models.Model):
    """A piece of text of the mails to customers, with the conditions under which it is used.

    Texts may contain fields of the mail (``object.order_name``) or, in the slot "About a
    product", of the order line. As in mail templates, anything beyond the fields listed as safe
    needs the right to edit mail templates.
    """

    _name = "automation.mail.block"
    _description = "Text block of customer mails"
    _inherit = ["mail.render.mixin"]
    _order = "sequence, id"
    _unrestricted_rendering = True

    name = fields.Char(required=True, translate=True)
    slot = fields.Selection(
        SLOTS, "Place in the mail", required=True, default="body", group_expand=True
    )
    sequence = fields.Integer(default=10, help="Order inside the slot.")
    key = fields.Char(
        "Stands for",
        help="Blocks with the same word here are alternatives: only the most specific one is used. "
        "An empty text in the most specific block leaves the text out.",
    )
    active = fields.Boolean(default=True)
    kind_ids = fields.Many2many("automation.mail.kind", string="Mails", help="Empty: all mails.")
    body = fields.Html(
        translate=True,
        sanitize="email_outgoing",
        render_engine="qweb",
        render_options={"post_process": True},
    )
    subject = fields.Char(translate=True)

    # Conditions; an empty one fits everything
    company_id = fields.Many2one("res.company", index=True, help="Empty: all companies.")
    product_tmpl_ids = fields.Many2many("product.template", string="Products")
    category_ids = fields.Many2many(
        "product.category", string="Product categories", help="Sub-categories are included."
    )
    payment_method_ids = fields.Many2many("automation.payment.method", string="Payment methods")
    team_ids = fields.Many2many("crm.team", string="Sales teams")
    country_ids = fields.Many2many("res.country", string="Delivery countries")
    lang_ids = fields.Many2many("res.lang", string="Languages")

    condition_text = fields.Char("Used for", compute="_compute_condition_text")

    @api.depends("slot")
    def _compute_render_model(self):
        for block in self:
            block.render_model = "sale.order.line" if block.slot == "product" else "automation.mail"

    @api.depends(lambda self: ["kind_ids.name"] + [name for _key, name in self._get_conditions()])
    def _compute_condition_text(self):
        for block in self:
            met = [
                ", ".join(block[name].mapped("display_name"))
                for _key, name in self._get_conditions()
            ]
            kinds = ", ".join(block.kind_ids.mapped("name")) or self.env._("All mails")
            block.condition_text = " · ".join([kinds, *filter(None, met)])

    @api.constrains("slot", "subject", "body")
    def _check_slot(self):
        for block in self:
            if block.slot == "subject" and not block.subject:
                raise ValidationError(self.env._("Block %s needs a subject.", block.name))

    # ------------------------------------------------------------------
    # Choice
    # ------------------------------------------------------------------

    @api.model
    def _get_conditions(self):
        """Return ``(condition, field)`` pairs, strongest first. Extended by add-ons."""
        return [
            ("product", "product_tmpl_ids"),
            ("category", "category_ids"),
            ("payment_method", "payment_method_ids"),
            ("team", "team_ids"),
            ("country", "country_ids"),
            ("language", "lang_ids"),
            ("company", "company_id"),
        ]

    @api.model
    def _load(self, kind: str) -> list[blocks.Block]:
        """Return the blocks of one kind of mail in the form :mod:`..lib.blocks` chooses from."""
        # sudo: a mail is made of all texts that fit the order, whoever looks at it
        records = self.sudo().search(["|", ("kind_ids", "=", False), ("kind_ids.code", "=", kind)])
        return [record._to_block() for record in records]

    def _to_block(self) -> blocks.Block:
        conditions = {
            key: frozenset(self[name].ids) for key, name in self._get_conditions() if self[name]
        }
        return blocks.Block(self.id, self.slot, self.key or "", self.sequence, conditions)

    def _render_text(self, res_ids: list) -> dict:
        """Return the text of this block for each mail (or order line) in the context's language."""
        self.ensure_one()
        if self.slot == "subject":
            return self._render_template(self.subject, self.render_model, res_ids)
        return self._render_template(
            self.body or "",
            self.render_model,
            res_ids,
            engine="qweb",
            options={"post_process": True},
        )

    def action_preview(self):
        """Show a mail that could use this block, with the newest order."""
        self.ensure_one()
        kind = self.kind_ids[:1].code or "receipt"
        return self.env["automation.mail.preview"]._action_open(kind=kind)
