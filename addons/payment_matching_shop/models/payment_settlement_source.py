from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.automation_core.lib.texts import joined
from odoo.addons.automation_core.translated import translated
from odoo.addons.payment_matching.lib.settlement import Row, Settlement
from odoo.addons.shop_connector.lib import channel
from odoo.addons.shop_connector.lib.settlement import Settlement as ShopSettlement


class PaymentSettlementSource(models.Model):
    """Payouts of a shop account's marketplace, fetched by its connector."""

    _inherit = "payment.settlement.source"

    kind = fields.Selection(
        selection_add=[("shop", "Fetched by a shop account")],
        ondelete={"shop": lambda sources: sources.write({"kind": "upload", "live": False})},
    )
    shop_account_id = fields.Many2one(
        "shop.account", check_company=True, index="btree_not_null", tracking=True
    )

    @api.constrains("kind", "shop_account_id")
    def _check_shop_account(self):
        for source in self.filtered(lambda source: source.kind == "shop"):
            account = source.shop_account_id
            if not account:
                raise ValidationError(self.env._("Choose the shop account."))
            if channel.SETTLEMENTS not in account._channel_capabilities():
                raise ValidationError(
                    self.env._(
                        "%s does not hand out settlements. Upload its files instead.", account.name
                    )
                )

    @api.model
    def _due_domain(self):
        """Override: a shop account that is not live asks nobody."""
        return super()._due_domain() & (
            Domain("kind", "!=", "shop") | Domain("shop_account_id.live", "=", True)
        )

    def _poll_fetch(self, cursor):
        """Override of `payment_matching`."""
        return self.shop_account_id._channel_fetch_settlements(cursor)

    def _poll_store(self, page):
        """Override of `payment_matching`: also files that are damaged are kept."""
        store = self.env["payment.settlement"]
        for file in page.files:
            found = file.settlement
            store._store(
                self,
                file.name,
                file.content,
                _converted(found) if found else None,
                external_id=file.external_id,
                problem=translated(self.env, joined(" ", (file.problem, file.hint))),
            )

    def _settlement_orders(self, references):
        """Override of `payment_matching` to find orders by the shop's own id."""
        if self.kind != "shop":
            return super()._settlement_orders(references)
        # sudo: whoever books settlements need not be allowed to see the shop's raw orders
        shop_orders = (
            self.env["shop.order"]
            .sudo()
            .search(
                [
                    ("account_id", "=", self.shop_account_id.id),
                    ("external_id", "in", list(references)),
                ]
            )
        )
        found = {one.external_id: one.sale_order_id for one in shop_orders if one.sale_order_id}
        rest = [reference for reference in references if reference not in found]
        return {**super()._settlement_orders(rest), **found} if rest else found


def _converted(found: ShopSettlement) -> Settlement:
    """Return a connector's settlement in the form in which it is booked."""
    return Settlement(
        number=found.settlement_id,
        currency=found.currency,
        total=found.total,
        paid=found.deposited_at.date() if found.deposited_at else None,
        start=found.start.date() if found.start else None,
        end=found.end.date() if found.end else None,
        rows=tuple(
            Row(
                "gross" if row.group == "discount" else row.group,
                row.amount,
                row.order_id,
                row.description or row.kind or row.transaction,
            )
            for row in found.rows
        ),
    )
