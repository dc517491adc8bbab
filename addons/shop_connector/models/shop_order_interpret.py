"""From raw data to sales orders, in batches; what cannot be understood is put aside, the rest goes
on.
"""

from odoo import api, fields, models

from ..lib.check import check_order
from ..lib.facts import Facts, facts, merged
from ..lib.order import PayloadError, ShopLine, ShopOrder
from ..lib.pricing import states_rates, with_taxes

BATCH = 100
MAX_ATTEMPTS = 5
NOT_YET = ("ignore", "reserve")


class Reading:
    """One interpreted order on its way into the database.

    ``lines`` have a tax rate each where the shop states any; where it states none the writer finds
    our own. ``left_open`` are the changed parts that a person has to decide about.
    """

    __slots__ = ("facts", "left_open", "lines", "order", "record")

    def __init__(self, record, order: ShopOrder) -> None:
        self.record = record
        self.order = order
        self.lines: tuple[ShopLine, ...] = with_taxes(order) if states_rates(order) else order.lines
        self.facts: Facts = facts(order, self.lines)
        self.left_open: set[str] = set()

    @property
    def fate(self) -> str:
        """What becomes of an order that was not imported before."""
        if self.order.state == "cancelled" or self.order.treatment == "ignore":
            return "ignored"
        return "reserved" if self.order.treatment == "reserve" else "imported"


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
        """Import, reserve or ignore orders that have no sales order yet."""
        by_fate: dict[str, list[Reading]] = {"ignored": [], "reserved": [], "imported": []}
        for reading in readings:
            by_fate[reading.fate].append(reading)
        writer = self.env["shop.writer"]
        if by_fate["reserved"]:
            writer._reserve(account, by_fate["reserved"])
        if by_fate["imported"]:
            by_fate["imported"] = writer._write_orders(account, by_fate["imported"])
        for state, done in by_fate.items():
            self._finish(done, state)
        self.browse(
            [reading.record.id for fate in ("ignored", "imported") for reading in by_fate[fate]]
        )._release_goods()

    def _release_goods(self) -> None:
        """Nothing has to be kept for these orders any more."""
        self.env["shop.reservation"]._release(self)

    def _finish(self, readings: list[Reading], state: str) -> None:
        """Note what became of the orders, and what the shop has said of them so far."""
        if not readings:
            return
        records = self.browse([reading.record.id for reading in readings])
        records._finish_plain(state)
        for reading in readings:
            before = reading.record.facts or {}
            whole = merged(before, reading.facts)
            kept = {part: before[part] for part in reading.left_open if part in before}
            reading.record.write(
                {
                    "facts": whole | kept,
                    "facts_open": whole if reading.left_open else False,
                    "extra": reading.order.extra or reading.record.extra,
                    "replaces": reading.order.replaces or reading.record.replaces,
                }
            )

    def _interpret_failed(self, error: Exception) -> None:
        """Put the record off after an unexpected failure, aside after the fifth."""
        self._register_failure(error)
        if self.attempts >= MAX_ATTEMPTS:
            self._quarantine(self.last_error)

    def _close_quarantine(self) -> None:
        mended = self.filtered(lambda record: record.state not in ("new", "quarantined"))
        self.env["automation.case"]._settle(mended, codes=["shop:quarantine"])
