"""Where stock changes, or what is promised of it: each change is only noted."""

from odoo import api, models


class StockQuant(models.Model):
    _inherit = "stock.quant"

    @api.model_create_multi
    def create(self, vals_list):
        quants = super().create(vals_list)
        self.env["shop.stock.touch"]._touch(products=quants.product_id._ids)
        return quants

    def write(self, vals):
        if not {"quantity", "reserved_quantity", "location_id"}.isdisjoint(vals):
            self.env["shop.stock.touch"]._touch(products=self.product_id._ids)
        return super().write(vals)

    def unlink(self):
        self.env["shop.stock.touch"]._touch(products=self.product_id._ids)
        return super().unlink()


class StockMove(models.Model):
    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        self.env["shop.stock.touch"]._touch(products=moves.product_id._ids)
        return moves

    def write(self, vals):
        if not {"state", "product_uom_qty", "product_id", "location_id"}.isdisjoint(vals):
            self.env["shop.stock.touch"]._touch(products=self.product_id._ids)
        return super().write(vals)

    def unlink(self):
        self.env["shop.stock.touch"]._touch(products=self.product_id._ids)
        return super().unlink()


class SaleOrder(models.Model):
    """Orders of shops count from the moment they are here, not only once they are reserved."""

    _inherit = "sale.order"

    _shop_open_idx = models.Index(
        "(id) WHERE shop_account_id IS NOT NULL AND state IN ('draft', 'sent')"
    )

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals or "warehouse_id" in vals:
            self.filtered("shop_account_id").order_line._touch_shops()
        return result


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered("order_id.shop_account_id")._touch_shops()
        return lines

    def write(self, vals):
        counts = "product_id" in vals or "product_uom_qty" in vals
        lines = self.filtered("order_id.shop_account_id") if counts else self.browse()
        lines._touch_shops()
        if product_id := vals.get("product_id"):
            lines._teach_listings(product_id)
        result = super().write(vals)
        lines._touch_shops()
        return result

    def _teach_listings(self, product_id: int) -> None:
        """A product that somebody chose for an unknown SKU counts for the next orders as well."""
        for line in self.filtered("unknown_sku"):
            # sudo: who corrects an order need not be allowed to edit the offers
            listings = self.env["shop.listing"].sudo()
            listings.search(
                [
                    ("account_id", "=", line.order_id.shop_account_id.id),
                    ("sku", "=", line.unknown_sku),
                    ("product_id", "=", False),
                ]
            ).product_id = product_id

    def unlink(self):
        self.filtered("order_id.shop_account_id")._touch_shops()
        return super().unlink()

    def _touch_shops(self) -> None:
        if self:
            self.env["shop.stock.touch"]._touch(products=self.product_id._ids)


class ProductProduct(models.Model):
    _inherit = "product.product"

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            self.env["shop.stock.touch"]._touch(products=self._ids)
        return result


class ShopReservation(models.Model):
    _inherit = "shop.reservation"

    @api.model_create_multi
    def create(self, vals_list):
        reservations = super().create(vals_list)
        self.env["shop.stock.touch"]._touch(products=reservations.product_id._ids)
        return reservations

    def unlink(self):
        self.env["shop.stock.touch"]._touch(products=self.product_id._ids)
        return super().unlink()
