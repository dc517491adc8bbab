"""Who buys: known customers are found again, new ones made, addresses kept as they were sent."""

from typing import NamedTuple

from odoo import models
from odoo.fields import Command

from ..lib.order import ShopAddress, ShopOrder
from ..lib.people import is_company, real_email, squeeze, squeeze_street
from ..lib.vat import valid_vat
from .shop_address_book import AddressBook
from .shop_lookup import Lookup


class People(NamedTuple):
    """The partners of one order."""

    customer: models.BaseModel
    invoice: models.BaseModel
    delivery: models.BaseModel


class ShopWriter(models.AbstractModel):
    _inherit = "shop.writer"

    def _resolve_people(self, lookup: Lookup, orders: list[ShopOrder]) -> list[People]:
        """Return the partners of each order: one search per way of recognition, one create per
        kind.
        """
        keys = [self._customer_keys(lookup, order) for order in orders]
        known = self._find_customers(lookup, keys)
        customers = self._known_or_new(lookup, orders, keys, known)
        self._fill_blanks(lookup, orders, customers)
        self._remember_buyers(lookup, keys, customers)
        return self._resolve_addresses(lookup, orders, customers)

    # -- recognition -------------------------------------------------------

    def _customer_keys(self, lookup: Lookup, order: ShopOrder) -> list[tuple]:
        """Return by what the buyer may be known, the surest first. A relay address is nobody's
        name.
        """
        customer, address = order.customer, self._buyer_address(order)
        keys = []
        if customer.buyer_id:
            keys.append(("buyer", customer.buyer_id))
        if email := real_email(customer.email, lookup.account._channel_relay_domains()):
            keys.append(("email", email))
        name = squeeze(self._customer_name(address))
        street = squeeze_street(address.street_line or address.street2)
        if name and street and address.zip:
            keys.append(
                ("address", name, squeeze(address.zip), street, address.country_code.upper())
            )
        return keys

    def _find_customers(self, lookup: Lookup, keys: list[list[tuple]]) -> dict:
        """Return ``{key: partner}`` for all keys that lead to a known customer."""
        wanted = {key for order_keys in keys for key in order_keys}
        found = self._find_by_buyer(lookup, [key[1] for key in wanted if key[0] == "buyer"])
        found |= self._find_by_email(lookup, keys)
        open_orders = [
            order_keys for order_keys in keys if not any(key in found for key in order_keys)
        ]
        addresses = {key for order_keys in open_orders for key in order_keys if key[0] == "address"}
        return found | self._find_by_address(lookup, addresses)

    def _find_by_buyer(self, lookup: Lookup, buyer_ids: list[str]) -> dict:
        if not buyer_ids:
            return {}
        rows = self.env["shop.customer"].search(
            [
                ("account_id", "=", lookup.account.id),
                ("buyer_id", "in", buyer_ids),
                ("partner_id.active", "=", True),
            ]
        )
        return {("buyer", row.buyer_id): row.partner_id for row in rows}

    def _find_by_email(self, lookup: Lookup, keys: list[list[tuple]]) -> dict:
        """Return customers by e-mail; where several share one, the name decides, then the age."""
        emails = [key[1] for order_keys in keys for key in order_keys if key[0] == "email"]
        if not emails:
            return {}
        partners = self.env["res.partner"].search(
            [("email_normalized", "in", emails), ("company_id", "in", (False, lookup.company.id))],
            order="id",
        )
        names = {
            (email[1], address[1])
            for order_keys in keys
            for email in order_keys
            for address in order_keys
            if email[0] == "email" and address[0] == "address"
        }
        found = {}
        for partner in partners.sorted(
            lambda partner: (partner.email_normalized, squeeze(partner.name)) not in names
        ):
            found.setdefault(("email", partner.email_normalized), partner.commercial_partner_id)
        return found

    def _find_by_address(self, lookup: Lookup, keys: set[tuple]) -> dict:
        if not keys:
            return {}
        # the postcode narrows the search by an index; the spelling is compared here
        zips = {
            zip_code for zip_code in lookup.zips if squeeze(zip_code) in {key[2] for key in keys}
        }
        partners = self.env["res.partner"].search(
            [
                ("zip", "in", list(zips)),
                ("parent_id", "=", False),
                ("company_id", "in", (False, lookup.company.id)),
            ],
            order="id",
        )
        found = {}
        for partner in partners:
            key = (
                "address",
                squeeze(partner.name),
                squeeze(partner.zip),
                squeeze_street(partner.street or partner.street2),
                partner.country_id.code or "",
            )
            if key in keys:
                found.setdefault(key, partner)
        return found

    # -- customers ---------------------------------------------------------

    def _known_or_new(self, lookup: Lookup, orders, keys, known: dict) -> list:
        """Return the customer of each order, creating the new ones at once; twice in a batch is one
        customer.
        """
        partners = self.env["res.partner"]
        customers, vals_list, positions = [], [], {}
        for order, order_keys in zip(orders, keys, strict=True):
            found = next((known[key] for key in order_keys if key in known), None)
            if found is None:
                found = next((positions[key] for key in order_keys if key in positions), None)
            if found is None:
                found = len(vals_list)
                vals_list.append(self._prepare_customer_vals(lookup, order))
            if isinstance(found, int):
                positions.update(dict.fromkeys(order_keys, found))
            customers.append(found)
        created = partners.create(vals_list)
        return [created[found] if isinstance(found, int) else found for found in customers]

    def _fill_blanks(self, lookup: Lookup, orders, customers) -> None:
        """Learn what was not known of a customer: e-mail, VAT id. Nothing is ever overwritten."""
        relays = lookup.account._channel_relay_domains()
        for order, customer in zip(orders, customers, strict=True):
            if not customer.email and (email := real_email(order.customer.email, relays)):
                customer.email = email
            if customer.is_company and not customer.vat and order.customer.vat:
                address = self._buyer_address(order)
                customer.vat = valid_vat(order.customer.vat, address.country_code) or False

    def _prepare_customer_vals(self, lookup: Lookup, order: ShopOrder) -> dict:
        address, customer = self._buyer_address(order), order.customer
        company = is_company(address.company)
        vat = valid_vat(customer.vat, address.country_code) if company else ""
        vals = self._prepare_address_vals(lookup, address) | {
            "name": self._customer_name(address) or self.env._("Buyer of order %s", order.number),
            "is_company": company,
            "email": customer.email or False,
            "phone": address.phone or customer.phone or False,
            "lang": lookup.language(customer.language),
            "company_id": False,
            "vat": vat or False,
            "customer_rank": 1,
        }
        if company and customer.vat and not vat:
            vals["comment"] = self.env._(
                "VAT id as typed by the buyer, not valid: %s", customer.vat
            )
        if company and address.name:
            vals["child_ids"] = [
                Command.create(
                    {
                        "type": "contact",
                        "name": address.name,
                        "company_id": False,
                        "lang": vals["lang"],
                    }
                )
            ]
        return vals

    def _prepare_address_vals(self, lookup: Lookup, address: ShopAddress) -> dict:
        """Return an address as the buyer typed it."""
        lines = [address.street_line, address.street2]
        if address.company and not is_company(address.company):
            lines.append(address.company)  # a locker's or post number in the company's place
        lines = [line for line in lines if line]
        return {
            "street": lines[0] if lines else False,
            "street2": ", ".join(lines[1:]) or False,
            "zip": address.zip or False,
            "city": address.city or False,
            "state_id": lookup.state(address).id,
            "country_id": lookup.country(address).id,
        }

    @staticmethod
    def _buyer_address(order: ShopOrder) -> ShopAddress:
        billing = order.billing
        return (
            billing
            if billing.street or billing.street2 or billing.name or billing.company
            else order.delivery
        )

    @staticmethod
    def _customer_name(address: ShopAddress) -> str:
        return address.company if is_company(address.company) else address.name

    def _remember_buyers(self, lookup: Lookup, keys, customers) -> None:
        """Note under which id the shop knows a customer."""
        wanted = {
            key[1]: partner
            for order_keys, partner in zip(keys, customers, strict=True)
            for key in order_keys
            if key[0] == "buyer"
        }
        if not wanted:
            return
        rows = self.env["shop.customer"].search(
            [("account_id", "=", lookup.account.id), ("buyer_id", "in", list(wanted))]
        )
        for row in rows:
            partner = wanted.pop(row.buyer_id)
            if row.partner_id != partner:  # the one known before is archived
                row.partner_id = partner
        self.env["shop.customer"].create(
            [
                {"account_id": lookup.account.id, "buyer_id": buyer_id, "partner_id": partner.id}
                for buyer_id, partner in wanted.items()
            ]
        )

    # -- addresses ---------------------------------------------------------

    def _resolve_addresses(self, lookup: Lookup, orders, customers) -> list[People]:
        """Find each order's addresses among its customer's, create the missing ones in one go."""
        book = AddressBook(self, lookup, self.env["res.partner"].concat(*customers))
        wanted = []
        for order, customer in zip(orders, customers, strict=True):
            invoice = delivery = book.own(customer)  # where the shop withholds the address
            if _has_street(self._buyer_address(order)):
                invoice = delivery = book.want(customer, self._buyer_address(order), "invoice")
            if _has_street(order.delivery):
                delivery = book.want(customer, order.delivery, "delivery")
            wanted.append((customer, invoice, delivery))
        book.fill()
        return [
            People(customer, book[invoice], book[delivery])
            for customer, invoice, delivery in wanted
        ]


def _has_street(address: ShopAddress) -> bool:
    return bool(address.street or address.street2)
