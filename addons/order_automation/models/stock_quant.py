from odoo import api, models

from .engine_memo import memo_of

GATHERED = "quants"
LOCKED = "locked quants"


class StockQuant(models.Model):
    """Reserving: a batch looks a product's quants up once and locks each of them once."""

    _inherit = "stock.quant"

    def _gather(
        self,
        product_id,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
        qty=0,
    ):
        """Override of `stock`: within a batch only new quants change which ones there are."""

        def ask():
            return super(StockQuant, self)._gather(
                product_id, location_id, lot_id, package_id, owner_id, strict, qty
            )

        memo, context = memo_of(self.env), self.env.context
        if memo is None or "quants_cache" in context or context.get("with_expiration"):
            return ask()
        given = [record.id if record else False for record in (lot_id, package_id, owner_id)]
        key = (product_id.id, location_id.id, *given, strict, self.env.company.id)
        known = memo.known(GATHERED)
        if key not in known:
            if self._get_removal_strategy(product_id, location_id) == "least_packages":
                return ask()
            known[key] = ask().ids
        return self.browse(known[key])

    def _forget_gathered(self) -> None:
        if memo := memo_of(self.env):
            memo.forget(GATHERED)

    @api.model_create_multi
    def create(self, vals_list):
        quants = super().create(vals_list)
        self._forget_gathered()
        return quants

    def unlink(self):
        result = super().unlink()
        self._forget_gathered()
        return result

    @api.model
    def _merge_quants(self):
        result = super()._merge_quants()
        self._forget_gathered()
        return result

    @api.private
    def try_lock_for_update(self, *, allow_referencing: bool = False, limit: int | None = None):
        """Override of `base`: a quant that this batch has locked is not locked again."""
        memo = memo_of(self.env)
        if memo is None or limit != 1 or not allow_referencing or not self:
            return super().try_lock_for_update(allow_referencing=allow_referencing, limit=limit)
        locked = memo.known(LOCKED)
        if self._ids[0] in locked:
            return self[0]
        found = super().try_lock_for_update(allow_referencing=True, limit=1)
        locked.update(dict.fromkeys(found.ids))
        return found

    @api.model
    def _update_reserved_quantity(self, *args, **kwargs):
        """Override of `stock`: the goods of lines created later are reserved already."""
        if self.env.context.get("automation_reserved"):
            return None
        return super()._update_reserved_quantity(*args, **kwargs)
