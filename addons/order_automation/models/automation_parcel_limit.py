from odoo import api, fields, models

from ..lib.parcel import Limit


class AutomationParcelLimit(models.Model):
    """The largest parcel a kind of pick-up point takes."""

    _name = "automation.parcel.limit"
    _description = "Largest parcel at a pick-up point"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    place = fields.Selection(
        [("locker", "Locker"), ("outlet", "Post office or parcel shop")],
        required=True,
        default="locker",
        help="With several limits for one kind of place, an article has to fit one of them.",
    )
    max_length = fields.Float("Length (cm)", digits=(6, 1), help="0: no limit.")
    max_width = fields.Float("Width (cm)", digits=(6, 1), help="0: no limit.")
    max_height = fields.Float("Height (cm)", digits=(6, 1), help="0: no limit.")
    max_weight = fields.Float("Weight (kg)", digits=(6, 2), help="0: no limit.")

    _not_negative = models.Constraint(
        "CHECK(max_length >= 0 AND max_width >= 0 AND max_height >= 0 AND max_weight >= 0)",
        "Limits cannot be negative.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Orders held because of a size are looked at again."""
        limits = super().create(vals_list)
        self.env["automation.rule"]._recheck("pickup_size")
        return limits

    def write(self, vals):
        """Orders held because of a size are looked at again."""
        result = super().write(vals)
        self.env["automation.rule"]._recheck("pickup_size")
        return result

    def unlink(self):
        """Orders held because of a size are looked at again."""
        result = super().unlink()
        self.env["automation.rule"]._recheck("pickup_size")
        return result

    def _get_limit(self) -> Limit:
        """The limits as plain values."""
        self.ensure_one()
        return Limit(self.max_length, self.max_width, self.max_height, self.max_weight)

    def _get_size(self) -> str:
        """ "75 x 60 x 40 cm"."""
        edges = (
            f"{edge:g}" if edge else "…"
            for edge in (self.max_length, self.max_width, self.max_height)
        )
        return f"{' x '.join(edges)} cm"
