"""A product's place in the shops."""

from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    shop_listing_count = fields.Integer(compute="_compute_shop_listing_count")
    shop_minimum_stock = fields.Float(
        "Minimum stock in shops",
        digits="Product Unit",
        help="With no more than this in stock every sale is told to all shops at once; with more, "
        "from time to time. 0: as the shop accounts say.",
    )

    def _compute_shop_listing_count(self):
        counts = self.env["shop.listing"]._count_by_product(self.product_variant_ids)
        for template in self:
            template.shop_listing_count = sum(
                counts.get(product, 0) for product in template.product_variant_ids
            )

    def write(self, vals):
        result = super().write(vals)
        if not {"shop_minimum_stock", "is_storable", "type"}.isdisjoint(vals):
            self.env["shop.stock.touch"]._touch(products=self.product_variant_ids._ids)
        return result

    def action_open_shop_listings(self):
        """Show where these products are offered, and what is shown there."""
        return self.product_variant_ids.action_open_shop_listings()


class ProductProduct(models.Model):
    _inherit = "product.product"

    shop_listing_count = fields.Integer(compute="_compute_shop_listing_count")

    def _compute_shop_listing_count(self):
        counts = self.env["shop.listing"]._count_by_product(self)
        for product in self:
            product.shop_listing_count = counts.get(product, 0)

    def action_open_shop_listings(self):
        """Show where these products are offered, and what is shown there."""
        action = self.env["ir.actions.act_window"]._for_xml_id("shop_connector.shop_listing_action")
        return {
            **action,
            "domain": [("product_id", "in", self.ids)],
            "context": {"default_product_id": self.id if len(self) == 1 else False},
        }
