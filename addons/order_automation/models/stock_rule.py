from odoo import api, models

from .engine_memo import memo_of


class StockRule(models.Model):
    _inherit = "stock.rule"

    @api.model
    def _search_rule_for_warehouses(
        self, route_ids, packaging_uom_id, product_id, warehouse_ids, domain
    ):
        """Override of `stock`: a batch looks for a product's rules once, not for every line."""

        def ask():
            return super(StockRule, self)._search_rule_for_warehouses(
                route_ids, packaging_uom_id, product_id, warehouse_ids, domain
            )

        if (memo := memo_of(self.env)) is None:
            return ask()
        places = [records.ids if records else () for records in (route_ids, packaging_uom_id)]
        where = (product_id.id, *map(tuple, places), tuple(warehouse_ids.ids), repr(domain))
        return memo.once(("rule", self.env.company.id, self.env.uid, *where), ask)
