"""From a payment to its proposals, and from the surest of them to the books."""

from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.automation_core.translated import translated

from ..lib.match.model import Payment, Proposal
from .payment_match_target import Request

CRON = "payment_matching.ir_cron_match"
OPEN = ("likely", "unclear", "nothing")
DECIDED = ("approval", "foreign", "matched")  # by a person; no proposal changes that
BATCH = 500


class AccountBankStatementLine(models.Model):
    _name = "account.bank.statement.line"
    _inherit = ["account.bank.statement.line", "automation.batch"]

    # ------------------------------------------------------------------
    # Scheduled
    # ------------------------------------------------------------------

    @api.model
    def _cron_match(self):
        """Propose for all waiting payments, then confirm what may go without a person.
        **Commits.**
        """
        matchers = {}  # one index for the whole run; what changes meanwhile is asked again anyway
        self._batch_run(
            Domain("match_state", "=", "waiting") | Domain("match_due", "=", True),
            lambda lines: lines._match_propose(matchers),
            on_error=_give_up,
            size=BATCH,
        )
        for journal in self.env["account.journal"].search([("match_automatic", ">", 0)]):
            self._batch_run(
                Domain("journal_id", "=", journal.id)
                & Domain("match_state", "=", "likely")
                & Domain("match_confidence", ">=", journal.match_automatic),
                lambda lines: lines._match_confirm_best(),
                on_error=_demote,
                size=20,
            )

    @api.model
    def _cron_match_again(self):
        """Look at all open payments anew when documents came or changed since the last time."""
        parameters = self.env["ir.config_parameter"].sudo()  # sudo: a mark of the program's own
        mark = parameters.get_param("payment_matching.documents_seen", "")
        newest = self._match_documents_mark()
        if newest == mark:
            return
        parameters.set_param("payment_matching.documents_seen", newest)
        self.search([("match_state", "in", OPEN)])._match_again()

    @api.model
    def _match_documents_mark(self) -> str:
        """Return what differs as soon as a document appears or changes."""
        rows = self.env.execute_query(
            SQL(
                "SELECT (SELECT MAX(write_date) FROM sale_order),"
                " (SELECT MAX(write_date) FROM account_move WHERE move_type != 'entry')"
            )
        )
        return "|".join(str(value or "") for value in rows[0])

    # ------------------------------------------------------------------
    # Proposals
    # ------------------------------------------------------------------

    def _match_propose(self, matchers: dict | None = None) -> None:
        """Write the proposals of these payments and put each on its pile."""
        matchers = {} if matchers is None else matchers
        # sudo: proposals are the program's; who causes them need not be allowed to see all orders
        for (company, threshold), lines in (
            self.sudo()
            .filtered(lambda line: not line.is_reconciled)
            .grouped(lambda line: (line.company_id, line.journal_id.match_threshold))
            .items()
        ):
            key = (company.id, threshold)
            if key not in matchers:
                matchers[key] = self.env["payment.match.gather"]._get_matcher(company, threshold)
            proposals, notes = matchers[key].propose([line._match_payment() for line in lines])
            lines._in_its_language()._match_store(proposals, {n.payment: n.text for n in notes})
        self.sudo().filtered("is_reconciled")._match_settled()

    def _match_settled(self) -> None:
        """Take payments off the piles that somebody booked in another way."""
        self.filtered(lambda line: line.match_state != "matched").write(
            {"match_state": "matched", "match_note": False}
        )

    def _match_payment(self) -> Payment:
        """Return this payment as the matcher takes it."""
        return Payment(
            id=str(self.id),
            date=self.date,
            amount=_money(self.amount_currency if self.foreign_currency_id else self.amount),
            currency=(self.foreign_currency_id or self.currency_id).name,
            source=self._match_source(),
            payer_name=self.partner_name or "",
            payer_iban=self.account_number or "",
            payer_account=self.payer_account or "",
            payer_email=self.payer_email or "",
            end_to_end_id=self.end_to_end_id or "",
            remittance=self._match_text(),
            code=self.payment_code or "",
            invoice_id=self.payment_invoice_ref or "",
            reference_id=self.payment_reference_id or "",
        )

    def _match_source(self) -> str:
        """Return what kind of source the payment came from: ``bank`` or a service's name."""
        return "bank"

    def _match_text(self) -> str:
        """Return the text of the payment with the bank's own line breaks."""
        return self.payment_remittance or self.payment_ref or ""

    def _match_store(self, proposals: list[Proposal], notes: dict[str, str]) -> None:
        """Replace what changed of these payments' proposals and put the payments on their piles."""
        wanted = {line: [] for line in self}
        for proposal in proposals:
            line = self.browse(int(proposal.payment))
            wanted[line].append(line._match_proposal_vals(proposal))
        changed = self.filtered(
            lambda line: (
                [_signature(vals) for vals in wanted[line]]
                != [_signature(one._get_vals()) for one in line.proposal_ids.sorted("rank")]
            )
        )
        changed.proposal_ids.unlink()
        model = self.env["payment.match.proposal"]
        created = model.create([vals for line in changed for vals in wanted[line]])
        best = {proposal.line_id: proposal for proposal in created if proposal.rank == 1}
        for line in self:
            proposal = best.get(line, model) if line in changed else line.proposal_id
            note = translated(self.env, notes.get(str(line.id), "")) or False
            state = "nothing" if not proposal else "likely" if proposal.likely else "unclear"
            line._match_put(state, note, proposal)
        self._match_part_rivals()

    def _match_put(self, state: str, note: str | bool, proposal) -> None:
        """Put the payment on a pile; only what differs is written."""
        if self.match_state in DECIDED:
            return
        vals = {
            "match_state": state,
            "match_note": note,
            "match_due": False,
            "proposal_id": proposal.id,
        }
        self.write(
            {
                name: value
                for name, value in vals.items()
                if (self[name].id if name == "proposal_id" else self[name]) != value
            }
        )

    def _match_proposal_vals(self, proposal: Proposal) -> dict:
        currency = self.currency_id
        targets = [target.split(":") for target in proposal.targets]
        reasons = [
            {
                "kind": reason.kind,
                "text": translated(self.env, reason.text),
                "weight": round(reason.weight, 2),
                "start": reason.start,
                "end": reason.end,
            }
            for reason in proposal.reasons
        ]
        return {
            "line_id": int(proposal.payment),
            "rank": proposal.rank,
            "confidence": proposal.confidence,
            "likely": proposal.likely,
            "order_ids": [int(number) for kind, number in targets if kind == "order"],
            "invoice_ids": [int(number) for kind, number in targets if kind == "invoice"],
            "difference": currency.round(float(proposal.difference)),
            "discount": currency.round(float(proposal.discount)),
            "reasons": reasons,
            "summary": " · ".join(reason["text"] for reason in reasons),
        }

    def _match_part_rivals(self) -> None:
        """Of several payments that would pay the same document, only the first stays likely."""
        self.env.flush_all()
        rivals = self.env.execute_query(
            SQL(
                """
                WITH claim AS (
                    SELECT l.id, m.date, 'order' AS kind, rel.sale_order_id AS target
                      FROM account_bank_statement_line l
                      JOIN account_move m ON m.id = l.move_id
                      JOIN payment_match_proposal_sale_order_rel rel
                        ON rel.payment_match_proposal_id = l.proposal_id
                     WHERE l.match_state = 'likely'
                    UNION ALL
                    SELECT l.id, m.date, 'invoice', rel.account_move_id
                      FROM account_bank_statement_line l
                      JOIN account_move m ON m.id = l.move_id
                      JOIN payment_match_proposal_move_rel rel
                        ON rel.payment_match_proposal_id = l.proposal_id
                     WHERE l.match_state = 'likely'
                ), ranked AS (
                    SELECT id, ROW_NUMBER() OVER (
                        PARTITION BY kind, target ORDER BY date, id) AS place
                      FROM claim
                )
                SELECT DISTINCT id FROM ranked WHERE place > 1
                """
            )
        )
        self.browse(row[0] for row in rivals).write(
            {
                "match_state": "unclear",
                "match_note": self.env._("Another payment fits the same document as well."),
            }
        )

    # ------------------------------------------------------------------
    # Again
    # ------------------------------------------------------------------

    def _match_again(self) -> None:
        """Let these open payments be looked at anew, soon."""
        stale = self.filtered(lambda line: line.match_state in OPEN)
        if stale:
            stale.sudo().match_due = True  # sudo: see _match_propose
            self._trigger_cron(CRON)

    @api.model
    def _match_documents_changed(self, orders=None, invoices=None) -> None:
        """Look anew at the payments that were proposed for these documents."""
        domain = Domain.FALSE
        if orders:
            domain |= Domain("order_ids", "in", orders.ids)
        if invoices:
            domain |= Domain("invoice_ids", "in", invoices.ids)
        # sudo: see _match_propose
        self.env["payment.match.proposal"].sudo().search(domain).line_id._match_again()

    # ------------------------------------------------------------------
    # Without a person
    # ------------------------------------------------------------------

    def _match_confirm_best(self) -> None:
        """Book the best proposals of these payments without a person: all or, on an error, none."""
        self._match_book(
            [Request(line, proposal=line.proposal_id, automatic=True) for line in self]
        )

    # ------------------------------------------------------------------
    # Returned money
    # ------------------------------------------------------------------

    def _match_originals(self, limit: int = 5):
        """Return the confirmed payments that this returned or refunded one may be about."""
        self.ensure_one()
        same = Domain("journal_id", "=", self.journal_id.id) & Domain("match_state", "=", "matched")
        same &= Domain("date", "<=", self.date) & Domain("id", "!=", self.id)
        # money that went the other way: the fee of a payment bears the same reference
        same &= Domain("amount", "<" if self.amount > 0 else ">", 0)
        if self.payment_reference_id:
            named = Domain("payment_bank_reference", "=", self.payment_reference_id)
            named |= Domain("end_to_end_id", "=", self.payment_reference_id)
            if found := self.search(same & named, limit=limit):
                return found
        opposite = same & Domain("amount", "=", -self.amount)
        if self.account_number:
            account = Domain("account_number", "=", self.account_number)
            if found := self.search(opposite & account, limit=limit):
                return found
        return self.search(opposite & Domain("partner_name", "=ilike", self.partner_name or "-"))[
            :limit
        ]


def _signature(vals: dict) -> tuple:
    return (
        vals["rank"],
        frozenset(vals["order_ids"]),
        frozenset(vals["invoice_ids"]),
        vals["likely"],
        f"{vals['confidence']:.4f} {vals['difference']:.2f} {vals['discount']:.2f}",
        vals["summary"] or "",
    )


def _give_up(line, error: Exception) -> None:
    """A payment the program cannot judge goes to a person."""
    note = line.env["automation.retry.mixin"]._error_sentence(error)
    line.write({"match_state": "unclear", "match_note": note, "match_due": False})


def _demote(line, error: Exception) -> None:
    """What cannot be booked by itself waits for a person."""
    note = line.env["automation.retry.mixin"]._error_sentence(error)
    line.write({"match_state": "unclear", "match_note": note})


def _money(amount: float) -> Decimal:
    return Decimal(str(amount))
