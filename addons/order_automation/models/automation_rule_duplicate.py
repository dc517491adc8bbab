from odoo import models
from odoo.tools import SQL, format_datetime

from ..lib.finding import Finding, fingerprint

# Every look-up below starts from the few orders of the batch and goes by an index.
DUPLICATES = """
    WITH batch AS (
        SELECT o.id, o.company_id, o.date_order, o.amount_total, o.currency_id,
               o.client_order_ref, p.commercial_partner_id, p.email_normalized,
               s.zip, lower(s.street) AS street, lower(s.name) AS name
          FROM sale_order o
          JOIN res_partner p ON p.id = o.partner_id
          JOIN res_partner s ON s.id = o.partner_shipping_id
         WHERE o.id = ANY(%(ids)s)
    ), kin AS (
        SELECT b.id, r.id AS partner_id
          FROM batch b JOIN res_partner r ON r.commercial_partner_id = b.commercial_partner_id
         UNION
        SELECT b.id, r.id
          FROM batch b JOIN res_partner r ON r.email_normalized = b.email_normalized
         UNION
        SELECT b.id, r.id
          FROM batch b
          JOIN res_partner r ON r.zip = b.zip AND lower(r.street) = b.street
                            AND lower(r.name) = b.name
    )
    SELECT DISTINCT ON (b.id) b.id, d.id
      FROM kin k
      JOIN batch b ON b.id = k.id
      JOIN LATERAL (
            SELECT id, date_order, company_id, state, amount_total, currency_id, client_order_ref
              FROM sale_order
             WHERE partner_id = k.partner_id
               AND date_order BETWEEN b.date_order - make_interval(hours => %(hours)s)
                                  AND b.date_order
             UNION ALL
            SELECT id, date_order, company_id, state, amount_total, currency_id, client_order_ref
              FROM sale_order
             WHERE partner_shipping_id = k.partner_id
               AND date_order BETWEEN b.date_order - make_interval(hours => %(hours)s)
                                  AND b.date_order
           ) d ON TRUE
     WHERE (d.date_order, d.id) < (b.date_order, b.id)
       AND d.company_id = b.company_id
       AND d.state != 'cancel'
       AND (d.client_order_ref = b.client_order_ref AND b.client_order_ref != '') IS NOT TRUE
       AND (
            (d.amount_total = b.amount_total AND d.currency_id = b.currency_id
             AND b.amount_total > 0)
            OR EXISTS (
                SELECT 1
                  FROM sale_order_line bl
                  JOIN sale_order_line dl ON dl.product_id = bl.product_id
                  JOIN product_product pp ON pp.id = bl.product_id
                  JOIN product_template pt ON pt.id = pp.product_tmpl_id
                 WHERE bl.order_id = b.id AND dl.order_id = d.id AND pt.type = 'consu'
                   AND bl.unknown_sku IS NULL AND dl.unknown_sku IS NULL
            )
       )
     ORDER BY b.id, d.date_order DESC, d.id DESC
"""
READ_FIELDS = {
    "sale.order": [
        "partner_id",
        "partner_shipping_id",
        "company_id",
        "date_order",
        "state",
        "amount_total",
        "currency_id",
        "client_order_ref",
    ],
    "sale.order.line": ["order_id", "product_id", "unknown_sku"],
    "res.partner": ["commercial_partner_id", "email_normalized", "zip", "street", "name"],
}


class AutomationRule(models.Model):
    """The kind that looks for the same order a second time."""

    _inherit = "automation.rule"

    def _find_duplicate(self, orders, _facts) -> dict[int, Finding]:
        """The later one of two orders that look like one, given twice by mistake."""
        found = {}
        pairs = self._get_duplicates(orders)
        firsts = self.env["sale.order"].browse({other_id for _order_id, other_id in pairs})
        known = {order.id: order for order in (*orders, *firsts)}
        for order_id, other_id in pairs:
            order, other = known[order_id], known[other_id]
            sentence = self.env._(
                "Perhaps ordered twice: %(name)s is much like %(other)s",
                name=self._get_number(order),
                other=self._get_number(other),
            )
            detail = self.env._(
                "Same customer, e-mail or address, and the same article or total "
                "within %(hours)s hours.\n%(other)s: %(date)s, %(total)s",
                hours=self.hours,
                other=self._get_number(other),
                date=format_datetime(
                    self.env,
                    other.date_order,
                    tz=other.company_id.partner_id.tz,
                    dt_format="short",
                ),
                total=other.currency_id.format(other.amount_total),
            )
            found[order_id] = Finding(sentence, fingerprint(other_id), detail)
        return found

    def _get_number(self, order) -> str:
        """The order's number here and at the shop."""
        names = [order.name, order.client_order_ref]
        if names[1] and names[1] in names[0]:
            names.pop()
        return " / ".join(filter(None, names))

    def _get_duplicates(self, orders) -> list[tuple[int, int]]:
        """``(order, the latest earlier one like it)`` for those that have one."""
        for model, names in READ_FIELDS.items():
            self.env[model].flush_model(names)
        query = SQL(DUPLICATES, ids=orders.ids, hours=self.hours)
        return self.env.execute_query(query)
