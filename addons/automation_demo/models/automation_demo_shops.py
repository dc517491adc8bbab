"""The demo company's shops: how they are reached, and which offer stands for which article."""

from datetime import timedelta

from odoo import api, fields, models

from ..lib.catalogue import CHANNELS, offers

COLLECTED = ("card", "debit", "paypal")
HISTORY = 40  # days before the demo's first one from which on the shops' orders are taken


class AutomationDemo(models.AbstractModel):
    _inherit = "automation.demo"

    @api.model
    def _connect(self, settings: dict[str, dict], smtp_port: int) -> None:
        """Tie the company to the demo's shops and to its mail catcher.

        :param settings: the fields by which shops are reached, by the name of our record
        """
        self.env.ref("automation_demo.mail_server").write(
            {"smtp_host": "127.0.0.1", "smtp_port": smtp_port, "active": True}
        )
        for name, vals in settings.items():
            self.env.ref(f"automation_demo.{name}").write(vals)
        since = fields.Datetime.now() - timedelta(days=HISTORY)
        self._accounts().filtered(lambda account: not account.live).import_from = since
        self.env.ref("automation_demo.source_paypal").paypal_from = since

    @api.model
    def _account(self, channel: str):
        return self.env.ref(f"automation_demo.account_{channel}")

    @api.model
    def _accounts(self):
        return self.env["shop.account"].union(*(self._account(channel) for channel in CHANNELS))

    @api.model
    def _open_shops(self) -> None:
        """Go live; the offers are read next."""
        # the files of this shop do not say that it has collected the money
        payments = self._account("yatego").payment_map_ids
        payments.filtered(lambda row: row.pattern in COLLECTED).paid = "always"
        accounts = self._accounts()
        accounts.write({"live": True, "report_stock": True})
        accounts._start_listings()
        self._sources().live = True

    @api.model
    def _match_offers(self) -> None:
        """Jana tells which of our articles the offers with other numbers are, and enters those of
        the shop that cannot list them.
        """
        listings = self.env["shop.listing"]
        for channel in CHANNELS:
            account = self._account(channel)
            by_sku = listings.search([("account_id", "=", account.id)]).grouped("sku")
            new = []
            for offer in offers(channel):
                vals = {"product_id": self._article(offer.article).id, "pack_factor": offer.pack}
                found = by_sku.get(offer.sku)
                if not found:
                    vals |= {"account_id": account.id, "sku": offer.sku, "name": offer.name}
                    new.append(vals)
                elif not found.product_id or offer.pack > 1:
                    found.write(vals)
            listings.create(new)

    @api.model
    def _article(self, sku: str):
        if not sku:
            return self.env["product.product"]
        return self.env.ref(f"automation_demo.product_{sku.lower().replace('-', '_')}")
