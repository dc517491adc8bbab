from odoo import api, fields, models

from odoo.addons.base.models.res_bank import sanitize_account_number


class PaymentMatchPayer(models.Model):
    """An account that has paid for a customer, learned from confirmed matches."""

    _name = "payment.match.payer"
    _description = "Known payer"
    _order = "count desc, id"

    name = fields.Char("Account", required=True, readonly=True, help="IBAN or id, no blanks.")
    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    count = fields.Integer("Times", readonly=True)
    last_date = fields.Date("Last time", readonly=True)

    _payer_uniq = models.UniqueIndex("(name, partner_id, company_id)")

    @api.model
    def _learn(self, line, partner) -> None:
        """Remember that the account of this payment pays for ``partner``."""
        self._learn_many([(line, partner)])

    @api.model
    def _forget(self, line, partner) -> None:
        """A confirmation was wrong: the account counts once less, the last time not at all."""
        self._forget_many([(line, partner)])

    @api.model
    def _learn_many(self, pairs) -> None:
        """Learn from many ``(payment, partner)`` at once."""
        seen = self._tally(pairs)
        known = self._find(seen)
        fresh = []
        for key, (times, date) in seen.items():
            name, partner_id, company_id = key
            if payer := known.get(key):
                payer.write({"count": payer.count + times, "last_date": date})
                continue
            fresh.append(
                {
                    "name": name,
                    "partner_id": partner_id,
                    "company_id": company_id,
                    "count": times,
                    "last_date": date,
                }
            )
        self.sudo().create(fresh)  # sudo: see _find

    @api.model
    def _forget_many(self, pairs) -> None:
        """Forget what was learned from many ``(payment, partner)``."""
        seen = self._tally(pairs)
        for key, payer in self._find(seen).items():
            times = seen[key][0]
            if payer.count > times:
                payer.count -= times
            else:
                payer.unlink()

    @api.model
    def _tally(self, pairs) -> dict:
        """Return ``{(account, partner id, company id): (times, last date)}``, own accounts left
        out.
        """
        seen, own = {}, {}
        for line, partner in pairs:
            company = line.company_id
            if company not in own:
                own[company] = self._get_own_accounts(company)
            for name in line._match_payer_names() - own[company]:
                key = (name, partner.commercial_partner_id.id, company.id)
                times, date = seen.get(key, (0, line.date))
                seen[key] = (times + 1, max(date, line.date))
        return seen

    @api.model
    def _find(self, keys) -> dict:
        """Return the known payers by their key, read at once."""
        # sudo: payers are learned by the program, whoever confirms
        found = self.sudo().search(
            [
                ("name", "in", list({key[0] for key in keys})),
                ("partner_id", "in", list({key[1] for key in keys})),
                ("company_id", "in", list({key[2] for key in keys})),
            ]
        )
        wanted = set(keys)
        by_key = {(payer.name, payer.partner_id.id, payer.company_id.id): payer for payer in found}
        return {key: payer for key, payer in by_key.items() if key in wanted}

    @api.model
    def _get_own_accounts(self, company) -> set[str]:
        # sudo: the company's own accounts, whoever may see its contact
        banks = self.env["res.partner.bank"].sudo().with_context(active_test=False)
        journals = self.env["account.journal"].sudo().search([("company_id", "=", company.id)])
        own = banks.search([("partner_id", "=", company.partner_id.id)])
        return {
            number.upper()
            for number in (own | journals.bank_account_id).mapped("sanitized_acc_number")
            if number
        }


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _match_payer_names(self) -> set[str]:
        """Return what this payment tells of its payer's accounts, as payers are remembered."""
        self.ensure_one()
        iban = (sanitize_account_number(self.account_number) or "").upper()
        names = {iban, (self.payer_account or "").strip(), (self.payer_email or "").strip().lower()}
        return {name for name in names if name}
