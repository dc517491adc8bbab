from odoo import api, models
from odoo.fields import Command

from ..lib.catalogue import ARTICLES, Article, ean

MODULE = "automation_demo"
EDGES = ("parcel_length", "parcel_width", "parcel_height")


class AutomationDemo(models.AbstractModel):
    """The demo company's articles and stock."""

    _name = "automation.demo"
    _description = "Demo company"

    @api.model
    def _make_articles(self) -> None:
        """Create the catalogue's articles and their categories."""
        taxes = self._get_taxes()
        categories = self._make_categories()
        products = self.env["product.product"].create(
            [
                self._prepare_article_vals(article, position, categories, taxes)
                for position, article in enumerate(ARTICLES, start=1)
            ]
        )
        self._name_records(
            {
                f"product_{article.sku.lower().replace('-', '_')}": product
                for article, product in zip(ARTICLES, products, strict=True)
            }
        )

    @api.model
    def _prepare_article_vals(self, article: Article, position: int, categories, taxes) -> dict:
        return {
            "name": article.title,
            "default_code": article.sku,
            "barcode": ean(position),
            "categ_id": categories[article.category].id,
            "type": "consu",
            "is_storable": True,
            "invoice_policy": "delivery",
            # prices of the catalogue are what private buyers pay
            "list_price": round(article.price * 100 / (100 + article.tax), 2),
            "standard_price": round(article.price * 0.45, 2),
            "weight": article.weight,
            "taxes_id": [Command.set(taxes[article.tax].ids)],
            **dict(zip(EDGES, article.edges, strict=True)),
        }

    @api.model
    def _make_categories(self) -> dict:
        names = list(dict.fromkeys(article.category for article in ARTICLES))
        records = self.env["product.category"].create([{"name": name} for name in names])
        self._name_records(
            {f"category_{place}": record for place, record in enumerate(records, start=1)}
        )
        return dict(zip(names, records, strict=True))

    @api.model
    def _get_taxes(self) -> dict:
        """Return the company's ordinary domestic sales tax of each rate."""
        company = self.env.company
        taxes = self.env["account.tax"].search(
            [
                *self.env["account.tax"]._check_company_domain(company),
                ("type_tax_use", "=", "sale"),
                ("amount_type", "=", "percent"),
                ("amount", "in", [article.tax for article in ARTICLES]),
                ("original_tax_ids", "=", False),
            ],
            order="sequence, id",
        )
        rates = {article.tax for article in ARTICLES}
        return {
            rate: taxes.filtered(lambda tax, rate=rate: tax.amount == rate)[:1] for rate in rates
        }

    @api.model
    def _make_stock(self) -> None:
        """Put the articles on the warehouse's shelves."""
        location = self.env["stock.warehouse"].search([], limit=1).lot_stock_id
        for position, article in enumerate(ARTICLES, start=1):
            product = self.env["product.product"].search([("barcode", "=", ean(position))])
            self.env["stock.quant"]._update_available_quantity(product, location, article.stock)

    @api.model
    def _name_records(self, records: dict) -> None:
        """Give records external ids, so that the demo finds them again."""
        self.env["ir.model.data"]._update_xmlids(
            [
                {"xml_id": f"{MODULE}.{name}", "record": record, "noupdate": True}
                for name, record in records.items()
            ]
        )
