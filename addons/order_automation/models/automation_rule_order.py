from odoo import models

from ..lib.finding import Finding, fingerprint, shorten


class AutomationRule(models.Model):
    """Built-in kinds that look at the order, its customer and its money."""

    _inherit = "automation.rule"

    def _find_note(self, orders, _facts) -> dict[int, Finding]:
        """A note is one only if there is something to read in it."""
        found = {}
        for order in orders:
            note = (order.buyer_note or "").strip()
            if any(character.isalnum() for character in note):
                sentence = self.env._("Buyer's note: “%s”", shorten(note))
                found[order.id] = Finding(sentence, fingerprint(note), note[:5000])
        return found

    def _find_total(self, orders, _facts) -> dict[int, Finding]:
        found = {}
        for order in orders.filtered("has_shop_total"):
            currency = order.currency_id
            ours, theirs = order.amount_total, order.shop_total
            if currency.compare_amounts(ours, theirs):
                sentence = self.env._(
                    "Total %(ours)s differs from the shop's %(theirs)s by %(difference)s",
                    ours=currency.format(ours),
                    theirs=currency.format(theirs),
                    difference=currency.format(ours - theirs),
                )
                found[order.id] = Finding(sentence, fingerprint(currency.id, ours, theirs))
        return found

    def _find_unknown_sku(self, orders, _facts) -> dict[int, Finding]:
        found = {}
        for order in orders:
            if lines := order.order_line.filtered("unknown_sku"):
                skus = sorted(set(lines.mapped("unknown_sku")))
                sentence = self.env._("Unknown article number: %s", shorten(", ".join(skus)))
                found[order.id] = Finding(sentence, fingerprint(skus))
        return found

    def _find_amount(self, orders, _facts) -> dict[int, Finding]:
        found = {}
        for order in orders:
            currency = order.company_id.currency_id
            value = order.amount_total / (order.currency_rate or 1.0)
            if currency.compare_amounts(value, self.amount) > 0:
                sentence = self.env._(
                    "Order value %(value)s is above %(limit)s",
                    value=currency.format(value),
                    limit=currency.format(self.amount),
                )
                found[order.id] = Finding(sentence, fingerprint(order.amount_total, self.amount))
        return found

    def _find_country(self, orders, _facts) -> dict[int, Finding]:
        """Without a list every country is served."""
        served = self.served_country_ids
        found = {}
        for order in orders if served else ():
            country = order.partner_shipping_id.country_id
            if country not in served:
                sentence = (
                    self.env._("Delivery to %s is not offered", country.name)
                    if country
                    else self.env._("The delivery address has no country")
                )
                found[order.id] = Finding(sentence, fingerprint(country.id))
        return found

    def _find_first_invoice(self, orders, _facts) -> dict[int, Finding]:
        """On invoice, and no earlier confirmed order of the same customer."""
        doubtful = orders.filtered(lambda o: o.automation_payment_method_id.kind == "invoice")
        customers = doubtful.partner_id.commercial_partner_id
        earlier: dict = {}
        for partner, date in self.env["sale.order"]._read_group(
            [("state", "=", "sale"), ("partner_id.commercial_partner_id", "in", customers.ids)],
            ["partner_id"],
            ["date_order:min"],
        ):
            customer = partner.commercial_partner_id
            earlier[customer] = min(date, earlier.get(customer, date))
        found = {}
        for order in doubtful:
            customer = order.partner_id.commercial_partner_id
            if earlier.get(customer, order.date_order) >= order.date_order:
                sentence = self.env._("First order of this customer, and on invoice")
                seen = fingerprint(customer.id, order.automation_payment_method_id.id)
                found[order.id] = Finding(sentence, seen)
        return found

    def _find_customer(self, orders, _facts) -> dict[int, Finding]:
        """Somebody wrote a note for sales orders on the customer (or on its company)."""
        found = {}
        for order in orders:
            partner = order.partner_id
            notes = [partner.sale_warn_msg, partner.commercial_partner_id.sale_warn_msg]
            if text := "\n".join(dict.fromkeys(filter(None, notes))).strip():
                sentence = self.env._("Note on the customer: “%s”", shorten(text))
                found[order.id] = Finding(sentence, fingerprint(text), text)
        return found
