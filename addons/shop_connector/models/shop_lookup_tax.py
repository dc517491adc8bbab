"""Which taxes an order's lines get: those the shop states, or our own where it states none."""

from decimal import Decimal

from ..lib.order import PayloadError, ShopLine, ShopOrder
from ..lib.pricing import states_rates, with_own_taxes

ZERO = Decimal(0)


class TaxLookup:
    """The part of :class:`.shop_lookup.Lookup` that finds fiscal positions and taxes.

    Expects ``env``, ``company``, ``account``, ``product(line)`` and ``warehouse(by_channel)``.
    """

    def __init__(self) -> None:
        self._taxes = {}
        self._positions = {}
        self._own = {}
        self._zip_counts = None

    # -- fiscal positions --------------------------------------------------

    def order_position(self, order: ShopOrder, customer, delivery):
        """Return the fiscal position of an order: the marketplace's where that pays the tax, the
        account's where goods leave from abroad, else the one Odoo finds.
        """
        if order.tax_model == "marketplace":
            return self.account._get_marketplace_position()
        if self.ships_from_abroad(order):
            return self.account.abroad_position_id
        return self.position(customer, delivery)

    def ships_from_abroad(self, order: ShopOrder) -> bool:
        """Whether the goods leave from another country than the one the company pays tax in."""
        origin = self.warehouse(order.by_channel).partner_id.country_id
        return bool(origin) and origin != self.company.account_fiscal_country_id

    def position(self, partner, delivery):
        """Return the fiscal position Odoo finds, asked once for people who cannot differ in it."""
        key = (
            *self._position_key(partner),
            *(self._position_key(delivery) if delivery != partner else ()),
        )
        if key not in self._positions:
            self._positions[key] = (
                self.env["account.fiscal.position"]
                .with_company(self.company)
                ._get_fiscal_position(partner, delivery)
            )
        return self._positions[key]

    def _position_key(self, partner) -> tuple:
        vat = partner.vat or ""
        return (
            partner.property_account_position_id,
            partner.country_id,
            partner.state_id,
            partner.zip if self._zips_count() else "",
            vat if vies_demanded(self.company) else vat[:2],
        )

    def _zips_count(self) -> bool:
        if self._zip_counts is None:
            self._zip_counts = bool(
                self.env["account.fiscal.position"].search_count(
                    [("zip_from", "!=", False)], limit=1
                )
            )
        return self._zip_counts

    # -- lines with taxes --------------------------------------------------

    def rated(self, order: ShopOrder, lines: tuple[ShopLine, ...], position, country) -> list:
        """Return ``(line, taxes)`` for each line; a line that is shared out over several rates
        comes as several.
        """
        gross = order.prices_include_tax
        if order.tax_model == "marketplace":
            home = self.company.account_sale_tax_id
            return [(line, self._own_taxes(home, False, position)) for line in lines]
        if states_rates(order):
            return [
                (line, self.taxes(line.tax_percent or ZERO, gross, position, country))
                for line in lines
            ]
        return self._rated_by_products(order, position)

    def _rated_by_products(self, order: ShopOrder, position) -> list:
        """Return the lines with the taxes of their products; shipping goes with the goods."""
        gross = order.prices_include_tax
        goods = {
            line.line_id: self._own_taxes(self._product_taxes(line), gross, position)
            for line in order.lines
            if line.kind == "product"
        }
        if not goods:
            home = self._own_taxes(self.company.account_sale_tax_id, gross, position)
            goods = {line.line_id: home for line in order.lines}
        rates = {line_id: _percent(taxes) for line_id, taxes in goods.items()}
        by_rate = {rates[line_id]: taxes for line_id, taxes in goods.items()}
        return [
            (line, goods.get(line.line_id) if line.line_id in goods else by_rate[line.tax_percent])
            for line in with_own_taxes(order, rates)
        ]

    def _product_taxes(self, line: ShopLine):
        """Return the taxes of a line's article; those of most articles for an unknown one."""
        product = self.product(line)
        if product == self.account.unknown_product_id:
            return self.company.account_sale_tax_id
        return product.taxes_id._filter_taxes_by_company(self.company)

    def _own_taxes(self, taxes, gross: bool, position):
        """Return what the fiscal position makes of our own ``taxes``, for gross or net prices."""
        key = (taxes, gross, position)
        if key not in self._own:
            rows = self.account.tax_ids
            net = {row.gross_tax_id: row.net_tax_id for row in rows}
            plain = taxes.browse([net.get(tax, tax).id for tax in taxes])
            mapped = position.map_tax(plain) if position else plain
            self._own[key] = mapped.browse([self._twin(tax, gross).id for tax in mapped])
        return self._own[key]

    def _twin(self, tax, gross: bool):
        """Return ``tax`` in the form for gross or net prices; none is made while importing."""
        if tax.price_include == gross or not tax.amount:
            return tax
        for row in self.account.tax_ids:
            if tax in (row.net_tax_id, row.gross_tax_id):
                return row.gross_tax_id if gross else row.net_tax_id
        names = {"account": self.account.name, "tax": tax.name}
        missing = (
            self.env._("The account “%(account)s” has no gross form of the tax “%(tax)s”.", **names)
            if gross
            else self.env._(
                "The account “%(account)s” has no net form of the tax “%(tax)s”.", **names
            )
        )
        raise PayloadError(
            missing,
            self.env._("Press “Find taxes” under “Taxes” in the account, then press Retry."),
            "tax_percent",
        )

    # -- rates the shop states ---------------------------------------------

    def taxes(self, percent: Decimal, gross: bool, position, country):
        """Return the taxes that make the rate the shop stated; its rate wins over what we would
        have charged.
        """
        key = (percent, gross, position, country)
        if key not in self._taxes:
            self._taxes[key] = self._find_taxes(float(percent), gross, position, country)
        return self._taxes[key]

    def _find_taxes(self, percent: float, gross: bool, position, country):
        rows = self.account.tax_ids
        column = "gross_tax_id" if gross else "net_tax_id"
        taxes = self._mapped_taxes(percent, column, position)
        if taxes is not None:
            return taxes
        for wanted in (country, self.env["res.country"]):
            for row in rows:
                if row.country_id == wanted and abs(row.percent - percent) < 0.0005:
                    return row[column]
        raise PayloadError(
            self.env._(
                "The shop charges %(percent)s %% tax, a rate the account “%(account)s” does not "
                "know.",
                percent=f"{percent:g}",
                account=self.account.name,
            ),
            self.env._("Add the rate under “Taxes” in the account, then press Retry."),
            "tax_percent",
        )

    def _mapped_taxes(self, percent: float, column: str, position):
        """Return what the fiscal position makes of our own rates, where that is the stated rate."""
        if not position:
            return None
        rows = self.account.tax_ids
        by_net = {row.net_tax_id: row for row in rows}
        for row in rows.filtered(lambda row: not row.country_id and row.percent):
            mapped = position.map_tax(row.net_tax_id)
            if not mapped and not percent:
                return mapped
            if len(mapped) != 1 or abs(mapped.amount - percent) >= 0.0005:
                continue
            if not percent:
                return mapped
            if mapped in by_net:
                return by_net[mapped][column]
        return None


def _percent(taxes) -> Decimal:
    """Return the rate of ``taxes`` together."""
    return sum((Decimal(repr(tax.amount)) for tax in taxes), ZERO).normalize()


def vies_demanded(company) -> bool:
    """Whether the company trusts VAT ids only after asking VIES (a setting of `base_vat`, which
    need not be installed).
    """
    return "vat_check_vies" in company._fields and company.vat_check_vies
