"""What an order says beside its lines: promises, what left, what holds it, what to keep."""

from datetime import UTC

from odoo import fields, models

from odoo.addons.automation_core.translated import translated

from ..lib.order import PayloadError, ShopAddress, ShopLine, ShopOrder
from ..lib.pricing import states_rates, tax_gap
from .shop_lookup import Lookup
from .shop_order_interpret import Reading

TAX = "shop:tax"
ORIGIN = "shop:origin"
STOCK = "shop:stock"


class ShopWriter(models.AbstractModel):
    _inherit = "shop.writer"

    # -- only kept ---------------------------------------------------------

    def _reserve(self, account, readings: list[Reading]) -> None:
        """Keep the goods of orders that are not paid yet."""
        lookup = Lookup(account, [reading.order for reading in readings])
        self.env["shop.reservation"]._replace(
            account,
            [(reading.record, reading.order.reservations) for reading in readings],
            lookup.products,
        )
        self._release_merged(account, readings)

    # -- promises ----------------------------------------------------------

    def _prepare_promise_vals(self, order: ShopOrder) -> dict:
        return {
            "commitment_date": _naive(order.ship_by),
            "shop_hurry": order.hurry,
            "delivery_note": order.delivery_note or False,
            "shop_address": order.delivery.as_sent or False,
            "shop_gone": order.treatment == "history" or order.by_channel,
            "shop_by_channel": order.by_channel,
        }

    def _update_terms(self, order: ShopOrder, sale) -> None:
        """The shop promises another date or speed; what it does not say any more stays."""
        vals = {
            "commitment_date": _naive(order.ship_by),
            "shop_hurry": order.hurry,
            "delivery_note": order.delivery_note,
        }
        sale.write({name: value for name, value in vals.items() if value})
        if order.hurry:
            todo = sale.picking_ids.filtered(lambda picking: picking.state not in DONE)
            todo.priority = "1"

    # -- what has left -----------------------------------------------------

    def _prepare_gone_vals(self, lookup: Lookup, order: ShopOrder, line: ShopLine, product) -> dict:
        """Return how much of a line had left before the import, and whether our stock has to know
        (see :mod:`.sale_order_gone`).
        """
        gone = _gone_quantity(order, line)
        if not gone:
            return {}
        moved = self._is_in_our_stock(lookup.account, order) and not _needs_person(
            lookup, order, product
        )
        return {"shop_gone_qty": float(gone), "shop_gone_moved": moved}

    def _is_in_our_stock(self, account, order: ShopOrder) -> bool:
        """Whether Odoo still believes to have goods that have left."""
        if order.by_channel:
            return bool(account.channel_warehouse_id)
        return not account.stock_since or _naive(order.ordered_at) >= account.stock_since

    def _stock_questions(self, lookup: Lookup, order: ShopOrder, sale) -> list[dict]:
        """Ask to correct the stock of what left and cannot be taken out by itself."""
        lines = sale.order_line.filtered(
            lambda line: (
                line.shop_gone_qty
                and not line.shop_gone_moved
                and line.product_id.type == "consu"
                and _needs_person(lookup, order, line.product_id)
            )
        )
        if not lines or not self._is_in_our_stock(lookup.account, order):
            return []
        names = ", ".join(
            f"{line.shop_gone_qty:g} × {line.product_id.display_name}" for line in lines
        )
        return [
            {
                "record": sale,
                "code": STOCK,
                "blocking": False,
                "seen": names,
                "name": self.env._("Goods of order %s left past the stock", sale.name),
                "explanation": self.env._(
                    "They had been sent before the order came here: %s. Odoo does not know which "
                    "pieces (lot numbers, delivery in several steps): correct the stock by hand.",
                    names,
                ),
            }
        ]

    # -- taxes -------------------------------------------------------------

    def _tax_questions(self, lookup: Lookup, reading: Reading, sale) -> list[dict]:
        """Ask about taxes that the shop and we see differently, or that nobody has settled."""
        order, account = reading.order, lookup.account
        if order.tax_model == "marketplace":
            return []
        if lookup.ships_from_abroad(order) and not account.abroad_position_id:
            return [self._origin_question(lookup, order, sale)]
        if states_rates(order):
            return []
        rated = lookup.rated(
            order, reading.lines, sale.fiscal_position_id, sale.partner_shipping_id.country_id
        )
        gap = tax_gap(order, [line for line, _taxes in rated])
        return [self._gap_question(sale, *gap)] if gap else []

    def _ask_taxes_again(self, lookup: Lookup, reading: Reading, sale) -> None:
        """After a change: raise what is doubtful now, settle what was."""
        cases = self._tax_questions(lookup, reading, sale)
        gone = {TAX, ORIGIN} - {case["code"] for case in cases}
        self.env["automation.case"]._raise(cases)
        self.env["automation.case"]._settle(sale, codes=list(gone))

    def _gap_question(self, sale, ours, theirs) -> dict:
        money = sale.currency_id.format
        return {
            "record": sale,
            "code": TAX,
            "seen": f"{ours}:{theirs}",
            "name": self.env._(
                "Tax %(ours)s differs from the shop's %(theirs)s",
                ours=money(float(ours)),
                theirs=money(float(theirs)),
            ),
            "explanation": self.env._(
                "The shop states no rates, so the articles' own taxes were taken, through the "
                "fiscal position “%s”. Look at the articles' taxes and the buyer's country; "
                "correct the order or go on anyway.",
                sale.fiscal_position_id.name or "-",
            ),
        }

    def _origin_question(self, lookup: Lookup, order: ShopOrder, sale) -> dict:
        warehouse = lookup.warehouse(order.by_channel)
        return {
            "record": sale,
            "code": ORIGIN,
            "seen": warehouse.partner_id.country_id.code,
            "name": self.env._(
                "The goods leave from %s: which tax is due?", warehouse.partner_id.country_id.name
            ),
            "explanation": self.env._(
                "The warehouse “%(warehouse)s” is abroad, and the account “%(account)s” names no "
                "fiscal position for that. Choose one in the account for the next orders; correct "
                "the taxes of this one.",
                warehouse=warehouse.name,
                account=lookup.account.name,
            ),
        }

    # -- holds -------------------------------------------------------------

    def _hold_cases(self, reading: Reading, sale, holds) -> list[dict]:
        """Return what the channel wants a person to look at."""
        blocking = sale._shop_progress() != "shipped"
        return [
            {
                "record": sale,
                "code": hold.code,
                "seen": reading.facts["holds"][hold.code],
                "blocking": blocking,
                "name": translated(self.env, hold.text),
                "explanation": translated(self.env, hold.explanation),
            }
            for hold in holds
        ]

    def _update_holds(self, reading: Reading, sale, before: dict) -> None:
        """Raise what is new or says something else; settle what the shop does not say any more."""
        now = reading.facts["holds"]
        holds = [hold for hold in reading.order.holds if before.get(hold.code) != now[hold.code]]
        cases = self.env["automation.case"]
        cases._raise(self._hold_cases(reading, sale, holds))
        if gone := before.keys() - now.keys():
            cases._settle(
                sale, codes=list(gone), note=self.env._("The shop does not say so any more.")
            )

    # -- addresses of released orders --------------------------------------

    def _move_released(self, reading: Reading, sale, parts: set[str]) -> set[str]:
        """Change addresses of a released order where that is still harmless; return which."""
        lookup = Lookup(reading.record.account_id, [reading.order])
        try:
            lookup.check(reading.order, reading.lines)
        except PayloadError:
            return set()
        [people] = self._resolve_people(lookup, [reading.order])
        done = set()
        if "billing" in parts and not sale.invoice_ids.filtered(lambda m: m.state != "cancel"):
            sale.partner_invoice_id = people.invoice
            done.add("billing")
        if "delivery" in parts and self._may_move(sale, people.delivery):
            self._move_delivery(sale, people.delivery, reading.order.delivery)
            done.add("delivery")
        return done

    def _may_move(self, sale, place) -> bool:
        """Whether nobody has a printed address in hands, and no tax depends on it."""
        same_country = place.country_id == sale.partner_shipping_id.country_id
        return same_country and sale._shop_progress() == "released"

    def _move_delivery(self, sale, place, address: ShopAddress) -> None:
        """Send the open deliveries to ``place``, and tell whoever looks at them."""
        text = self.env._(
            "The shop changed the delivery address from “%(old)s” to “%(new)s”.",
            old=sale.partner_shipping_id._display_address(without_company=True).replace("\n", ", "),
            new=place._display_address(without_company=True).replace("\n", ", "),
        )
        # core would ask a person to change the deliveries: that is done here
        sale.with_context(mail_activity_automation_skip=True).write(
            {"partner_shipping_id": place.id, "shop_address": address.as_sent or False}
        )
        todo = sale.picking_ids.filtered(lambda picking: picking.state not in DONE)
        todo.partner_id = place
        for picking in todo:
            picking.message_post(body=text)
        self.env["automation.log"]._add([(sale, "shop", text)])


DONE = ("done", "cancel")


def _gone_quantity(order: ShopOrder, line: ShopLine):
    if line.kind != "product":
        return 0
    if order.treatment == "history" or order.by_channel:
        return line.quantity
    return min(dict(order.shipped).get(line.line_id, 0), line.quantity)


def _needs_person(lookup: Lookup, order: ShopOrder, product) -> bool:
    """Whether goods that have left cannot be taken out of stock by themselves."""
    steps = lookup.warehouse(order.by_channel).delivery_steps or "ship_only"
    return product.tracking != "none" or steps != "ship_only"


def _naive(moment):
    """Return ``moment`` as Odoo stores it; ``False`` for none."""
    return (
        fields.Datetime.to_datetime(moment.astimezone(UTC).replace(tzinfo=None))
        if moment
        else False
    )
