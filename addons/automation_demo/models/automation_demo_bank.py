"""The demo company's money: where it comes from, and what Jana does with it every day."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

OPEN = ("likely", "unclear", "nothing", "aside")
LEFT_LIKELY = 6  # payments that always wait for the visitor
SURE = 0.5  # what is not likely, but is looked at and found right
# part of the other side's name -> account of SKR03; whom the tax adviser books is not ours
ACCOUNTS = {
    "Speicher Immobilien": "4210",
    "HKK": "4130",
    "Allianz": "4360",
    "Telekom": "4920",
    "DHL": "4730",
    "Timo Brandt": "4110",
}
FEES = "4970"
OWN = ("PayPal (Europe)", "Lindenhof Versand")


class AutomationDemo(models.AbstractModel):
    _inherit = "automation.demo"

    # -- set up ------------------------------------------------------------

    @api.model
    def _make_payment_sources(self) -> None:
        """Let bank and PayPal report what was paid: the bank's tool drops files into a folder."""
        journals = self.env["account.journal"]
        own = [*journals._check_company_domain(self.env.company), ("type", "=", "bank")]
        bank = journals.search(own, limit=1) or journals.create(
            {"name": "Sparkasse", "type": "bank", "code": "SPK"}
        )
        bank.write(
            {
                "match_payments": True,
                "bank_account_id": self.env.ref("automation_demo.bank_account").id,
            }
        )
        for code, _name in self.env["res.lang"].get_installed():
            bank.with_context(lang=code).name = "Sparkasse"
        paypal = journals.create(
            {"name": "PayPal", "type": "bank", "code": "PAYPL", "match_payments": True}
        )
        sources = self.env["payment.source"].create(
            [
                {
                    "name": "Sparkasse Musterstadt",
                    "kind": "place",
                    "journal_id": bank.id,
                    "place_id": self.env.ref("automation_demo.place_bank").id,
                    "place_pattern": "*.xml",
                    "poll_minutes": 1,
                },
                {"name": "PayPal", "kind": "paypal", "journal_id": paypal.id, "poll_minutes": 1},
            ]
        )
        self._name_records(
            {
                "journal_bank": bank,
                "journal_paypal": paypal,
                "source_bank": sources[0],
                "source_paypal": sources[1],
            }
        )

    @api.model
    def _sources(self):
        return self.env.ref("automation_demo.source_bank") | self.env.ref(
            "automation_demo.source_paypal"
        )

    # -- Jana's morning ----------------------------------------------------

    @api.model
    def _payment_work(self, *, last: bool = False) -> None:
        """Confirm what is likely, look at the rest, book what has no document.

        ``last``: only a little is done; the visitor does the rest.
        """
        waiting = self._waiting_payments()
        if last:
            self._confirm_likely(waiting.filtered(lambda line: line.match_state == "likely")[:2])
            return
        self._confirm_likely(waiting.filtered(lambda line: line.match_state == "likely"))
        self._confirm_unclear(waiting)
        self._book_without_document(waiting)

    @api.model
    def _payment_trickle(self) -> None:
        """Confirm one likely payment that nobody did for a while; the newest are left."""
        old = fields.Datetime.now() - timedelta(minutes=15)
        likely = self._waiting_payments().filtered(lambda line: line.match_state == "likely")
        ready = likely.filtered(lambda line: line.create_date < old)
        self._confirm_likely(ready[: min(1, max(0, len(likely) - LEFT_LIKELY))])

    @api.model
    def _waiting_payments(self):
        journals = self._sources().journal_id
        domain = Domain("journal_id", "in", journals.ids) & Domain("match_state", "in", OPEN)
        return self.env["account.bank.statement.line"].search(domain, order="id")

    @api.model
    def _confirm_likely(self, lines) -> None:
        jana = self.env.ref("automation_demo.user_jana")
        if proposals := lines.proposal_id:
            proposals.with_user(jana).action_confirm()

    @api.model
    def _confirm_unclear(self, lines) -> None:
        """After a day Jana has asked the customer, and takes what was proposed first."""
        yesterday = fields.Date.today() - timedelta(days=1)
        self._confirm_likely(
            lines.filtered(
                lambda line: (
                    line.match_state == "unclear"
                    and line.date < yesterday
                    and line.match_confidence >= SURE
                )
            )
        )

    @api.model
    def _book_without_document(self, lines) -> None:
        """Rent, wages and fees go to their accounts; what is none of the shop's is put aside."""
        jana = self.env.ref("automation_demo.user_jana")
        foreign = lines.browse()
        for line in lines.filtered(lambda line: line.match_state in ("nothing", "aside")):
            account = self._account_of(line)
            if account:
                line.with_user(jana)._match_write_off(None, account, line.payment_ref)
            elif line.journal_id == self._sources()[0].journal_id and not self._is_late(line):
                foreign |= line
        foreign.with_user(jana).action_match_foreign()

    @api.model
    def _is_late(self, line) -> bool:
        """Money of customers may find its document later."""
        return line.amount > 0 and line.payment_kind == "payment"

    @api.model
    def _account_of(self, line):
        name = line.partner_name or ""
        company = self.env.company
        if line.payment_kind == "fee":
            return self._account_with(FEES)
        if line.payment_kind == "transfer" or name.startswith(OWN):
            return company.transfer_account_id
        codes = [code for part, code in ACCOUNTS.items() if part in name]
        return self._account_with(codes[0]) if codes and line.amount < 0 else None

    @api.model
    def _account_with(self, code: str):
        accounts = self.env["account.account"]
        return accounts.search(
            [*accounts._check_company_domain(self.env.company), ("code", "=", code)]
        )
