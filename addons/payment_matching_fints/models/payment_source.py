from datetime import timedelta

from odoo import api, fields, models

SCA_DAYS = 180  # how long a confirmation with a TAN holds at most, by European law
FIRST_DAYS = 30
PRODUCT = "payment_matching_fints.product"
# Another bank or another user: what was agreed with the old one is worth nothing.
ACCESS = ("fints_bank_code", "fints_address", "fints_user", "fints_customer")


class PaymentSource(models.Model):
    _inherit = "payment.source"

    kind = fields.Selection(
        selection_add=[("fints", "Bank account (FinTS)")],
        ondelete={"fints": lambda sources: sources.write({"kind": "upload", "live": False})},
    )
    fints_bank_code = fields.Char("Bank code (BLZ)", copy=False, tracking=True)
    fints_address = fields.Char(
        "FinTS address",
        tracking=True,
        help="The bank's address for PIN/TAN (FinTS 3.0); it begins with https://",
    )
    fints_user = fields.Char(
        "User id", copy=False, help="What you log in with on the bank's pages; not the account."
    )
    fints_customer = fields.Char(
        "Customer id", copy=False, help="Empty: as the user id. Few banks tell them apart."
    )
    fints_product = fields.Char(
        "Product registration number",
        compute="_compute_fints_product",
        inverse="_inverse_fints_product",
        help="The number under which your company has registered this program with the German "
        "banks (fints.org, free of charge). It holds for all bank accounts.",
    )
    fints_state = fields.Selection(
        [
            ("new", "Not connected"),
            ("connected", "Connected"),
            ("tan", "TAN due"),
            ("expired", "Access expired"),
            ("pin_wrong", "PIN wrong"),
            ("refused", "Login refused"),
            ("locked", "Locked by the bank"),
        ],
        "Access",
        default="new",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    fints_bank = fields.Char("Name of the bank", readonly=True, copy=False)
    fints_way = fields.Char("Way to confirm", readonly=True, copy=False)
    fints_medium = fields.Char("Device", readonly=True, copy=False)
    fints_account = fields.Json("Account at the bank", readonly=True, copy=False)
    fints_iban = fields.Char("IBAN", readonly=True, copy=False)
    fints_start = fields.Date(
        "First fetch from",
        default=lambda self: fields.Date.context_today(self) - timedelta(days=FIRST_DAYS),
        help="Banks want a TAN for bookings older than 90 days.",
    )
    fints_confirmed = fields.Date("Last confirmed with a TAN", readonly=True, copy=False)
    fints_valid_until = fields.Date(
        "Valid until",
        compute="_compute_fints_valid_until",
        store=True,
        help="Banks want a TAN at least every 180 days; some sooner.",
    )
    fints_notice = fields.Char("The bank says", readonly=True, copy=False)
    fints_data = fields.Char("What the bank told", groups=fields.NO_ACCESS, copy=False)
    fints_pin_sealed = fields.Char("Sealed PIN", groups=fields.NO_ACCESS, copy=False)
    fints_pin_stored = fields.Boolean(
        "PIN is stored", compute="_compute_fints_pin_stored", store=True, compute_sudo=True
    )
    # a fetch has begun with the stored PIN and nobody knows yet what the bank thought of it
    fints_in_flight = fields.Boolean("Fetch begun", readonly=True, copy=False)

    def _compute_fints_product(self):
        # sudo: parameters are for administrators, this one is for who sets up the account
        self.fints_product = self.env["ir.config_parameter"].sudo().get_param(PRODUCT)

    def _inverse_fints_product(self):
        for source in self:
            # sudo: as above
            parameters = source.env["ir.config_parameter"].sudo()
            parameters.set_param(PRODUCT, (source.fints_product or "").strip())

    @api.depends("fints_confirmed")
    def _compute_fints_valid_until(self):
        for source in self:
            last = source.fints_confirmed
            source.fints_valid_until = last and last + timedelta(days=SCA_DAYS)

    @api.depends("fints_pin_sealed")
    def _compute_fints_pin_stored(self):
        for source in self:
            source.fints_pin_stored = bool(source.fints_pin_sealed)

    @api.depends("fints_state", "fints_pin_stored")
    def _compute_status(self):
        """Override: an access that does not work is trouble; without a PIN people fetch."""
        result = super()._compute_status()
        for source in self.filtered(lambda source: source.kind == "fints" and source.live):
            if source.fints_state != "connected":
                source.status = "error"
            elif source.status == "ok" and not source.fints_pin_stored:
                source.status = "hand"
        return result

    @api.onchange("kind")
    def _onchange_fints_kind(self):
        """Banks do not like to be asked every hour."""
        if self.kind == "fints" and not self.fints_bank_code:
            self.poll_minutes = 360

    def write(self, vals):
        """Another access has to be connected anew, and gets no PIN of the old one."""
        names = [name for name in ACCESS if name in vals]
        changed = self.filtered(
            lambda source: (
                source.kind == "fints"
                and any((source[name] or "") != (vals[name] or "") for name in names)
            )
        )
        result = super().write(vals)
        if changed:
            changed._fints_forget()
        return result
