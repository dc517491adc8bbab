from odoo import api, fields, models

PARCEL_FIELDS = ("parcel_length", "parcel_width", "parcel_height")


class ProductTemplate(models.Model):
    """The edges of one packed piece: what carriers, lockers and labels ask for."""

    _inherit = "product.template"

    parcel_length = fields.Float(
        "Length (cm)",
        digits=(6, 1),
        compute="_compute_parcel_length",
        inverse="_inverse_parcel_length",
        store=True,
    )
    parcel_width = fields.Float(
        "Width (cm)",
        digits=(6, 1),
        compute="_compute_parcel_width",
        inverse="_inverse_parcel_width",
        store=True,
    )
    parcel_height = fields.Float(
        "Height (cm)",
        digits=(6, 1),
        compute="_compute_parcel_height",
        inverse="_inverse_parcel_height",
        store=True,
    )

    @api.depends("product_variant_ids.parcel_length")
    def _compute_parcel_length(self):
        self._compute_template_field_from_variant_field("parcel_length")

    def _inverse_parcel_length(self):
        self._set_product_variant_field("parcel_length")

    @api.depends("product_variant_ids.parcel_width")
    def _compute_parcel_width(self):
        self._compute_template_field_from_variant_field("parcel_width")

    def _inverse_parcel_width(self):
        self._set_product_variant_field("parcel_width")

    @api.depends("product_variant_ids.parcel_height")
    def _compute_parcel_height(self):
        self._compute_template_field_from_variant_field("parcel_height")

    def _inverse_parcel_height(self):
        self._set_product_variant_field("parcel_height")

    def _get_related_fields_variant_template(self):
        """Override of `product`: a new article's edges go to its variant."""
        return [*super()._get_related_fields_variant_template(), *PARCEL_FIELDS]
