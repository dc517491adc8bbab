from odoo import api, fields, models


class ShopTax(models.Model):
    """Which of the company's taxes a rate stated by the shop is, for net and for gross prices."""

    _name = "shop.tax"
    _description = "Tax rate of a shop"
    _order = "account_id, country_id, percent desc, id"
    _check_company_auto = True

    account_id = fields.Many2one("shop.account", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    percent = fields.Float("Rate (%)", digits=(6, 3), required=True)
    country_id = fields.Many2one(
        "res.country", "Buyer's country", help="Empty: all other countries."
    )
    net_tax_id = fields.Many2one(
        "account.tax",
        "For net prices",
        required=True,
        check_company=True,
        domain="[('type_tax_use', '=', 'sale'), ('company_id', '=', company_id)]",
    )
    gross_tax_id = fields.Many2one(
        "account.tax",
        "For gross prices",
        required=True,
        check_company=True,
        domain="[('type_tax_use', '=', 'sale'), ('company_id', '=', company_id)]",
    )

    _rate_uniq = models.UniqueIndex(
        "(account_id, percent, COALESCE(country_id, 0))", "This tax rate is there twice."
    )


class ShopAccount(models.Model):
    _inherit = "shop.account"

    def _set_up_taxes(self) -> None:
        """Add the company's tax rates that the account does not know yet, with a twin for gross
        prices.

        Done when an account is made, not while orders are imported. Rates of other countries come
        from fiscal positions that apply by themselves to private buyers there (as the OSS ones do).
        """
        self.ensure_one()
        known = {(line.percent, line.country_id.id) for line in self.tax_ids}
        wanted = {(tax.amount, False): tax for tax in self._home_taxes()}
        wanted.update(self._foreign_taxes(wanted.values()))
        # sudo: an automation manager need not be an accountant to let the account find its taxes
        self.sudo().tax_ids = [
            fields.Command.create(
                {
                    "percent": percent,
                    "country_id": country_id,
                    "net_tax_id": self._tax_twin(tax, "tax_excluded").id,
                    "gross_tax_id": self._tax_twin(tax, "tax_included").id,
                }
            )
            for (percent, country_id), tax in wanted.items()
            if (percent, country_id) not in known
        ]

    def _home_taxes(self):
        """Return one sales tax per rate: the company's default, else the plainest one."""
        company = self.company_id
        default = company.account_sale_tax_id
        taxes = self._company_taxes()
        chosen = {}
        for tax in taxes.sorted(
            lambda tax: (tax != default, bool(tax.original_tax_ids), tax.sequence, tax.id)
        ):
            chosen.setdefault(tax.amount, tax)
        return list(chosen.values())

    def _foreign_taxes(self, taxes) -> dict:
        positions = (
            self.env["account.fiscal.position"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("auto_apply", "=", True),
                    ("vat_required", "=", False),
                    ("country_id", "!=", False),
                    ("country_id", "!=", self.company_id.account_fiscal_country_id.id),
                ]
            )
        )
        found = {}
        for position in positions:
            for tax in taxes:
                mapped = position.map_tax(tax)
                if len(mapped) == 1 and mapped != tax and mapped.amount:
                    found.setdefault((mapped.amount, position.country_id.id), mapped)
        return found

    def _company_taxes(self):
        company = self.company_id
        # sudo: see _set_up_taxes
        return (
            self.env["account.tax"]
            .sudo()
            .with_company(company)
            .search(
                [
                    ("company_id", "=", company.id),
                    ("type_tax_use", "=", "sale"),
                    ("amount_type", "=", "percent"),
                    ("amount", ">=", 0),
                    ("country_id", "=", company.account_fiscal_country_id.id),
                ]
            )
        )

    @api.model
    def _tax_twin(self, tax, price_include: str):
        """Return ``tax`` itself or its twin for gross (``tax_included``) or net (``tax_excluded``)
        prices.
        """
        gross = price_include == "tax_included"
        if tax.price_include == gross or not tax.amount:
            return tax
        name = self.env._("%s gross", tax.name) if gross else self.env._("%s net", tax.name)
        twins = tax.with_context(active_test=False).search(
            [
                ("company_id", "=", tax.company_id.id),
                ("name", "=", name),
                ("amount", "=", tax.amount),
            ]
        )
        if twin := twins.filtered(lambda twin: twin.price_include == gross)[:1]:
            return twin
        return tax.copy(
            {
                "name": name,
                "price_include_override": price_include,
                "invoice_label": tax.invoice_label,
                "original_tax_ids": [fields.Command.set(tax.original_tax_ids.ids)],
            }
        )
