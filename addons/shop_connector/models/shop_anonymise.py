"""A marketplace says that one of its users is gone: whatever names the person goes, too.

Invoices stay, with the name and address they are made out to: the law wants them kept. What is not
delivered yet is delivered first.
"""

import logging
from collections.abc import Collection
from typing import NamedTuple

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

CONTACT = ("email", "phone", "website", "comment", "function")
IDENTITY = ("street", "street2", "zip", "city", "state_id", "vat", "company_registry")
INVOICED = ("partner_id", "commercial_partner_id", "partner_shipping_id")
ORDERED = ("partner_id", "partner_invoice_id", "partner_shipping_id")

WRITTEN = ("buyer_note", "delivery_note", "shop_address")  # by the buyer, on the order


class Gone(NamedTuple):
    """What was done about a buyer; with ``open_orders`` nothing was done yet."""

    orders: int = 0
    contacts: int = 0  # nothing of them is left
    kept: int = 0  # contacts whose name and address stay for invoices or other business
    open_orders: int = 0


class ShopAccount(models.Model):
    _inherit = "shop.account"

    def _anonymise_buyers(self, buyer_ids: Collection[str], marks: Collection[str] = ()) -> Gone:
        """Take the person out of everything these accounts know of some buyer ids.

        :param marks: texts that only raw orders of these buyers hold
        """
        customers = self.env["shop.customer"].search(
            [("account_id", "in", self.ids), ("buyer_id", "in", list(buyer_ids))]
        )
        partners = customers.partner_id.filtered(lambda one: self._is_alone(one, customers))
        sales = self.env["sale.order"].search(
            Domain("partner_id", "child_of", partners.ids)
            & Domain("shop_account_id", "in", self.ids)
        )
        orders = self._marked_orders(marks) | sales.shop_order_id
        sales |= orders.sale_order_ids
        if still := self._count_open(orders, sales):
            return Gone(open_orders=still)
        kept = customers.partner_id - partners
        gone, invoiced = partners._anonymise()
        self._anonymise_orders(orders, sales)
        customers.unlink()
        _logger.info("A shop's buyer was anonymised: %s orders, %s contacts", len(orders), gone)
        return Gone(len(orders), gone, invoiced + len(kept))

    def _is_alone(self, partner, customers) -> bool:
        """Whether a partner is known by these buyer ids only: no user, no business elsewhere."""
        family = partner.commercial_partner_id
        family |= family.with_context(active_test=False).search([("id", "child_of", family.ids)])
        known = self.env["shop.customer"].search_count(
            [("partner_id", "in", family.ids), ("id", "not in", customers.ids)], limit=1
        )
        elsewhere = Domain.OR([Domain(name, "in", family.ids) for name in ORDERED]) & (
            Domain("shop_account_id", "=", False) | Domain("shop_account_id", "not in", self.ids)
        )
        sold = self.env["sale.order"].search_count(elsewhere, limit=1)
        return not (known or sold or family.user_ids)

    def _marked_orders(self, marks: Collection[str]):
        """Return the raw orders that hold one of these texts."""
        orders = self.env["shop.order"]
        if not marks or not self:
            return orders
        orders.flush_model(["payload", "account_id"])
        found = [SQL("strpos(payload, %s) > 0", mark) for mark in marks]
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM shop_order WHERE account_id IN %s AND payload IS NOT NULL AND (%s)",
                tuple(self.ids),
                SQL(" OR ").join(found),
            )
        )
        return orders.browse(row[0] for row in rows)

    @staticmethod
    def _count_open(orders, sales) -> int:
        """Return how many orders still need the address: not imported yet, or not delivered."""
        waiting = orders.filtered(lambda order: order.state in ("new", "quarantined"))
        on_their_way = sales.filtered(
            lambda sale: (
                sale.state in ("draft", "sent")
                or any(picking.state not in ("done", "cancel") for picking in sale.picking_ids)
            )
        )
        return len(waiting - on_their_way.shop_order_id) + len(on_their_way)

    def _anonymise_orders(self, orders, sales) -> None:
        """Delete the raw orders and what the buyer wrote; say so on each sales order."""
        now = fields.Datetime.now()
        orders.filtered("payload").write({"payload": False, "forgotten": now})
        orders.write({"buyer_forgotten": now})
        sales.write(dict.fromkeys(WRITTEN, False))
        sales.picking_ids.filtered("note").write({"note": False})
        text = self.env._(
            "The marketplace has deleted this buyer: raw data, notes and contact data were "
            "deleted here, too. Invoices stay as they are."
        )
        self.env["automation.log"]._add([(sale, "shop", text) for sale in sales])


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _anonymise(self) -> tuple[int, int]:
        """Blank these customers and their addresses and archive them.

        Where an invoice names a contact, its name and address stay. Return how many were blanked
        and how many kept their name.
        """
        whole = self.with_context(active_test=False, tracking_disable=True)
        family = whole.search([("id", "child_of", self.ids)]) if self else whole
        invoiced = family._invoiced()
        blanked = family - invoiced
        family.write(dict.fromkeys(CONTACT, False))
        blanked.write({**dict.fromkeys(IDENTITY, False), "name": self.env._("Deleted buyer")})
        # sudo: the timeline repeats names and addresses; whoever may do this need not read it
        self.env["mail.message"].sudo().search(
            [("model", "=", "res.partner"), ("res_id", "in", family.ids)]
        ).unlink()
        family.filtered("active").write({"active": False})
        return len(blanked), len(invoiced)

    def _invoiced(self):
        """Return those of some contacts that invoices are made out or sent to."""
        # sudo: whether there are invoices is no secret of the accountants
        moves = self.env["account.move"].sudo()
        named = Domain.OR([Domain(name, "in", self.ids) for name in INVOICED])
        found = moves.search(named & Domain("state", "=", "posted"))
        partners = self.browse().concat(*(found[name].sudo(self.env.su) for name in INVOICED))
        return self & partners
