"""Try a mapping on a real file, change it, import the file's orders."""

import base64
from dataclasses import replace

from markupsafe import Markup
from pytz import timezone

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.translated import translated
from odoo.addons.file_transport.lib.place import join

from ..lib.feed.model import FeedMapping, FileFormat, from_json, to_json
from ..lib.feed.preview import Preview, preview
from ..lib.feed.raw import RawFeed, raw_orders
from ..lib.order import PayloadError
from .shop_feed_trial_row import DECIMALS, HEAD_FORMAT, PLAIN, WORDS, mapping_vals, pairs, split


class ShopFeedTrial(models.TransientModel):
    """One file (or two), tried with a mapping that can be changed on the spot."""

    _name = "shop.feed.trial"
    _description = "Order file, tried"
    _rec_name = "account_id"

    account_id = fields.Many2one("shop.account", required=True, ondelete="cascade")
    heads = fields.Binary("Order file", attachment=False)
    heads_name = fields.Char()
    lines = fields.Binary("File of the lines", attachment=False)
    lines_name = fields.Char()
    mapping = fields.Text(compute="_compute_mapping", store=True, readonly=False)
    result = fields.Html(compute="_compute_result", sanitize=False)
    order_count = fields.Integer("Orders", compute="_compute_result")
    can_change = fields.Boolean(compute="_compute_can_change")

    # -- the format
    layout = fields.Selection(
        [
            ("flat", "One file; each row is a line and repeats its order"),
            ("joined", "Two files: orders and lines"),
            ("nested", "One file; the lines are inside their order"),
        ],
        "Structure",
        required=True,
        default="flat",
    )
    kind = fields.Selection(
        [("csv", "Table (CSV)"), ("xml", "XML"), ("json", "JSON")], required=True, default="csv"
    )
    encoding = fields.Char(default="auto", help="auto: UTF-8, else Windows-1252.")
    delimiter = fields.Char("Sign between columns", default=";")
    quote = fields.Char("Sign around texts", default='"')
    header = fields.Boolean("First row has the names", default=True)
    record_path = fields.Char("Path to the orders")
    lines_path = fields.Char("Path to the lines")
    line_key = fields.Char("Order number in the lines")
    # -- the amounts
    decimal = fields.Selection(DECIMALS, "Numbers", default="comma")
    dates = fields.Char("Forms of dates", default="iso", help="e.g. iso | %d.%m.%Y %H:%M")
    prices = fields.Selection(
        [("gross", "with tax"), ("net", "without tax")], required=True, default="gross"
    )
    total_of = fields.Selection(
        [("order", "the whole order"), ("goods", "the goods only")],
        "The total is of",
        required=True,
        default="order",
    )
    total_prices = fields.Selection(
        [("gross", "with tax"), ("net", "without tax")],
        "The total is",
        required=True,
        default="gross",
    )
    check_total = fields.Selection(
        [
            ("quarantine", "stays in the inbox"),
            ("hold", "is imported and held"),
            ("off", "is imported"),
        ],
        "An order that does not add up",
        required=True,
        default="quarantine",
    )
    tolerance = fields.Char("Tolerated difference", default="0")
    number_prefix = fields.Char("Prefix of order numbers")
    # -- the words
    payments = fields.Text(help="One per line: a word of the shop = code of the payment method")
    carriers = fields.Text(help="One per line: a word of the shop = code of the shipping method")
    countries = fields.Text(help="One per line: a name of the shop = code of the country")
    paid = fields.Char("Codes of paid payments", help="Separated by |")
    cancelled = fields.Char("Words for cancelled", help="Separated by |")
    field_ids = fields.One2many("shop.feed.trial.field", "trial_id", "Fields")
    cost_ids = fields.One2many("shop.feed.trial.cost", "trial_id", "Costs")

    @api.depends_context("uid")
    def _compute_can_change(self):
        self.can_change = self.env["shop.account"].has_access("write")

    # -- loading -----------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """Begin with the account's mapping."""
        vals = super().default_get(fields)
        account = self.env["shop.account"].browse(vals.get("account_id"))
        if account:
            try:
                vals |= mapping_vals(from_json(account.feed_mapping or "{}"))
            except PayloadError as error:
                raise UserError(account._readable(error.message)) from error
        return vals

    # -- the mapping -------------------------------------------------------

    def _get_mapping(self) -> FeedMapping:
        """Return the mapping as the page has it now; parts the page does not show are kept.

        :raises PayloadError: it is not usable
        """
        try:
            known = from_json(self.account_id.feed_mapping or "{}")
        except PayloadError:
            known = FeedMapping()
        form = replace(
            known.heads,
            **{name: self[name] or "" for name in HEAD_FORMAT},
            header=self.header,
        )
        two = self.layout == "joined"
        mapping = replace(
            known,
            **{name: self[name] or "" for name in PLAIN},
            heads=form,
            lines=replace(form, max_bytes=known.lines.max_bytes) if two else FileFormat(),
            dates=split(self.dates) or ("iso",),
            line_key=replace(known.line_key, paths=split(self.line_key)),
            paid=split(self.paid),
            cancelled=split(self.cancelled),
            fields={row.name: row._get_source() for row in self.field_ids if row.name},
            costs=tuple(row._get_cost() for row in self.cost_ids if row.title),
            **{name: pairs(self[name]) for name in WORDS},
        )
        return from_json(to_json(mapping))  # checked at every place

    @api.depends(
        *(*PLAIN, *HEAD_FORMAT, *WORDS, "header", "dates", "line_key", "paid", "cancelled"),
        *(f"field_ids.{name}" for name in ("name", "paths", "joint", "fixed", "decimal")),
        *(f"field_ids.{name}" for name in ("dates", "scale", "html", "optional")),
        *(f"cost_ids.{name}" for name in ("title", "kind", "sign", "tax_percent")),
        *(f"cost_ids.{name}" for name in ("paths", "fixed", "decimal", "optional")),
        "account_id",
    )
    def _compute_mapping(self):
        for trial in self:
            try:
                trial.mapping = to_json(trial._get_mapping())
            except PayloadError:
                trial.mapping = False

    # -- the answer --------------------------------------------------------

    @api.depends("mapping", "heads", "lines")
    def _compute_result(self):
        for trial in self:
            trial.order_count = 0
            trial.result = False
            if not trial.heads:
                continue
            try:
                mapping = replace(trial._get_mapping(), zone=trial.account_id.tz)
                found = preview(mapping, *trial._get_contents())
            except PayloadError as error:
                found = Preview(problem=error.message, hint=error.hint)
            trial.order_count = found.orders
            trial.result = trial._render(found)

    def _get_contents(self) -> tuple[bytes, bytes]:
        # forms ask for the size of a file instead of its content
        trial = self.with_context(bin_size=False)
        return tuple(base64.b64decode(trial[name] or b"") for name in ("heads", "lines"))

    def _render(self, found: Preview) -> Markup:
        say = self.account_id._readable
        used = {path for row in self.field_ids for path in split(row.paths)}
        used |= {path for row in self.cost_ids for path in split(row.paths)}
        columns = [*found.columns.items(), *found.line_columns.items()]
        bad = sum(bool(row.problem) for row in found.rows)
        return self.env["ir.qweb"]._render(
            "shop_connector.feed_preview",
            {
                "found": found,
                "say": say,
                "zone": timezone(self.account_id.tz or "UTC"),
                "used": used | set(split(self.line_key)),
                "columns": columns,
                "bad": bad,
                "summary": self._summary(len(found.rows), bad),
            },
        )

    def _summary(self, shown: int, bad: int) -> str:
        if not shown:
            return self.env._("There are no orders in it.")
        if bad:
            return self.env._(
                "Of the first %(shown)s orders, %(bad)s cannot be read.", shown=shown, bad=bad
            )
        return self.env._("The first %s orders can be read.", shown)

    # -- actions -----------------------------------------------------------

    def action_fetch_sample(self):
        """Take the newest file of the account's place to try, and leave it there."""
        self.ensure_one()
        # sudo: the place's login is the program's
        account = self.account_id.sudo()
        try:
            with account._feed_get_place() as place:
                if account._feed_is_web():
                    raise errors.Rejected(
                        self.env._("Files by web address cannot be looked through."),
                        self.env._("Download one in your browser and put it in here."),
                    )
                for name, pattern in (("heads", account.feed_heads), ("lines", account.feed_lines)):
                    found = place.list(pattern or "*", account.feed_folder or "")[-1:]
                    for file in found if pattern or name == "heads" else ():
                        content = place.fetch(join(account.feed_folder or "", file.name))
                        self[name] = base64.b64encode(content)
                        self[f"{name}_name"] = file.name
        except errors.AutomationError as error:
            raise UserError(account._error_sentence(error)) from error
        if not self.heads:
            raise UserError(self.env._("There is no file yet."))
        return True

    def action_save(self):
        """Keep the mapping for the account."""
        self.ensure_one()
        self._save()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": self.env._("The mapping is saved.")},
        }

    def _save(self) -> None:
        try:
            self.account_id.feed_mapping = to_json(self._get_mapping())
        except PayloadError as error:
            raise UserError(self._sentence(error)) from error

    def action_import(self):
        """Put the orders of the files into the inbox."""
        self.ensure_one()
        self.account_id.check_access("read")
        if not self.heads:
            raise UserError(self.env._("Choose a file first."))
        if self.can_change:
            self._save()
        # sudo: the inbox is written by the program only, whoever uploads the file
        account = self.account_id.sudo()
        try:
            mapping = account._feed_get_mapping()
            raws = raw_orders(RawFeed(*self._get_contents()), mapping)
        except PayloadError as error:
            raise UserError(self._sentence(error)) from error
        self.env["shop.order"].sudo()._store(account, raws)
        self.env["automation.batch"]._trigger_cron("shop_connector.ir_cron_interpret")
        account.message_post(
            body=self.env._(
                "%(count)s orders were uploaded with the file %(name)s.",
                count=len(raws),
                name=self.heads_name or "",
            )
        )
        return self.account_id.action_open_orders()

    def _sentence(self, error: PayloadError) -> str:
        return " ".join(translated(self.env, text) for text in (error.message, error.hint)).strip()
