from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval


class AutomationCounter(models.Model):
    """A card of the overview: how many records fit a filter, one click away."""

    _name = "automation.counter"
    _description = "Overview counter"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    icon = fields.Char(default="fa-circle", help="Name of a Font Awesome 4 icon.")
    urgent = fields.Boolean(help="Shown in red while there is something.")
    action_id = fields.Many2one("ir.actions.act_window", required=True, ondelete="cascade")
    domain = fields.Char(required=True, default="[]")
    count = fields.Integer(compute="_compute_count")
    is_readable = fields.Boolean(
        string="May be read",
        compute="_compute_is_readable",
        search="_search_is_readable",
        help="Whether you have the right to see what is counted.",
    )
    hint = fields.Char(translate=True)

    @api.depends_context("uid")
    def _compute_is_readable(self):
        for counter in self:
            model = counter._get_counted()
            counter.is_readable = model is not None and model.has_access("read")

    def _search_is_readable(self, operator, value):
        if operator != "in":
            return NotImplemented
        fitting = self.search([]).filtered(lambda counter: counter.is_readable in value)
        return Domain("id", "in", fitting.ids)

    def _compute_count(self):
        for counter in self:
            found = counter._get_counted() if counter.is_readable else None
            counter.count = 0 if found is None else found.search_count(counter._get_domain())

    def _get_counted(self):
        """Return the model whose records are counted, None if it is not there."""
        # sudo: the action's definition is not readable for users, its records are counted with
        # their own rights
        return self.env.get(self.sudo().action_id.res_model)

    def _get_domain(self) -> Domain:
        return Domain(safe_eval(self.domain or "[]", {"uid": self.env.uid}))

    @api.constrains("domain", "action_id")
    def _check_domain(self):
        for counter in self:
            try:
                counter._get_domain().validate(self.env[counter.action_id.res_model])
            except Exception as error:
                raise ValidationError(
                    self.env._("The filter of %s is not valid.", counter.name)
                ) from error

    def action_open(self):
        self.ensure_one()
        # sudo: see _compute_count
        action = self.env["ir.actions.act_window"]._for_xml_id(
            self.sudo().action_id.get_external_id()[self.sudo().action_id.id]
        )
        return {
            **action,
            "name": self.name,
            "display_name": self.name,
            "domain": list(self._get_domain()),
            "context": {},
        }
