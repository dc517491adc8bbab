"""From raw data to sales orders, in batches; what cannot be understood is put aside, the rest goes
on.
"""

from odoo import api, fields, models

from ..lib.check import check_order
from ..lib.facts import Facts, facts
from ..lib.order import PayloadError, ShopLine, ShopOrder
from ..lib.pricing import with_taxes

BATCH = 100
MAX_ATTEMPTS = 5


class Reading:
    """One interpreted order on its way into the database."""

    __slots__ = ("facts", "lines", "order", "record")

    def __init__(self, record, order: ShopOrder) -> None:
        self.record = record
        self.order = order
        self.lines: tuple[ShopLine, ...] = with_taxes(order) if order.lines else ()
        self.facts: Facts = facts(order, self.lines)


class ShopOrderInterpret(models.Model):
    _inherit = "shop.order"

    @api.model
    def _cron_interpret(self):
        """Interpret all waiting shop orders. **Commits** per batch."""
        domain = [
            ("state", "=", "new"),
            "|",
            ("next_try", "=", False),
            ("next_try", "<=", fields.Datetime.now()),
        ]
        self._batch_run(
            domain,
            lambda records: records._interpret(),
            on_error=lambda record, error: record._in_its_language()._interpret_failed(error),
            size=BATCH,
        )

    def _interpret(self) -> None:
        """Turn the raw data of these records into new, changed or cancelled sales orders."""
        for account, records in self.grouped("account_id").items():
            records = records._in_its_language().with_company(account.company_id)
            records = records.with_context(automation_engine=True)
            readings = records._read_payloads()
            known = records._known_sales()
            records._apply_changes([r for r in readings if r.record in known])
            records._import_new(
                account.with_env(records.env), [r for r in readings if r.record not in known]
            )
        self._close_quarantine()

    def _read_payloads(self) -> list[Reading]:
        """Parse and check; an unreadable payload is put aside and left out of the result."""
        self.fetch(["payload"])
        readings = []
        for record in self:
            try:
                order = record.account_id._channel_parse_order(record.payload or "")
                check_order(order)
                readings.append(Reading(record, order))
            except PayloadError as error:
                record._quarantine(error.message, error.hint, error.field)
            except Exception as error:
                record._quarantine(
                    self.env._(
                        "The shop's data could not be understood (%(kind)s: %(text)s).",
                        kind=type(error).__name__,
                        text=str(error)[:200],
                    ),
                    self.env._(
                        "Look at the raw data, tell whoever maintains the channel, then press "
                        "Retry."
                    ),
                )
        return readings

    def _known_sales(self):
        """Return those of these records that have a sales order."""
        sales = self.env["sale.order"].search([("shop_order_id", "in", self.ids)])
        return sales.shop_order_id

    def _import_new(self, account, readings: list[Reading]) -> None:
        cancelled = [reading for reading in readings if reading.order.state == "cancelled"]
        self._finish(cancelled, "ignored")
        if wanted := [reading for reading in readings if reading.order.state != "cancelled"]:
            self._finish(self.env["shop.writer"]._write_orders(account, wanted), "imported")

    def _finish(self, readings: list[Reading], state: str) -> None:
        """Note what became of the orders."""
        records = self.browse([reading.record.id for reading in readings])
        records.write({"state": state, "error_path": False, "hint": False})
        for reading in readings:
            reading.record.facts = reading.facts
        records._register_success()

    def _interpret_failed(self, error: Exception) -> None:
        """Put the record off after an unexpected failure, aside after the fifth."""
        self._register_failure(error)
        if self.attempts >= MAX_ATTEMPTS:
            self._quarantine(self.last_error)

    def _close_quarantine(self) -> None:
        mended = self.filtered(lambda record: record.state not in ("new", "quarantined"))
        self.env["automation.case"]._settle(mended, codes=["shop:quarantine"])
