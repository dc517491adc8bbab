import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.automation_core.lib import backoff

CRON = "order_automation.ir_cron_automation_filing"
CASE = "technical:pdf"
CHANGED_CASE = "data:filed"
# Once an invoice is filed these are written by filing itself only, whoever asks.
FILING_FIELDS = frozenset(
    {"filing_state", "filed_attachment_id", "filed_sha256", "filed_date", "filed_checked"}
)
# What the printed invoice says and core lets be written on posted entries.
PRINTED_FIELDS = frozenset(
    {"name", "narration", "paid_in_advance", "partner_bank_id", "payment_reference"}
)
BATCH_SIZE = 40
CHECK_AFTER = timedelta(days=25)


class AccountMove(models.Model):
    """Customer invoices of automated orders are printed once and filed unchangeably."""

    _name = "account.move"
    _inherit = ["account.move", "automation.batch"]

    filing_state = fields.Selection(
        [("due", "To be filed"), ("filed", "Filed")], "Filing", readonly=True, copy=False
    )
    filing_attempts = fields.Integer(readonly=True, copy=False)
    filing_next_try = fields.Datetime(readonly=True, copy=False)
    filing_plain = fields.Boolean(
        "File without e-invoice data",
        readonly=True,
        copy=False,
        help="A person decided that this invoice is filed without embedded data.",
    )
    paid_in_advance = fields.Char(
        readonly=True, copy=False, help="Printed instead of the request to pay."
    )
    filed_attachment_id = fields.Many2one(
        "ir.attachment",
        "Filed document",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    filed_sha256 = fields.Char("Fingerprint (SHA-256)", readonly=True, copy=False)
    filed_date = fields.Datetime("Filed on", readonly=True, copy=False)
    filed_checked = fields.Datetime(
        "Last verified", readonly=True, copy=False, help="When the file was last found unchanged."
    )

    _filing_due_idx = models.Index("(filing_state) WHERE filing_state = 'due'")
    _filed_checked_idx = models.Index("(filed_checked) WHERE filing_state = 'filed'")

    # ------------------------------------------------------------------
    # What is to be filed
    # ------------------------------------------------------------------

    def _post(self, soft=True):
        """Override of `account`: invoices and credit notes of automated orders are to be filed."""
        posted = super()._post(soft)
        due = posted.filtered(
            lambda move: (
                move.move_type in ("out_invoice", "out_refund")
                and not move.filing_state
                and any(order.automation_policy_id for order in move._filing_orders())
            )
        )
        if due:
            due._write_filing({"filing_state": "due"})
            self._trigger_cron(CRON)
        return posted

    def _filing_orders(self):
        """Return the sales orders behind these invoices; a credit note has those of its invoice."""
        lines = self.invoice_line_ids | self.reversed_entry_id.invoice_line_ids
        return lines.sale_line_ids.order_id

    @api.model
    def _filing_due_domain(self) -> Domain:
        now = fields.Datetime.now()
        ready = Domain("filing_next_try", "=", False) | Domain("filing_next_try", "<=", now)
        return Domain("filing_state", "=", "due") & Domain("state", "=", "posted") & ready

    # ------------------------------------------------------------------
    # Filing
    # ------------------------------------------------------------------

    @api.model
    def _cron_file_invoices(self):
        """Print and file what is due. Commits per batch."""
        moves = self.with_context(automation_engine=True, tracking_disable=True)
        finished = moves._batch_run(
            self._filing_due_domain(),
            lambda batch: batch._automation_file_pdf(),
            on_error=lambda move, error: move._in_its_language()._filing_failed(error),
            size=BATCH_SIZE,
        )
        self.env["ir.cron"]._commit_progress(remaining=0 if finished else 1)

    def _automation_file_pdf(self) -> None:
        """Print these invoices once, file them, and let the mails go that wait for the file.

        What was printed before by core's own sending is what the customer has: it is filed as is.
        """
        due = self.filtered(lambda move: move.filing_state == "due" and move.state == "posted")
        for (company, edi_format), moves in due.grouped(
            lambda move: (move.company_id, move._filing_edi_format())
        ).items():
            self.env["account.move.send"].with_company(company).with_context(
                automation_plain_pdf=not edi_format
            )._generate_and_send_invoices(
                moves.with_company(company),
                sending_methods=[],
                extra_edis=[],
                invoice_edi_format=edi_format,
            )
        due._file_documents()
        for moves in due.grouped("company_id").values():
            moves._in_its_language()._filing_succeeded()

    def _filing_edi_format(self) -> str | bool:
        """Return the e-invoice format to embed: for companies always one, unless refused."""
        self.ensure_one()
        partner = self.commercial_partner_id.with_company(self.company_id)
        refused = partner.invoice_edi_format_store == "none"
        if self.filing_plain or refused or not partner.is_company:
            return False
        return partner.invoice_edi_format or "facturx"

    def _file_documents(self) -> None:
        """Make the documents unchangeable and remember their fingerprints."""
        self.invalidate_recordset(["invoice_pdf_report_id", "ubl_cii_xml_id"])
        now = fields.Datetime.now()
        for move in self:
            # sudo: attachments of fields are the accountants'; filing is the program's business
            document = move.sudo().invoice_pdf_report_id
            if not document.raw:
                raise UserError(self.env._("Invoice %s could not be printed.", move.name))
            move._write_filing(
                {
                    "filing_state": "filed",
                    "filed_attachment_id": document.id,
                    "filed_sha256": hashlib.sha256(document.raw).hexdigest(),
                    "filed_date": now,
                    "filed_checked": now,
                }
            )
        filed = self.sudo()
        (filed.filed_attachment_id | filed.ubl_cii_xml_id)._file_unchangeably()

    def _filing_succeeded(self) -> None:
        orders = self._filing_orders()
        failed = self.filtered("filing_attempts")
        if failed:
            failed._write_filing({"filing_attempts": 0, "filing_next_try": False})
            waiting = failed._filing_orders().invoice_ids.filtered("filing_attempts")
            self.env["automation.case"]._settle(
                failed._filing_orders() - waiting._filing_orders(),
                codes=[CASE],
                note=self.env._("The invoice is filed now."),
            )
        self.env["automation.log"]._add(
            [
                (order, "filed", self.env._("Invoice %s filed", move.name))
                for move in self
                for order in move._filing_orders()
            ]
        )
        orders._automation_facts_changed()
        self.env["automation.mail"]._enqueue("invoice", invoices=self)

    def _filing_failed(self, error: Exception) -> None:
        """Put the invoice off and tell people why; it is tried again by itself."""
        self.ensure_one()
        attempts = self.filing_attempts + 1
        self._write_filing(
            {
                "filing_attempts": attempts,
                "filing_next_try": fields.Datetime.now() + backoff.delay(attempts),
            }
        )
        explanation = "\n".join(
            [
                self.env["automation.retry.mixin"]._error_sentence(error),
                self.env._(
                    "It is tried again by itself; closing this case tries it at once. Overriding "
                    "it files the invoice as a plain PDF, without e-invoice data."
                ),
            ]
        )
        self.env["automation.case"]._raise(
            [
                {
                    "record": order,
                    "code": CASE,
                    "kind": "technical",
                    "blocking": False,
                    "name": self.env._("Invoice %s could not be filed", self.name),
                    "explanation": explanation,
                    "seen": f"{self.id}:{attempts}",
                }
                for order in self._filing_orders()[:1]
            ]
        )

    def _filing_retry(self, *, plain: bool = False) -> None:
        """Try again at once, on a person's word; ``plain`` gives up the embedded data."""
        waiting = self.filtered(lambda move: move.filing_state == "due" and move.filing_attempts)
        if waiting:
            waiting._write_filing(
                {"filing_next_try": False} | ({"filing_plain": True} if plain else {})
            )
            self._trigger_cron(CRON)

    # ------------------------------------------------------------------
    # Verification
    # ------------------------------------------------------------------

    @api.model
    def _cron_verify_filed(self):
        """Compare every filed document with its fingerprint, once a month. Commits per batch."""
        moves = self.with_context(automation_engine=True)
        before = fields.Datetime.now() - CHECK_AFTER
        finished = moves._batch_run(
            Domain("filing_state", "=", "filed") & Domain("filed_checked", "<=", before),
            lambda batch: batch._verify_filed(),
            on_error=lambda move, error: move._raise_changed([move]),
            size=BATCH_SIZE,
        )
        self.env["ir.cron"]._commit_progress(remaining=0 if finished else 1)

    def _verify_filed(self):
        """Return the invoices whose filed document is not what was filed; raises their cases."""
        changed = self.browse()
        for move in self.filtered("filed_sha256"):
            # sudo: whoever may see the invoice may know whether its document is sound
            document = move.sudo().filed_attachment_id
            document.invalidate_recordset(["raw", "datas"])
            if hashlib.sha256(document.raw or b"").hexdigest() != move.filed_sha256:
                changed |= move
            document.invalidate_recordset(["raw", "datas"])
        self._write_filing({"filed_checked": fields.Datetime.now()})
        self._raise_changed(changed)
        return changed

    def _raise_changed(self, moves) -> None:
        self.env["automation.case"]._raise(
            [
                {
                    "record": move._filing_orders()[:1] or move,
                    "code": f"{CHANGED_CASE}:{move.id}",
                    "kind": "technical",
                    "blocking": False,
                    "name": self.env._("The filed document of invoice %s was changed", move.name),
                    "explanation": self.env._(
                        "The file in the document store is missing or is not what was filed on "
                        "%(date)s (fingerprint %(hash)s). Restore it from a backup and verify the "
                        "invoice again.",
                        date=move.filed_date,
                        hash=move.filed_sha256,
                    ),
                }
                for move in moves
            ]
        )

    def action_verify_filed(self):
        """Compare the filed document with its fingerprint and tell the person."""
        self.check_access("read")
        changed = self._verify_filed()
        sound = self - changed
        codes = [f"{CHANGED_CASE}:{move.id}" for move in sound]
        self.env["automation.case"]._settle(sound._filing_orders(), codes=codes)
        self.env["automation.case"]._settle(sound, codes=codes)
        message = (
            self.env._(
                "The filed document was changed or is missing: %s",
                ", ".join(changed.mapped("name")),
            )
            if changed
            else self.env._("The filed document is unchanged.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "danger" if changed else "success",
                "sticky": bool(changed),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_filed(self):
        """Download the filed document."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.filed_attachment_id.id}?download=true",
            "target": "download",
        }

    # ------------------------------------------------------------------
    # Protection
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `account`: nobody files by writing the fields."""
        if any(FILING_FIELDS & set(vals) for vals in vals_list):
            raise UserError(self.env._("Filing is done by the system only."))
        return super().create(vals_list)

    def write(self, vals):
        """Override of `account`: what is filed stays posted and filed."""
        if FILING_FIELDS & set(vals):
            raise UserError(self.env._("Filing is done by the system only."))
        if vals.get("state", "posted") != "posted":
            self._check_not_filed()
        if names := PRINTED_FIELDS & set(vals):
            for move in self.filtered(lambda move: move.filing_state == "filed"):
                if any(move._field_will_change(move, vals, name) for name in names):
                    move._check_not_filed()
        return super().write(vals)

    def _write_filing(self, vals) -> None:
        """Write fields of filing, past all of accounting's and this class's own checks.

        They are plain columns that no amount, number or line depends on.
        """
        models.BaseModel.write(self.sudo(), vals)

    def button_draft(self):
        """Override of `account`: a filed invoice is corrected by a credit note."""
        self._check_not_filed()
        return super().button_draft()

    def button_cancel(self):
        """Override of `account`: a filed invoice is corrected by a credit note."""
        self._check_not_filed()
        return super().button_cancel()

    def _check_not_filed(self) -> None:
        if filed := self.filtered(lambda move: move.filing_state == "filed"):
            raise UserError(
                self.env._(
                    "Invoice %s is filed and cannot be changed any more. Issue a credit note and, "
                    "if needed, a new invoice instead.",
                    ", ".join(filed.mapped("name")),
                )
            )

    @api.ondelete(at_uninstall=True)
    def _unlink_except_filed(self):
        self._check_not_filed()
