"""The way from a new account to a live one, a step at a time; it can be left and taken up again."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

STEPS = [
    ("login", "Access"),
    ("test", "Connection"),
    ("skus", "Articles"),
    ("policy", "Rules"),
    ("trial", "Trial run"),
    ("done", "Live"),
]
READING_STEPS = ("skus", "policy", "trial")  # the shop's offers may be read
TRIAL_DAYS = 30
TRIAL_SIZE = 50


class ShopAccount(models.Model):
    _inherit = "shop.account"

    setup_step = fields.Selection(
        STEPS, default="login", required=True, copy=False, help="How far the set-up has got."
    )
    trial_text = fields.Char("Last trial run", readonly=True, copy=False)
    trial_date = fields.Datetime("Tried", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        """Override for accounts that are made live at once, by programs: they need no guide."""
        for vals in vals_list:
            if vals.get("live"):
                vals.setdefault("setup_step", "done")
        return super().create(vals_list)

    def write(self, vals):
        """Override: an account that goes live is set up."""
        if vals.get("live"):
            vals = {**vals, "setup_step": "done"}
        return super().write(vals)

    # -- the guide ---------------------------------------------------------

    def action_setup_next(self):
        """Go one step on; what the step left is done or checked on the way."""
        self.ensure_one()
        if self.setup_step == "login":
            self.action_check()
        if self.setup_step == "test" and not self.check_ok:
            self.action_check()
            if not self.check_ok:
                return True  # the answer on the page says what is missing
        if self.setup_step == "trial" and not self.trial_date:
            raise UserError(self.env._("Press “Try it” first: it shows what orders would become."))
        names = [name for name, _label in STEPS]
        if self.setup_step in ("trial", "done"):
            self.live = True
        else:
            self.setup_step = names[names.index(self.setup_step) + 1]
            if self.setup_step == "skus":
                self._start_listings(quiet=True)
        return True

    def action_setup_back(self):
        """Go back one step."""
        self.ensure_one()
        names = [name for name, _label in STEPS]
        self.setup_step = names[max(0, names.index(self.setup_step) - 1)]
        return True

    def action_setup_skip(self):
        """Leave the guide; the account is as it is."""
        self.setup_step = "done"
        return True

    # -- trial run ---------------------------------------------------------

    def action_trial(self):
        """Import the latest orders for a look, and take everything back."""
        self.ensure_one()
        self.check_access("write")
        # sudo: the inbox and the credentials are the program's
        found = self.sudo().with_company(self.company_id)._try_orders()
        trial = self.env["shop.trial"].create(
            {"account_id": self.id, "line_ids": [fields.Command.create(row) for row in found]}
        )
        self.write({"trial_date": fields.Datetime.now(), "trial_text": trial.text})
        return trial._get_records_action(
            target="new",
            name=self.env._("Trial run"),
            context={"dialog_size": "extra-large"},
        )

    def _try_orders(self) -> list[dict]:
        """Return the values of ``shop.trial.line`` for the orders of the last weeks.

        They take exactly the way they would take in earnest, in a savepoint that is rolled back.
        """
        savepoint = self.env.cr.savepoint()
        try:
            earliest = fields.Datetime.now() - timedelta(days=TRIAL_DAYS)
            self.import_from = min(self.import_from or earliest, earliest)
            try:
                page = self._channel_fetch_orders({})
            except Exception as error:
                raise UserError(self._error_sentence(error)) from error
            inbox = self.env["shop.order"]
            raws = page.orders[:TRIAL_SIZE]
            inbox._store(self, raws)
            records = inbox.search(
                [
                    ("account_id", "=", self.id),
                    ("external_id", "in", [raw.external_id for raw in raws]),
                ],
                order="id",
            )
            records.filtered(lambda record: record.state == "new")._interpret()
            return [record._trial_vals() for record in records]
        finally:
            savepoint.close(rollback=True)
