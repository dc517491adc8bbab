from odoo import fields, models


class AutomationMailKind(models.Model):
    """A mail the customer may get on an order's way; an add-on adds its own by a record."""

    _name = "automation.mail.kind"
    _description = "Kind of mail to the customer"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="The same code as in the mail's field `kind`.")
    sequence = fields.Integer(default=10)

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "There is already a kind of mail with this code."
    )
