from odoo import fields, models

from ..lib import parcels


class ShopParcel(models.Model):
    """The number under which a shop knows a parcel of an order; it never changes."""

    _name = "shop.parcel"
    _description = "Parcel as a shop knows it"
    _order = "sale_order_id, reference"

    sale_order_id = fields.Many2one("sale.order", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="sale_order_id.company_id")
    picking_id = fields.Many2one(
        "stock.picking",
        "Delivery",
        required=True,
        index=True,
        ondelete="cascade",
    )
    reference = fields.Integer(required=True)
    number = fields.Char("Tracking number")

    _reference_uniq = models.UniqueIndex(
        "(sale_order_id, reference)", "This parcel is known to the shop already."
    )

    def _pack(self, order, deliveries: list[parcels.Gone]) -> list[parcels.Packed]:
        """Return the parcels in ``deliveries`` with their references, new ones remembered."""
        rows = self.search([("sale_order_id", "=", order.id)])
        known = [parcels.Known(row.reference, row.picking_id.id, row.number or "") for row in rows]
        packed = parcels.pack(deliveries, known)
        by_reference = rows.grouped("reference")
        fresh = []
        for parcel in packed:
            if row := by_reference.get(parcel.reference):
                if (row.number or "") != parcel.label.number:
                    row.number = parcel.label.number
            else:
                fresh.append(
                    {
                        "sale_order_id": order.id,
                        "picking_id": parcel.gone.delivery,
                        "reference": parcel.reference,
                        "number": parcel.label.number,
                    }
                )
        self.create(fresh)
        return packed
