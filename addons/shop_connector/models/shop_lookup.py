"""What a batch of orders needs to look up, each kind once."""

from ..lib.order import PayloadError, ShopAddress, ShopLine, ShopOrder
from ..lib.people import squeeze
from .shop_lookup_tax import TaxLookup


class Lookup(TaxLookup):
    """Countries, states, languages, currencies, articles, taxes and payments of the orders of one
    account.
    """

    def __init__(self, account, orders: list[ShopOrder]) -> None:
        super().__init__()
        self.account = account
        self.env = account.env
        self.company = account.company_id
        addresses = [address for order in orders for address in (order.billing, order.delivery)]
        self.countries = self._find_countries(addresses)
        self.states = self._find_states(addresses)
        self.languages = {
            code.split("_")[0]: code
            for code, _name in reversed(self.env["res.lang"].get_installed())
        }
        self.currencies = self._find_currencies(orders)
        self.packs = {}
        self._warehouses = {}
        self.products = self._find_products(_skus(orders))
        self.zips = {address.zip for address in addresses if address.zip}
        # without any distribution model core need not search for one per line
        self.has_analytics = bool(
            self.env["account.analytic.distribution.model"].search_count([], limit=1)
        )

    # -- once per batch ----------------------------------------------------

    def _find_countries(self, addresses) -> dict:
        codes = {address.country_code.upper() for address in addresses if address.country_code}
        found = self.env["res.country"].search([("code", "in", list(codes))])
        return {country.code: country for country in found}

    def _find_states(self, addresses) -> dict:
        if not any(address.state for address in addresses):
            return {}
        ids = [country.id for country in self.countries.values()]
        found = self.env["res.country.state"].search([("country_id", "in", ids)])
        return {
            (state.country_id, key): state
            for state in found
            for key in (squeeze(state.name), squeeze(state.code))
        }

    def _find_currencies(self, orders) -> dict:
        """Return ``{code: (currency, price list)}``; a foreign currency needs a price list to be
        written in.
        """
        company, account = self.company, self.account
        codes = {order.currency.upper() for order in orders}
        found = self.env["res.currency"].search([("name", "in", list(codes))])
        lists = {company.currency_id: self.env["product.pricelist"]}
        if foreign := found - company.currency_id:
            domain = [("currency_id", "in", foreign.ids), ("company_id", "in", (False, company.id))]
            for pricelist in self.env["product.pricelist"].search(domain):
                lists.setdefault(pricelist.currency_id, pricelist)
        if account.pricelist_id:
            lists[account.pricelist_id.currency_id] = account.pricelist_id
        return {currency.name: (currency, lists.get(currency)) for currency in found}

    def _find_products(self, skus: set[str]) -> dict:
        """Return articles by SKU: what the shop's list of offers says, then the internal
        reference, then the barcode.
        """
        if not skus:
            return {}
        domain = [("company_id", "in", (False, self.company.id))]
        found, self.packs = self.env["shop.listing"]._find_products(self.account, skus)
        for name in ("default_code", "barcode"):
            missing = [sku for sku in skus if sku not in found]
            if missing:
                for product in self.env["product.product"].search(
                    [*domain, (name, "in", missing)], order="id"
                ):
                    found.setdefault(product[name], product)
        return found

    # -- per order ---------------------------------------------------------

    def warehouse(self, by_channel: bool):
        """Return from where an order is sent."""
        if by_channel not in self._warehouses:
            account = self.account
            self._warehouses[by_channel] = (
                (by_channel and account.channel_warehouse_id)
                or account.warehouse_id
                or self.env.user.with_company(self.company)._get_default_warehouse_id()
            )
        return self._warehouses[by_channel]

    def check(self, order: ShopOrder, lines: tuple[ShopLine, ...]) -> None:
        """Raise ``PayloadError`` for what has no record here; nothing is guessed."""
        for path, address in (("billing", order.billing), ("delivery", order.delivery)):
            if address.country_code and address.country_code.upper() not in self.countries:
                raise PayloadError(
                    self.env._("There is no country “%s”.", address.country_code),
                    self.env._(
                        "Correct the country in the shop, fetch the order again and press Retry."
                    ),
                    f"{path}.country_code",
                )
        currency, pricelist = self.currencies.get(order.currency.upper(), (None, None))
        if currency is None or pricelist is None:
            raise PayloadError(
                self.env._(
                    "The order is in %s, a currency that is not in use here.", order.currency
                ),
                self.env._("Activate the currency, create a price list in it, then press Retry."),
                "currency",
            )
        for line in lines:
            self.product(line)

    def country(self, address: ShopAddress):
        return self.countries.get(address.country_code.upper(), self.env["res.country"])

    def state(self, address: ShopAddress):
        key = (self.country(address), squeeze(address.state))
        return (
            self.states.get(key, self.env["res.country.state"])
            if address.state
            else self.env["res.country.state"]
        )

    def language(self, code: str) -> str | bool:
        return self.languages.get(code.lower()[:2]) or self.company.partner_id.lang or False

    def unit(self, line: ShopLine, product):
        """Return the unit a line is sold in: a pack where one in the shop is several pieces."""
        return (line.kind == "product" and self.packs.get(line.sku)) or product.uom_id

    def product(self, line: ShopLine):
        """Return the product of a line; the stand-in for an unknown SKU."""
        account = self.account
        if line.kind == "product":
            product = self.products.get(line.sku) or account.unknown_product_id
        else:
            product = account[f"{line.kind}_product_id"]
        if not product:
            raise PayloadError(
                self.env._(
                    "The account “%s” names no product for this kind of line.", account.name
                ),
                self.env._("Choose one under “Products” in the account, then press Retry."),
                line.line_id,
            )
        return product


def _skus(orders: list[ShopOrder]) -> set[str]:
    """Return the SKUs of all articles, ordered or only to be kept."""
    ordered = {line.sku for order in orders for line in order.lines if line.kind == "product"}
    kept = {row.sku for order in orders for row in order.reservations}
    return (ordered | kept) - {""}
