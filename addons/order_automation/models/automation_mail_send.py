from datetime import timedelta
from functools import partial

from odoo import fields, models
from odoo.fields import Command, Domain
from odoo.tools.mail import generate_tracking_message_id

from odoo.addons.automation_core.lib import backoff

from ..lib import delivery

BATCH = 50
MAX_ATTEMPTS = 6
CASE_FROM_ATTEMPT = 3
UNKNOWN_AFTER = timedelta(minutes=15)
SERVER_CASE = "technical:mail_server"
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"}


class AutomationMail(models.Model):
    """From the outbox to Odoo's outgoing mails, and what became of them."""

    _inherit = "automation.mail"

    def _cron_mails(self):
        """Make the texts of waiting mails, try failed ones again, and look what became of the
        others.
        """
        now = fields.Datetime.now()
        due = Domain("next_try", "=", False) | Domain("next_try", "<=", now)
        ready = Domain("state", "=", "pending") & due & self._get_ready_domain()
        again = Domain("state", "=", "handed") & Domain("next_try", "<=", now)
        unsure = Domain("state", "in", ("handed", "sending")) & Domain(
            "write_date", "<", now - UNKNOWN_AFTER
        )
        run = partial(self._batch_run, on_error=type(self)._on_failure, size=BATCH)
        run(ready, partial(type(self)._by_company, step="_step_hand_over"))
        run(again, type(self)._step_try_again)
        run(
            unsure & Domain("next_try", "=", False),
            partial(type(self)._by_company, step="_step_follow"),
        )
        run(Domain("state", "=", "sent") & Domain("mail_id", "!=", False), type(self)._step_tidy)

    def _by_company(self, step: str) -> None:
        """Do the step for each company's mails, in the language in which it reads the results."""
        for rows in self.grouped("company_id").values():
            getattr(rows._in_its_language(), step)()

    def _get_ready_domain(self) -> Domain:
        """Return which waiting mails have all they need: invoice mails wait for the filed
        document.
        """
        return Domain("kind", "!=", "invoice") | Domain(
            "invoice_id.filed_attachment_id", "!=", False
        )

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------

    def _step_hand_over(self) -> None:
        """Render the mails and put them into Odoo's outgoing mails, Message-Id first."""
        rows = self._drop_unwanted()
        if not rows:
            return
        contents = rows._render()
        values = [row._prepare_mail_values(contents[row.id]) for row in rows]
        mails = self.env["mail.mail"].with_context(mail_by_person=False).create(values)
        for row, mail, value in zip(rows, mails, values, strict=True):
            row.write(
                {
                    "state": "handed",
                    "subject": value["subject"],
                    "message_id": value["message_id"],
                    "mail_id": mail.id,
                    "mail_message_id": mail.mail_message_id.id,
                    "next_try": False,
                }
            )
        self._trigger_cron("mail.ir_cron_mail_scheduler_action")

    def _drop_unwanted(self):
        """Take out what became obsolete or forbidden since it was put into the outbox."""
        kept = self.browse()
        for row in self:
            if obsolete := row._get_obsolete():
                row.write({"state": "cancelled", "reason": obsolete})
            elif refusal := row._get_refusal():
                row._suppress(refusal)
            else:
                kept |= row
        return kept

    def _step_try_again(self) -> None:
        """Give the mail, as it is, to the queue once more."""
        self.next_try = False
        self.mail_id.mark_outgoing()
        self._trigger_cron("mail.ir_cron_mail_scheduler_action")

    def _step_follow(self) -> None:
        """Look what became of mails nobody reported about (deleted, cancelled by hand, process
        died).
        """
        for row in self:
            mail = row.mail_id
            if row.state == "handed" and mail.state == "outgoing":
                self._trigger_cron("mail.ir_cron_mail_scheduler_action")
            elif mail.state == "sent":
                row._on_delivered(mail.message_id)
            elif mail.state == "cancel":
                row.write({"state": "cancelled", "reason": self.env._("Cancelled by hand.")})
            elif row.state == "handed" and not mail:
                row.write({"state": "cancelled", "reason": self.env._("Deleted by hand.")})
            else:
                row._on_unknown()

    def _step_tidy(self) -> None:
        """Delete the copies that were made for sending, many at once; the messages stay."""
        self.mail_id.unlink()

    # ------------------------------------------------------------------
    # Values of the outgoing mail
    # ------------------------------------------------------------------

    def _prepare_mail_values(self, content) -> dict:
        order, company = self.order_id, self.company_id
        return {
            "subject": content.subject,
            "body_html": content.html,
            "body": content.text_for_chatter,
            "email_from": self._get_sender(),
            "reply_to": self._get_reply_to(),
            "recipient_ids": [Command.link(self.partner_id.id)],
            "author_id": company.partner_id.id,
            "model": order._name,
            "res_id": order.id,
            "record_name": order.name,
            "message_type": "email_outgoing",
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note"),
            "message_id": generate_tracking_message_id(f"{order.id}-{order._name}"),
            "record_company_id": company.id,
            "record_alias_domain_id": company.alias_domain_id.id,
            "attachment_ids": [Command.link(one.id) for one in self._get_attachments()],
            "headers": repr(HEADERS),
            # the message outlives this copy for sending, see `_step_tidy`
            "is_notification": True,
        }

    def _get_attachments(self):
        """Return the files of the mail. An invoice is always the document that was filed."""
        if self.kind == "invoice":
            return self.invoice_id.filed_attachment_id
        return self.env["ir.attachment"]

    def _get_sender(self) -> str:
        """Return the address the mail comes from. Extended by channels with a shop's own
        address.
        """
        return self.company_id.email_formatted or self.order_id.user_id.email_formatted

    def _get_reply_to(self) -> str:
        """Return where answers go: to the order if Odoo receives mail, else to the sender."""
        if self.company_id.alias_domain_id:
            order = self.order_id
            return order._notify_get_reply_to(default=self._get_sender())[order.id]
        return self._get_sender()

    # ------------------------------------------------------------------
    # Results
    # ------------------------------------------------------------------

    def _on_failure(self, error: Exception) -> None:
        self._in_its_language()._on_error(error)

    def _on_error(self, error: Exception) -> None:
        """The text could not be made, or the hand-over failed: a case, and another try later."""
        self._register_failure(error)
        self._raise_case(
            self.env._("Mail could not be written"),
            self.env._(
                "%(error)s\nMend the text block or the data it uses."
                " The mail is tried again by itself.",
                error=self.last_error,
            ),
        )

    def _on_delivered(self, message_id: str) -> None:
        """The mail server took the mail."""
        self.write(
            {
                "state": "sent",
                "sent_date": fields.Datetime.now(),
                "message_id": message_id,
                "reason": False,
            }
        )
        self._settle_cases()
        self._register_success()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        self.env["automation.log"]._add(
            [
                (row.order_id, "mail", self.env._("Mail sent: %s", kinds[row.kind]))
                for row in self
                if row.order_id
            ]
        )

    def _settle_cases(self) -> None:
        cases = self.env["automation.case"]
        for row in self.filtered("has_case"):
            cases._settle(row._get_case_record(), codes=[row._get_case_code()])
            row.has_case = False
        if failed := self.filtered("attempts"):
            cases._settle(failed.company_id, codes=[SERVER_CASE])

    def _on_not_delivered(self, reason: str, failure_type: str) -> None:
        """The mail server did not take the mail: wait, or show it to a person."""
        kind = delivery.classify(reason, failure_type)
        words = delivery.first_line(reason)
        for row in self:
            row.attempts += 1
            row.last_error = words
            final = kind in (delivery.ADDRESS, delivery.REFUSED) or row.attempts >= MAX_ATTEMPTS
            if final:
                row.write({"state": "failed", "reason": words, "next_try": False})
            else:
                row.write(
                    {
                        "state": "handed",
                        "next_try": fields.Datetime.now() + backoff.delay(row.attempts),
                    }
                )
            if final or (kind == delivery.TEMPORARY and row.attempts >= CASE_FROM_ATTEMPT):
                row._raise_case(*row._describe_failure(kind, words))
        if kind == delivery.SERVER:
            self._raise_server_case(words)

    def _on_unknown(self) -> None:
        """The process died while the mail server had the mail: sending again could send it
        twice.
        """
        self.write({"state": "failed", "reason": self.env._("Unknown whether it was sent.")})
        for row in self:
            row.mail_id.cancel()
            row._raise_case(
                self.env._("Unknown whether a mail was sent"),
                self.env._(
                    "The system stopped while sending a mail to %(email)s. Look into the sent"
                    " mails of the mail server; if it is not there, press Send again.",
                    email=row.email,
                ),
            )

    def _describe_failure(self, kind: str, words: str) -> tuple[str, str]:
        if kind == delivery.ADDRESS:
            return (
                self.env._("Mail address %s does not work", self.email),
                self.env._(
                    "The mail server said: %s\nAsk the customer for the right address, correct it"
                    " in the contact and press Send again.",
                    words,
                ),
            )
        return (
            self.env._("Mail to %s was not delivered", self.email),
            self.env._("The mail server said: %s", words),
        )

    def _raise_server_case(self, words: str) -> None:
        """One case for the company, not one per order, when the mail server itself does not
        work.
        """
        explanation = self.env._(
            "%s\nMails wait and are sent by themselves once the server works again.", words
        )
        self.env["automation.case"]._raise(
            {
                "record": company,
                "code": SERVER_CASE,
                "name": self.env._("The outgoing mail server does not work"),
                "explanation": explanation,
                "kind": "account",
                "blocking": False,
            }
            for company in self.company_id
        )

    def _raise_case(self, name: str, explanation: str) -> None:
        self.has_case = True
        self.env["automation.case"]._raise(
            [
                {
                    "record": self._get_case_record(),
                    "code": self._get_case_code(),
                    "name": name,
                    "explanation": explanation,
                    "kind": "technical",
                    "blocking": False,
                }
            ]
        )

    def _get_case_record(self):
        return self.order_id or self.invoice_id or self.picking_id

    def _get_case_code(self) -> str:
        return f"technical:mail:{self.kind}"
