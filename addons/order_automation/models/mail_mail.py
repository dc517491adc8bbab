import logging

from odoo import api, fields, models, modules, tools
from odoo.http import request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..lib import plaintext, relay
from .ir_mail_server import KIND_HEADER, PERSONAL_HEADER

_logger = logging.getLogger(__name__)


class MailMail(models.Model):
    _inherit = "mail.mail"

    automation_mail_ids = fields.One2many("automation.mail", "mail_id")
    written_by_person = fields.Boolean(
        help="Typed and sent by staff at the screen; relay address rules differ for those.",
        readonly=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        if self._is_person_at_work():
            for vals in vals_list:
                vals.setdefault("written_by_person", self._is_comment(vals))
        return super().create(vals_list)

    @api.model
    def _is_person_at_work(self) -> bool:
        """Whether staff may have caused this mail; the context ``mail_by_person`` decides if
        given.
        """
        if "mail_by_person" in self.env.context:
            return self.env.context["mail_by_person"]
        return bool(request) and self.env.user._is_internal() and not self.env.user._is_superuser()

    @api.model
    def _is_comment(self, vals) -> bool:
        """What staff write in the chatter or the mail composer is a comment; mass mails are not."""
        if message_id := vals.get("mail_message_id"):
            return self.env["mail.message"].browse(message_id).message_type == "comment"
        return vals.get("message_type") == "comment"

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    def _send(
        self,
        auto_commit=False,
        raise_exception=False,
        smtp_session=None,
        alias_domain_id=False,
        mail_server=False,
        post_send_callback=None,
    ):
        """Override of `mail`: relay rules first; mails of orders never leave twice.

        An order's mail is marked as being sent and committed before the mail server gets it. When
        the process dies in between, the mark tells that nobody knows whether it left.
        """
        options = {
            "auto_commit": auto_commit,
            "raise_exception": raise_exception,
            "smtp_session": smtp_session,
            "alias_domain_id": alias_domain_id,
            "mail_server": mail_server,
            "post_send_callback": post_send_callback,
        }
        allowed = self - self._relay_cancel_refused()
        # sudo: the rows of the orders' outbox, whoever runs the queue
        own = set(allowed.sudo().filtered("automation_mail_ids")._ids)
        if not own or not auto_commit:
            return super(MailMail, allowed)._send(**options)
        for mail_id in allowed.ids:
            # alone: every commit empties the cache, and its siblings would be read again with it
            mail = self.browse(mail_id)
            if mail_id not in own or mail._automation_claim():
                super(MailMail, mail)._send(**options)
        return True

    def _automation_claim(self) -> bool:
        """Mark the order's mail as being sent, visible to everybody; ``False``: another one has
        it.
        """
        # sudo: runs in the queue of mails, whoever started it
        rows = self.sudo().automation_mail_ids
        try:
            rows = rows.try_lock_for_update().filtered(lambda row: row.state == "handed")
            if rows and self.state == "outgoing":
                rows.state = "sending"
                self.env.flush_all()
                if not modules.module.current_test:
                    self.env["ir.cron"]._commit_progress()  # commits, in a cron or not
                return True
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
        return False

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Override of `mail`: what became of an order's mail is noted on its outbox row."""
        self._automation_report(failure_reason, failure_type)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )

    def _automation_report(self, failure_reason, failure_type) -> None:
        """Tell the outbox what became of its mails. A failure in here must not look like a failed
        mail: the row then stays "being sent" and is shown to a person as unknown.
        """
        # sudo: see `_automation_claim`
        for mail in self.sudo().filtered("automation_mail_ids"):
            rows = mail.automation_mail_ids._in_its_language()
            try:
                with self.env.cr.savepoint():
                    if failure_type:
                        rows._on_not_delivered(
                            failure_reason or mail.failure_reason or "", failure_type
                        )
                    elif mail.state == "sent":
                        rows._on_delivered(mail.message_id)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception:
                _logger.exception("The result of mail %s could not be noted", mail.id)

    def _prepare_outgoing_list(self, *args, **kwargs):
        """Override of `mail`: own text version; recipients that may not get this mail are left
        out.
        """
        results = super()._prepare_outgoing_list(*args, **kwargs)
        # sudo: see above
        kind = self.sudo().automation_mail_ids[:1].kind
        letter = self._relay_letter()
        kept = []
        for email in results:
            had = bool(email["email_to"] or email["email_cc"])
            for name in ("email_to", "email_cc"):
                email[name] = [
                    one for one in email[name] or [] if not self._relay_refusal(one, letter)
                ]
            if had and not (email["email_to"] or email["email_cc"]):
                continue
            marks = {PERSONAL_HEADER: "1"} if letter.personal else {}
            if kind:
                marks[KIND_HEADER] = kind
                email["body_alternative"] = plaintext.from_html(email["body"])
            email["headers"] = {**email["headers"], **marks}
            kept.append(email)
        return kept

    # ------------------------------------------------------------------
    # Relay addresses
    # ------------------------------------------------------------------

    def _relay_letter(self) -> relay.Letter:
        # sudo: reading the outbox row and counting attachments of any document
        mail = self.sudo()
        return relay.Letter(
            personal=mail.written_by_person,
            invoice=mail.automation_mail_ids[:1].kind == "invoice",
            attachments=len(mail.attachment_ids),
        )

    @api.model
    def _relay_refusal(self, address: str, letter: relay.Letter) -> str:
        """Return why this recipient may not get the mail, or an empty text."""
        rules = self.env["automation.mail.relay"]
        for one in tools.mail.email_normalize_all(address) or [address or ""]:
            verdict = rules._judge(one, letter)
            if verdict.outcome == relay.REFUSED:
                return rules._explain(verdict)
        return ""

    def _relay_cancel_refused(self):
        """Cancel the mails that nobody may get and return them; note partly refused ones."""
        cancelled = self.browse()
        for mail in self:
            if mail.state != "outgoing":
                continue
            letter = mail._relay_letter()
            single = tools.mail.email_normalize_all(mail.email_to or "")
            single += tools.mail.email_normalize_all(mail.email_cc or "")
            reasons = {one: mail._relay_refusal(one, letter) for one in single}
            by_partner = {
                partner: mail._relay_refusal(partner.email or "", letter)
                for partner in mail.recipient_ids
            }
            refused = list(filter(None, [*reasons.values(), *by_partner.values()]))
            if not refused:
                continue
            if len(refused) == len(reasons) + len(by_partner):
                mail._relay_cancel(refused[0])
                cancelled |= mail
            partners = [partner.id for partner, reason in by_partner.items() if reason]
            mail._relay_note(refused[0], partners)
        return cancelled

    def _relay_cancel(self, reason: str) -> None:
        self.write({"state": "cancel", "failure_type": "mail_bl", "failure_reason": reason})
        # sudo: see `_automation_claim`
        self.sudo().automation_mail_ids._suppress(reason)

    def _relay_note(self, reason: str, partner_ids: list[int]) -> None:
        """Show the refusal at the message and in the order's timeline."""
        # sudo: notifications of other people
        notifications = (
            self.env["mail.notification"]
            .sudo()
            .search([("mail_mail_id", "=", self.id), ("res_partner_id", "in", partner_ids)])
        )
        notifications.write(
            {
                "notification_status": "canceled",
                "failure_type": "mail_bl",
                "failure_reason": reason,
            }
        )
        self.env["automation.mail.relay"]._log_refusal(self.model, self.res_id, reason)
