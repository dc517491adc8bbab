from odoo import models

ADDRESS_FIELDS = frozenset(
    {"name", "company_name", "parent_id", "street", "street2", "zip", "city"}
    | {"state_id", "country_id", "email", "vat"}
)


class ResPartner(models.Model):
    _inherit = "res.partner"

    # for finding an order given twice, see automation_rule_duplicate.py
    _automation_email_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")
    _automation_address_idx = models.Index("(zip, lower(street)) WHERE zip IS NOT NULL")

    def write(self, vals):
        """A mended address lets the orders that wait for it be checked again."""
        result = super().write(vals)
        if "sale_warn_msg" in vals:
            self.env["automation.rule"]._recheck("customer")
        if ADDRESS_FIELDS & set(vals):
            # sudo: whoever may edit the contact need not see its orders
            orders = (
                self.env["sale.order"]
                .sudo()
                .search(
                    [
                        ("partner_shipping_id", "in", self.ids),
                        ("automation_policy_id", "!=", False),
                        ("automation_state", "in", ("new", "held", "waiting_payment", "released")),
                    ]
                )
            )
            orders._automation_recheck()
        return result
