"""What could be paid, read with one statement per kind of document."""

from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..lib.match.matcher import Matcher
from ..lib.match.model import CashDiscount, Item, Partner

PAID_DAYS = 90  # how long a paid document explains a second payment
PAID_SINGLY = ("paypal",)  # paid to the shop, and the money comes order by order
DIRECTIONS = {"out_invoice": "in", "in_refund": "in", "in_invoice": "out", "out_refund": "out"}


class PaymentMatchGather(models.AbstractModel):
    """Collects the documents and partners of a company for the matcher."""

    _name = "payment.match.gather"
    _description = "Documents that can be paid"

    @api.model
    def _get_matcher(self, company, threshold: float) -> Matcher:
        """Return a matcher that knows all open and lately paid documents of the company."""
        self.env.flush_all()
        items = [*self._get_orders(company), *self._get_invoices(company)]
        partners = self._get_partners(company, {int(item.partner) for item in items})
        return Matcher(partners, items, threshold=threshold)

    # ------------------------------------------------------------------
    # Orders
    # ------------------------------------------------------------------

    @api.model
    def _get_orders(self, company) -> list[Item]:
        """Return orders that payments may be for, with what payments still have to bring.

        What the shop said to be paid is open here until its money is seen; invoices that are not
        paid yet are settled through their order as well.
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH invoice AS (
                    SELECT DISTINCT sol.order_id, m.id,
                           SIGN(m.amount_total_signed) * m.amount_total AS total,
                           SIGN(m.amount_total_signed) * m.amount_residual AS due
                      FROM sale_order_line sol
                      JOIN sale_order o ON o.id = sol.order_id
                      JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = sol.id
                      JOIN account_move_line aml ON aml.id = rel.invoice_line_id
                      JOIN account_move m ON m.id = aml.move_id AND m.state = 'posted'
                     WHERE o.company_id = %(company)s AND o.state = 'sale'
                       AND o.invoice_status != 'invoiced'
                ), billed AS (
                    SELECT order_id, SUM(total) AS total, SUM(due) AS due
                      FROM invoice GROUP BY order_id
                ), came AS (
                    SELECT a.order_id, SUM(a.amount) AS total,
                           -SUM(aml.amount_residual_currency) AS unused
                      FROM payment_match_allocation a
                 LEFT JOIN account_move_line aml ON aml.id = a.move_line_id
                     WHERE a.company_id = %(company)s AND a.state = 'booked'
                       AND a.order_id IS NOT NULL
                     GROUP BY a.order_id
                )
                SELECT o.id, o.name, o.client_order_ref, p.commercial_partner_id,
                       o.date_order::date, o.amount_total, c.name, method.code,
                       LEAST(
                           o.amount_total - COALESCE(came.total, 0)
                               - COALESCE(o.prepaid_waived, 0),
                           o.amount_total - billed.total + billed.due - COALESCE(came.unused, 0)
                       ) AS rest,
                       term.discount_percentage, term.discount_days, o.reference
                  FROM sale_order o
                  JOIN res_partner p ON p.id = o.partner_invoice_id
                  JOIN res_currency c ON c.id = o.currency_id
             LEFT JOIN automation_payment_method method
                    ON method.id = o.automation_payment_method_id
             LEFT JOIN account_payment_term term
                    ON term.id = o.payment_term_id AND term.early_discount
             LEFT JOIN billed ON billed.order_id = o.id
             LEFT JOIN came ON came.order_id = o.id
                 WHERE o.company_id = %(company)s
                   AND o.amount_total > 0
                   AND (COALESCE(method.kind, '') NOT IN ('paid', 'debit', 'cod')
                        OR method.code IN %(singly)s AND o.date_order > %(since)s)
                   AND (o.state IN ('sent', 'sale')
                        OR o.state = 'draft' AND o.automation_policy_id IS NOT NULL)
                   AND (COALESCE(o.invoice_status, '') != 'invoiced'
                        OR came.total >= o.amount_total AND o.date_order > %(since)s)
                """,
                company=company.id,
                singly=PAID_SINGLY,
                since=fields.Datetime.now() - timedelta(days=PAID_DAYS),
            )
        )
        return [self._order_item(row) for row in rows]

    @api.model
    def _order_item(self, row) -> Item:
        (order_id, name, number, partner, date, total, currency, method, rest) = row[:9]
        percent, days, reference = row[9:]
        discount = percent and CashDiscount(_money(percent), date + timedelta(days=days or 0))
        return Item(
            id=f"order:{order_id}",
            type="order",
            number=name,
            partner=str(partner),
            date=date,
            amount=_money(rest if rest > 0 else total),
            currency=currency,
            state="open" if rest > 0 else "paid",
            shop_order_no=number or "",
            payment_method=method or "",
            cash_discount=discount or None,
            references=(reference,) if reference else (),
            total=_money(total),
        )

    # ------------------------------------------------------------------
    # Invoices, bills and credit notes
    # ------------------------------------------------------------------

    @api.model
    def _get_invoices(self, company) -> list[Item]:
        """Return posted documents with an open residual, and those paid lately."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.id, m.name, m.move_type, m.commercial_partner_id, m.invoice_date,
                       m.amount_residual, m.amount_total, c.name, m.payment_reference, m.ref,
                       m.invoice_origin, term.discount_date, term.discount_amount_currency,
                       m.payment_state
                  FROM account_move m
                  JOIN res_currency c ON c.id = m.currency_id
             LEFT JOIN LATERAL (
                        SELECT discount_date, ABS(discount_amount_currency)
                               AS discount_amount_currency
                          FROM account_move_line
                         WHERE move_id = m.id AND display_type = 'payment_term'
                           AND discount_date IS NOT NULL
                         LIMIT 1) term ON m.amount_residual > 0
                 WHERE m.company_id = %(company)s AND m.state = 'posted'
                   AND m.move_type IN %(types)s AND m.amount_total > 0
                   AND m.commercial_partner_id IS NOT NULL
                   AND (m.payment_state IN ('not_paid', 'partial')
                        OR m.payment_state IN ('paid', 'in_payment')
                           AND m.invoice_date > %(since)s)
                """,
                company=company.id,
                types=tuple(DIRECTIONS),
                since=fields.Date.today() - timedelta(days=PAID_DAYS),
            )
        )
        return [self._invoice_item(row) for row in rows]

    @api.model
    def _invoice_item(self, row) -> Item:
        (move_id, name, kind, partner, date, residual, total, currency, *references) = row[:11]
        until, discounted, state = row[11:]
        is_open = state in ("not_paid", "partial")
        discount = None
        if until and discounted and residual == total:
            left = _money(discounted) / _money(total)
            discount = CashDiscount(Decimal(100) - left * 100, until)
        numbers = [word.strip() for text in references if text for word in text.split(",")]
        return Item(
            id=f"invoice:{move_id}",
            type="invoice",
            number=name,
            partner=str(partner),
            date=date,
            amount=_money(residual if is_open else total),
            currency=currency,
            state="open" if is_open else "paid",
            cash_discount=discount,
            direction=DIRECTIONS[kind],
            references=tuple(dict.fromkeys(number for number in numbers if number != name)),
            total=_money(total),
        )

    # ------------------------------------------------------------------
    # Partners
    # ------------------------------------------------------------------

    @api.model
    def _get_partners(self, company, ids: set[int]) -> list[Partner]:
        """Return the partners with the names of their contacts and the accounts that paid."""
        if not ids:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id, p.name, p.ref, p.email_normalized, p.city, contact.names, payer.names
                  FROM res_partner p
             LEFT JOIN LATERAL (
                        SELECT STRING_AGG(DISTINCT child.name, ' / ') AS names
                          FROM res_partner child
                         WHERE child.commercial_partner_id = p.id AND child.id != p.id
                           AND child.name != p.name) contact ON TRUE
             LEFT JOIN LATERAL (
                        SELECT ARRAY_AGG(known.name) AS names FROM (
                            SELECT name FROM payment_match_payer
                             WHERE partner_id = p.id AND company_id = %(company)s
                            UNION
                            SELECT sanitized_acc_number FROM res_partner_bank
                             WHERE partner_id = p.id AND active) known) payer ON TRUE
                 WHERE p.id IN %(ids)s
                """,
                company=company.id,
                ids=tuple(ids),
            )
        )
        return [
            Partner(
                id=str(partner_id),
                name=name or "",
                contact=contacts or "",
                customer_no=ref or "",
                email=email or "",
                known_ibans=tuple(filter(None, accounts or ())),
                city=city or "",
            )
            for partner_id, name, ref, email, city, contacts, accounts in rows
        ]


def _money(value) -> Decimal:
    return Decimal(str(value or 0))
