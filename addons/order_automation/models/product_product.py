from odoo import fields, models

SIZE_FIELDS = frozenset({"parcel_length", "parcel_width", "parcel_height", "weight", "type"})


class ProductProduct(models.Model):
    """The edges of one packed piece."""

    _inherit = "product.product"

    parcel_length = fields.Float("Length (cm)", digits=(6, 1))
    parcel_width = fields.Float("Width (cm)", digits=(6, 1))
    parcel_height = fields.Float("Height (cm)", digits=(6, 1))

    _parcel_not_negative = models.Constraint(
        "CHECK(parcel_length >= 0 AND parcel_width >= 0 AND parcel_height >= 0)",
        "The edges of a parcel cannot be negative.",
    )

    def write(self, vals):
        """Orders held because of a size are looked at again."""
        result = super().write(vals)
        if SIZE_FIELDS & set(vals):
            self.env["automation.rule"]._recheck("pickup_size")
        return result

    def _get_parcel_size(self) -> str:
        """ "70 x 40 x 20 cm"; unknown edges as "?"."""
        self.ensure_one()
        edges = (self.parcel_length, self.parcel_width, self.parcel_height)
        return f"{' x '.join(f'{edge:g}' if edge else '?' for edge in edges)} cm"
