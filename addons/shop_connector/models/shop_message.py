"""What shops are to be told: rows written with the business step, sent after it is committed."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

CRON = "shop_connector.ir_cron_messages"
OPEN = ("pending", "sending", "waiting")
REASONS = [
    ("no_stock", "Not in stock"),
    ("buyer_request", "The buyer asked for it"),
    ("address", "Address cannot be delivered to"),
    ("unpaid", "Not paid"),
    ("other", "Another reason"),
]


class ShopMessage(models.Model):
    """Outbox of one message per document; what it says is read when it is sent.

    A waiting message of an order stands for everything that happened to the order until it is sent:
    a second delivery meanwhile needs no second message.
    """

    _name = "shop.message"
    _description = "Message to a shop"
    _inherit = ["automation.batch", "automation.retry.mixin"]
    _order = "id desc"

    account_id = fields.Many2one(
        "shop.account", "Shop", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    kind = fields.Selection(
        [
            ("shipment", "Shipment"),
            ("cancellation", "Cancellation"),
            ("invoice", "Invoice"),
            ("stock", "Stock"),
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("sending", "Being sent"),
            ("waiting", "The shop works on it"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("cancelled", "Not needed"),
        ],
        default="pending",
        required=True,
        readonly=True,
    )
    shop_order_id = fields.Many2one(
        "shop.order",
        "Order in the shop",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    sale_order_id = fields.Many2one(
        "sale.order", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    picking_id = fields.Many2one(
        "stock.picking", "Delivery", readonly=True, index="btree_not_null", ondelete="set null"
    )
    move_id = fields.Many2one(
        "account.move",
        "Invoice document",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    text = fields.Text("What was told", readonly=True)
    answer = fields.Text("What the shop answered", readonly=True)
    hint = fields.Char("What to do", readonly=True)
    summary = fields.Char("In short", compute="_compute_summary")
    problem = fields.Char(
        readonly=True, help="A word for what has to be mended before it can be sent."
    )
    sent_date = fields.Datetime("Sent on", readonly=True)
    job = fields.Json(readonly=True, help="How to ask the shop what became of it.")
    items = fields.Json(readonly=True, help="The lines and quantities it was about.")
    uncertain = fields.Boolean(
        "Perhaps told already",
        readonly=True,
        help="An earlier try ended without an answer: the shop is asked what it knows first.",
    )
    lease_until = fields.Datetime(
        readonly=True, help="One process at a time: until then this message is in its hands."
    )

    _waiting_uniq = models.UniqueIndex(
        "(kind, sale_order_id) WHERE state = 'pending' AND kind IN ('shipment', 'cancellation')",
        "This is waiting to be told already.",
    )
    _document_uniq = models.UniqueIndex(
        "(move_id, sale_order_id) WHERE kind = 'invoice'",
        "This invoice is in the outbox already.",
    )
    _open_idx = models.Index("(account_id, id) WHERE state IN ('pending', 'sending', 'waiting')")
    _order_open_idx = models.Index(
        "(sale_order_id, id) WHERE state IN ('pending', 'sending', 'waiting')"
    )

    @api.depends("kind", "sale_order_id", "move_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for message in self:
            document = message.move_id.name or message.sale_order_id.name
            message.display_name = " · ".join(filter(None, [kinds.get(message.kind), document]))

    @api.depends("state", "text", "answer", "last_error", "hint")
    def _compute_summary(self):
        for message in self:
            failing = message.last_error and message.state != "sent"
            texts = (
                (message.last_error, message.hint) if failing else (message.text, message.answer)
            )
            words = " ".join(filter(None, texts)).splitlines()
            message.summary = " · ".join(words) or False

    # ------------------------------------------------------------------
    # Into the outbox (called by the business steps)
    # ------------------------------------------------------------------

    @api.model
    def _enqueue(self, kind: str, rows) -> None:
        """Put messages into the outbox: ``(sale order, picking or move or nothing)`` each.

        Belongs to the business transaction. A message that waits already is touched instead, so
        that a sender which read the order before this transaction cannot take the message as told.
        """
        documents = {
            (order.id, document.id if document and kind == "invoice" else 0): (order, document)
            for order, document in rows
        }
        values = [self._enqueue_values(kind, *documents[key]) for key in sorted(documents)]
        if not values:
            return
        self.env["shop.message"].flush_model()
        self.env.execute_query(
            SQL(
                "INSERT INTO shop_message (account_id, company_id, kind, state, shop_order_id,"
                " sale_order_id, picking_id, move_id, attempts, create_uid, write_uid, create_date,"
                " write_date) VALUES %s %s RETURNING id",
                SQL(", ").join(values),
                self._enqueue_conflict(kind),
            )
        )
        self.env["sale.order"].invalidate_model(["shop_message_ids"])
        self._trigger_cron(CRON)

    @api.model
    def _enqueue_values(self, kind: str, order, document) -> SQL:
        # sudo: whoever ships or cancels need not see the inbox
        shop_order = order.sudo().shop_order_id
        return SQL(
            "(%s, %s, %s, 'pending', %s, %s, %s, %s, 0, %s, %s, %s, %s)",
            order.shop_account_id.id,
            order.company_id.id,
            kind,
            shop_order.id or None,
            order.id,
            document.id if kind == "shipment" else None,
            document.id if kind == "invoice" else None,
            self.env.uid,
            self.env.uid,
            self.env.cr.now(),
            self.env.cr.now(),
        )

    @api.model
    def _enqueue_conflict(self, kind: str) -> SQL:
        if kind == "invoice":
            return SQL("ON CONFLICT (move_id, sale_order_id) WHERE kind = 'invoice' DO NOTHING")
        return SQL(
            "ON CONFLICT (kind, sale_order_id) WHERE state = 'pending'"
            " AND kind IN ('shipment', 'cancellation')"
            " DO UPDATE SET write_date = EXCLUDED.write_date, next_try = NULL"
        )

    @api.model
    def _note(self, account, kind: str, state: str, text: str, answer: str = ""):
        """Write down something that was told already, in one row (used for stock figures)."""
        # sudo: the outbox is written by the program only
        return self.sudo().create(
            {
                "account_id": account.id,
                "company_id": account.company_id.id,
                "kind": kind,
                "state": state,
                "text": text,
                "answer": answer or False,
                "last_error": answer if state == "failed" else False,
                "sent_date": fields.Datetime.now() if state == "sent" else False,
            }
        )

    def _as_program(self):
        """Return these messages with the right to write them, for people who press buttons."""
        self.check_access("read")
        if not self.env.user.has_group("automation_core.group_automation_user"):
            raise AccessError(
                self.env._("Only users of the order automation may steer messages to shops.")
            )
        # sudo: the outbox is written by the program only, whoever presses its buttons
        return self.sudo()
