"""What the screen "Match payments" does: confirm, write off, put aside, take back."""

from dataclasses import replace

from odoo import api, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .payment_match_target import Target

MODELS = ("sale.order", "account.move")
AT_ONCE = 100
ACCOUNTS = ("expense", "income", "asset", "liability", "equity")


class PaymentMatchDesk(models.AbstractModel):
    _inherit = "payment.match.desk"

    # ------------------------------------------------------------------
    # Confirm
    # ------------------------------------------------------------------

    @api.model
    def confirm(self, entries: list[dict]) -> dict:
        """Book what somebody saw and confirmed, each entry for itself.

        An entry is ``{line, proposal, documents}`` or ``{line, targets: [{model, id, amount}],
        keep_open}``. The answer: ``confirmed`` line ids, ``failed`` ``[{line, reason}]`` and the
        fresh ``rows`` of the lines.
        """
        self._check_clerk()
        proposals, failed = self.env["payment.match.proposal"], []
        lines = self._lines([entry["line"] for entry in entries[:AT_ONCE]])
        for entry in entries[:AT_ONCE]:
            line = lines.filtered(lambda one, entry=entry: one.id == int(entry["line"]))
            if "targets" in entry:
                failed += self._try(line, entry, lambda one, e=entry: self._confirm_chosen(one, e))
                continue
            found = []
            failed += self._try(
                line, entry, lambda one, e=entry, f=found: f.append(self._seen_proposal(one, e))
            )
            proposals = proposals.union(*found)
        if proposals:
            answer = proposals.action_confirm()
            failed += [
                {"line": fail["line_id"], "reason": fail["reason"]} for fail in answer["failed"]
            ]
        return self._answer(lines, failed)

    def _confirm_chosen(self, line, entry: dict) -> None:
        self._check_open(line)
        targets = [self._target(target) for target in entry["targets"]]
        line._match_confirm(targets, keep_open=bool(entry.get("keep_open")))

    def _check_open(self, line) -> None:
        if line.match_state == "matched":
            raise UserError(self.env._("Somebody has confirmed this payment already."))

    def _seen_proposal(self, line, entry: dict):
        """Return the proposal that was on the screen, also when it was computed anew since."""
        self._check_open(line)
        wanted = {(one["model"], one["id"]) for one in entry.get("documents", ())}
        for proposal in line.proposal_ids:
            records = {(one._name, one.id) for one in (*proposal.order_ids, *proposal.invoice_ids)}
            if records == wanted or (not wanted and proposal.id == entry.get("proposal")):
                return proposal
        raise UserError(self.env._("The proposal has changed meanwhile. Please look at it again."))

    def _target(self, target: dict) -> Target:
        if target["model"] not in MODELS:
            raise UserError(self.env._("Only orders and invoices can be paid."))
        record = self.env[target["model"]].browse(int(target["id"])).exists()
        record.check_access("read")
        amount = target.get("amount")
        return Target(record, amount=None if amount is None else float(amount))

    def _try(self, line, entry: dict, act) -> list[dict]:
        """Do something in a savepoint of its own; return why it failed, in a list."""
        if not line:
            reason = self.env._("This payment does not exist any more.")
            return [{"line": int(entry["line"]), "reason": reason}]
        try:
            with self.env.cr.savepoint():
                act(line)
                self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            reason = self.env["automation.retry.mixin"]._error_sentence(error)
            return [{"line": line.id, "reason": reason}]
        return []

    def _answer(self, lines, failed: list[dict]) -> dict:
        bad = {entry["line"] for entry in failed}
        return {
            "confirmed": [line.id for line in lines if line.id not in bad],
            "failed": failed,
            "rows": self._rows(lines),
        }

    # ------------------------------------------------------------------
    # Write off
    # ------------------------------------------------------------------

    @api.model
    def write_off_offer(self, line_id: int, proposal_id: int | bool = False) -> dict:
        """Return what would be written off, and to which accounts it can be booked."""
        self._check_clerk()
        line = self._lines([line_id])
        proposal = line.proposal_ids.filtered(lambda one: one.id == proposal_id)
        kind, amount = self._gap(line, proposal)
        loss = (kind == "short") == (line.amount > 0)
        accounts = self.env["account.account"].search_fetch(
            [
                ("company_ids", "parent_of", line.company_id.id),
                ("internal_group", "in", ACCOUNTS[: 2 if proposal else 5]),
                ("account_type", "not in", ("asset_receivable", "liability_payable", "asset_cash")),
            ],
            ["name", "code"],
            order="code",
        )
        preset = line.journal_id._match_difference_account(loss=loss) if proposal else False
        return {
            "kind": kind,
            "amount": amount,
            "account": preset.id if preset else False,
            "accounts": [[account.id, f"{account.code} {account.name}"] for account in accounts],
            "warning": self._write_off_warning(line, amount),
        }

    def _gap(self, line, proposal) -> tuple[str, float]:
        """Return how payment and proposal differ, and by how much."""
        currency, rest = line._match_currency(), abs(self._rest(line))
        if not proposal:
            return "whole", rest
        sign = line._match_sign()
        due = sum(record._match_open_amount(sign) for record in self._records(proposal))
        gap = currency.round(due - proposal.discount - rest)
        if currency.is_zero(gap):
            return "even", 0.0
        return ("short" if gap > 0 else "over"), abs(gap)

    def _write_off_warning(self, line, amount: float) -> str:
        journal = line.journal_id
        limit = journal.match_four_eyes_limit
        if journal.match_four_eyes and line._match_currency().compare_amounts(amount, limit) > 0:
            return self.env._("This is above the limit: a second person has to approve it.")
        return ""

    @api.model
    def write_off(self, entries: list[dict]) -> dict:
        """Confirm proposals and give up the difference, or book payments on an account.

        An entry is ``{line, proposal, documents, account, label}``; without documents the whole
        payment goes to the account.
        """
        self._check_clerk()
        lines = self._lines([entry["line"] for entry in entries[:AT_ONCE]])
        failed = []
        for entry in entries[:AT_ONCE]:
            line = lines.filtered(lambda one, entry=entry: one.id == int(entry["line"]))
            failed += self._try(line, entry, lambda one, e=entry: self._write_off(one, e))
        return self._answer(lines, failed)

    def _write_off(self, line, entry: dict) -> None:
        self._check_open(line)
        account = self.env["account.account"].browse(int(entry.get("account") or 0)).exists()
        if not entry.get("documents"):
            if not account:
                raise UserError(self.env._("Choose to which account the payment is booked."))
            line._match_write_off(abs(self._rest(line)), account, entry.get("label") or "")
            return
        proposal = self._seen_proposal(line, entry)
        kind, amount = self._gap(line, proposal)
        *targets, last = line._match_targets_of(proposal)
        given_up = {"short": amount, "over": -amount}.get(kind, 0.0)
        targets.append(replace(last, write_off=given_up, account=account or None))
        line._match_confirm(targets, proposal=proposal)

    # ------------------------------------------------------------------
    # Everything else
    # ------------------------------------------------------------------

    def _each(self, line_ids: list[int], act) -> dict:
        self._check_clerk()
        lines = self._lines(line_ids[:AT_ONCE])
        failed = [fail for line in lines for fail in self._try(line, {}, act)]
        return self._answer(lines, failed)

    @api.model
    def undo(self, line_ids: list[int]) -> dict:
        """Take confirmations back; the payments are on their piles again at once."""
        return self._each(line_ids, lambda line: self._back(line, line.action_match_undo))

    @api.model
    def reopen(self, line_ids: list[int]) -> dict:
        """Put payments back that were set aside."""
        return self._each(line_ids, lambda line: self._back(line, line.action_match_reopen))

    @api.model
    def foreign(self, line_ids: list[int]) -> dict:
        """These payments are none of ours."""
        return self._each(line_ids, lambda line: line.action_match_foreign())

    @api.model
    def approve(self, line_ids: list[int]) -> dict:
        """A second person allows what the first one wanted to write off."""
        return self._each(line_ids, lambda line: line.action_match_approve())

    @api.model
    def reject(self, line_ids: list[int]) -> dict:
        """Nothing is written off; the payments are on their piles again."""
        return self._each(line_ids, lambda line: self._back(line, line.action_match_reject))

    def _back(self, line, act) -> None:
        """Show the proposals that are known, until the payment has been looked at anew."""
        act()
        # sudo: piles are the program's, as in _match_propose
        best = line.sudo().proposal_ids.filtered(lambda proposal: proposal.rank == 1)
        state = "nothing" if not best else "likely" if best.likely else "unclear"
        line.sudo()._match_put(state, False, best)
        line._match_again()

    @api.model
    def returned(self, entries: list[dict]) -> dict:
        """Payments that take earlier ones back, as ``{line, original}``."""
        self._check_clerk()
        originals = {int(entry["line"]): int(entry["original"]) for entry in entries[:AT_ONCE]}
        self._lines(originals.values())
        return self._each(
            list(originals),
            lambda line: line._match_return(self._lines([originals[line.id]])),
        )
