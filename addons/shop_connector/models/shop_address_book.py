"""The addresses of the customers of a batch."""

from ..lib.order import ShopAddress
from ..lib.people import is_company, squeeze, squeeze_street
from .shop_lookup import Lookup


class AddressBook:
    """The addresses of a batch's customers, known and wanted, by what is written on the label."""

    def __init__(self, writer, lookup: Lookup, customers) -> None:
        self.writer, self.lookup = writer, lookup
        self.known, self.missing = {}, {}
        children = writer.env["res.partner"].search(
            [("parent_id", "in", customers.ids)], order="id"
        )
        for partner in customers | children:
            self.known.setdefault(
                self._key(partner.commercial_partner_id, _label(partner)), partner
            )

    def own(self, customer) -> tuple:
        """Return the key of the customer itself."""
        key = self._key(customer, _label(customer))
        self.known.setdefault(key, customer)
        return key

    def want(self, customer, address: ShopAddress, kind: str) -> tuple:
        """Return the key under which the partner can be had once :meth:`fill` was called."""
        vals = self.writer._prepare_address_vals(self.lookup, address)
        vals["name"] = self._name(customer, address)
        key = self._key(customer, _label(vals))
        if key not in self.known and key not in self.missing:
            same_place = self._key(customer, _label(vals | {"name": customer.name})) in self.known
            self.missing[key] = vals | {
                "parent_id": customer.id,
                "type": "contact" if same_place and customer.is_company else kind,
                "phone": address.phone or False,
                "lang": customer.lang,
                "company_id": customer.company_id.id,
            }
        return key

    def fill(self) -> None:
        """Create all that is missing at once."""
        partners = self.writer.env["res.partner"].create(list(self.missing.values()))
        self.known.update(zip(self.missing, partners, strict=True))
        self.missing = {}

    def __getitem__(self, key):
        return self.known[key]

    @staticmethod
    def _key(customer, label: tuple) -> tuple:
        return (customer.id, *label)

    @staticmethod
    def _name(customer, address: ShopAddress) -> str:
        """Return what stands above the street; the customer's company is printed by Odoo itself."""
        company = address.company if is_company(address.company) else ""
        if customer.is_company and squeeze(company) in ("", squeeze(customer.name)):
            return address.name or customer.name
        return ", ".join(part for part in (company, address.name) if part) or customer.name


def _label(source) -> tuple:
    """Return how an address compares: by what is written, not by how."""
    state, country = source["state_id"], source["country_id"]
    return (
        squeeze(source["name"]),
        squeeze_street(source["street"]),
        squeeze_street(source["street2"]),
        squeeze(source["zip"]),
        squeeze(source["city"]),
        state if isinstance(state, (int, bool)) else state.id,
        country if isinstance(country, (int, bool)) else country.id,
    )
