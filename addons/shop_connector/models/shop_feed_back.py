"""What goes back to a shop that works with files: shipments and stock."""

from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.automation_core.lib import errors
from odoo.addons.file_transport.lib import template
from odoo.addons.file_transport.lib.place import join

from ..lib import outbox
from ..lib.channel import CheckLine
from ..lib.feed import backfiles
from ..lib.order import PayloadError
from .shop_feed_account import CHANNEL

STOCK_CHUNK = 5000


@contextmanager
def _refusing():
    """Name what is wrong with a setting as the outbox expects it."""
    try:
        yield
    except PayloadError as error:
        raise errors.Rejected(error.message, error.hint) from error


class ShopAccount(models.Model):
    _inherit = "shop.account"

    feed_back = fields.Selection(
        [
            ("none", "Nothing goes back"),
            ("place", "Put into a place"),
            ("download", "Kept here to be downloaded"),
        ],
        "Files for the shop are",
        default="none",
        required=True,
    )
    feed_back_place_id = fields.Many2one(
        "file.transport",
        "Put into",
        domain="[('company_id', 'in', [company_id, False])]",
        check_company=True,
        index=True,
        ondelete="restrict",
    )
    feed_back_folder = fields.Char("Folder for the shop", help="Below the place's own folder.")
    feed_shipment_name = fields.Char(
        "Shipment files",
        default="shipment-{number}.csv",
        help="The name of the file about an order: {number}, {now:%Y%m%d}. Empty: the shop is not "
        "told about shipments.",
    )
    feed_shipment_columns = fields.Char(
        "Columns of shipments",
        default="number=Bestellnummer, carrier=Versanddienst, tracking=Sendungsnummer, "
        "date=Versanddatum",
        help="field=Title with commas in between. Fields: number, carrier, tracking, date, url; "
        "with line or quantity there is a row for each item.",
    )
    feed_stock_name = fields.Char(
        "Stock files",
        default="stock-{now:%Y%m%d-%H%M%S}.csv",
        help="Empty: the shop is not told about stock.",
    )
    feed_stock_columns = fields.Char(
        "Columns of stock",
        default="sku=Artikelnummer, quantity=Bestand",
        help="field=Title with commas in between. Fields: sku, quantity.",
    )
    feed_delimiter = fields.Char("Sign between columns", default=";", size=1)
    feed_encoding = fields.Selection(
        [("utf-8", "UTF-8"), ("cp1252", "Windows-1252")],
        "Encoding of files",
        default="utf-8",
        required=True,
    )
    feed_file_count = fields.Integer(compute="_compute_feed_file_count")

    @api.constrains("feed_shipment_columns", "feed_stock_columns", "feed_delimiter", "feed_back")
    def _check_feed_columns(self):
        for account in self.filtered(lambda account: account.channel == CHANNEL):
            try:
                account._feed_table(account.feed_shipment_columns, backfiles.SHIPMENT)
                account._feed_table(account.feed_stock_columns, backfiles.STOCK)
            except PayloadError as error:
                texts = (account._readable(error.message), account._readable(error.hint))
                raise ValidationError(" ".join(texts)) from error

    def _feed_table(self, columns: str, known: tuple[str, ...]) -> backfiles.Table:
        return backfiles.Table(
            columns=backfiles.columns(columns or "", known),
            delimiter=self.feed_delimiter or ";",
            encoding=self.feed_encoding,
            zone=self.tz,
        )

    # -- channel hooks -----------------------------------------------------

    def _channel_report_shipment(self, shipment):
        """Override for order files: a file about the order. It says everything about it, so the
        same file again does no harm.
        """
        if self.channel != CHANNEL:
            return super()._channel_report_shipment(shipment)
        with _refusing():
            table = self._feed_table(self.feed_shipment_columns, backfiles.SHIPMENT)
            content = backfiles.shipment_file(backfiles.shipment_rows(shipment, table), table)
        name = self._feed_file_name(self.feed_shipment_name, shipment.external_id)
        self._feed_hand_over(name, content, table)
        return outbox.Receipt(text=self.env._("Written into the file %s.", name))

    def _channel_report_stock(self, changes):
        """Override for order files: what is not in a file is not touched by the shop."""
        if self.channel != CHANNEL:
            return super()._channel_report_stock(changes)
        return self._feed_report_stock(list(changes))

    def _feed_report_stock(self, changes):
        for start in range(0, len(changes), STOCK_CHUNK):
            chunk = changes[start : start + STOCK_CHUNK]
            self._feed_send_stock(
                [
                    (one.sku, Decimal(one.quantity if one.availability == "normal" else 0))
                    for one in chunk
                ]
            )
            yield outbox.StockReply(
                tuple(outbox.StockOutcome(one.listing_id, ok=True) for one in chunk)
            )

    def _feed_send_stock(self, quantities: list[tuple[str, Decimal]]) -> None:
        """Hand one file of stock figures over. A profile with a form of its own overrides this."""
        with _refusing():
            table = self._feed_table(self.feed_stock_columns, backfiles.STOCK)
            rows = [backfiles.Stock(sku, quantity) for sku, quantity in quantities]
            content = backfiles.stock_file(rows, table)
        self._feed_hand_over(self._feed_file_name(self.feed_stock_name), content, table)

    # -- handing over ------------------------------------------------------

    def _feed_file_name(self, pattern: str, number: str = "") -> str:
        now = datetime.now(UTC)
        values = template.Values(number=number, start=now, end=now, now=now, zone=self.tz)
        return template.file_name(pattern or "", values)

    def _feed_get_back_place(self):
        if not self.feed_back_place_id:
            raise errors.Rejected(
                self.env._("The account does not say where files for the shop go."),
                self.env._("Choose a place on the page “Connection”."),
            )
        return self.feed_back_place_id._place()

    def _feed_hand_over(self, name: str, content: bytes, table: backfiles.Table) -> None:
        """Put a file where the shop takes it from."""
        if self.feed_back == "download":
            self._feed_keep(name, content, table)
            return
        with self._feed_get_back_place() as place:
            place.put(join(self.feed_back_folder or "", name), content)

    def _feed_keep(self, name: str, content: bytes, table: backfiles.Table) -> None:
        """Keep a file here; what has the same name already gets the new rows."""
        # sudo: the outbox writes for whoever shipped; readers of the account may download
        attachments = self.env["ir.attachment"].sudo()
        known = attachments.search([*self._feed_file_domain(), ("name", "=", name)], limit=1)
        if known:
            known.raw = backfiles.merged(known.raw, content, table)
            return
        attachments.create(
            {
                "name": name,
                "raw": content,
                "mimetype": "text/csv",
                "res_model": self._name,
                "res_id": self.id,
                "description": CHANNEL,
            }
        )

    def _feed_file_domain(self):
        return [
            ("res_model", "=", self._name),
            ("res_id", "in", self.ids),
            ("description", "=", CHANNEL),
        ]

    def _compute_feed_file_count(self):
        for account in self:
            count = 0
            if account.channel == CHANNEL and account.feed_back == "download":
                count = self.env["ir.attachment"].search_count(account._feed_file_domain())
            account.feed_file_count = count

    def action_feed_files(self):
        """Show the files that wait to be downloaded."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Files for %s", self.name),
            "res_model": "ir.attachment",
            "view_mode": "kanban,list,form",
            "domain": self._feed_file_domain(),
            "context": {"create": False},
        }

    # -- connection test ---------------------------------------------------

    def _feed_check_back(self) -> list[CheckLine]:
        if self.feed_back != "place" or self.feed_back_place_id == self._feed_get_source():
            return []
        try:
            with self._feed_get_back_place() as place:
                place.check()
        except errors.AutomationError as error:
            return [CheckLine(False, error.message, error.hint)]
        return [CheckLine(True, self.env._("The place for files to the shop answers."))]
