"""What the screen "Match payments" asks for: piles, their counters, a page of payments."""

from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import float_utils

PILES = ("likely", "unclear", "nothing", "foreign", "aside")
ORDERS = {
    "date": "internal_index desc",
    "amount": "amount desc, internal_index desc",
    "payer": "partner_name, internal_index desc",
    "confidence": "match_confidence desc, internal_index desc",
}
PAGE = 80


class PaymentMatchDesk(models.AbstractModel):
    """The counter where payments are matched. Its methods are called by the screen only.

    Amounts are plain numbers in the journal's currency, dates ISO texts; texts of payers and
    documents are handed over as they are: the screen never takes them for HTML.
    """

    _name = "payment.match.desk"
    _description = "Desk for matching payments"

    # ------------------------------------------------------------------
    # Which payments
    # ------------------------------------------------------------------

    def _check_clerk(self) -> None:
        """Amounts and payers are for people with accounting rights only."""
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Matching payments needs the right to make invoices."))

    def _base_domain(self, journal=False, search="", period="") -> Domain:
        domain = Domain("company_id", "in", self.env.companies.ids)
        if journal:
            domain &= Domain("journal_id", "=", int(journal))
        if since := self._since(period):
            domain &= Domain("date", ">=", since)
        for word in (search or "").split()[:8]:
            domain &= self._word_domain(word)
        return domain

    def _since(self, period: str):
        """Return the first day of a period as it is named on the screen."""
        today = fields.Date.context_today(self)
        return {
            "week": today - timedelta(days=7),
            "month": today - timedelta(days=30),
            "quarter": today - timedelta(days=90),
            "year": today.replace(month=1, day=1),
        }.get(period)

    def _word_domain(self, word: str) -> Domain:
        """Everything somebody may have at hand: payer, text, account, amount, document."""
        names = ("partner_name", "payment_ref", "account_number", "payer_email", "end_to_end_id")
        found = Domain.OR([Domain(name, "ilike", word) for name in names])
        documents = Domain("proposal_ids.order_ids.name", "ilike", word)
        documents |= Domain("proposal_ids.invoice_ids.name", "ilike", word)
        found |= documents
        amount = self._amount_of(word)
        if amount is not None:
            for value in (amount, -amount):
                found |= Domain("amount", ">=", value - 0.005) & Domain("amount", "<", value + 0.005)
        return found

    @staticmethod
    def _amount_of(word: str) -> float | None:
        """Read ``1.234,50``, ``1234.50`` or ``1234`` as an amount."""
        text = word.strip("€").replace("'", "")
        if "," in text and text.rfind(",") > text.rfind("."):
            text = text.replace(".", "").replace(",", ".")
        try:
            number = float(text.replace(",", ""))
        except ValueError:
            return None
        return abs(float_utils.float_round(number, precision_digits=2)) if number < 1e12 else None

    def _today(self) -> datetime:
        """Return when the user's day began, in UTC as the database has it."""
        day = fields.Date.context_today(self)
        zone = pytz.timezone(self.env.user.tz or "UTC")
        start = zone.localize(datetime.combine(day, time.min))
        return start.astimezone(pytz.utc).replace(tzinfo=None)

    def _pile_domain(self, pile: str) -> Domain:
        if pile == "done":
            today = Domain("confirmed", ">=", self._today()) & Domain("undone", "=", False)
            return Domain("match_state", "=", "matched") & Domain("allocation_ids", "any", today)
        return Domain("match_state", "=", pile if pile in PILES else "unclear")

    # ------------------------------------------------------------------
    # What the screen asks
    # ------------------------------------------------------------------

    def start(self) -> dict:
        """Return what the screen needs once: journals, accounts for write-offs, rights."""
        self._check_clerk()
        journals = self.env["account.journal"].search(
            [("match_payments", "=", True), ("company_id", "in", self.env.companies.ids)]
        )
        return {
            "journals": [{"id": journal.id, "name": journal.display_name} for journal in journals],
            "manager": self.env.user.has_group("account.group_account_manager"),
        }

    def counts(self, journal=False, search="", period="") -> dict:
        """Return ``{pile: {count, sums: [[currency, amount]]}}`` and how many are looked at."""
        self._check_clerk()
        Line = self.env["account.bank.statement.line"]
        base = self._base_domain(journal, search, period)
        states = Domain("match_state", "in", [*PILES, "waiting"])
        piles = {pile: {"count": 0, "sums": []} for pile in (*PILES, "waiting", "done")}
        aggregates = ["__count", "amount:sum"]
        groups = Line._read_group(base & states, ["match_state", "currency_id"], aggregates)
        done = Line._read_group(base & self._pile_domain("done"), ["currency_id"], aggregates)
        for state, currency, count, amount in [*groups, *(("done", *row) for row in done)]:
            piles[state]["count"] += count
            piles[state]["sums"].append([currency.id, amount])
        return piles

    def load(
        self, pile, journal=False, search="", period="", order="date", offset=0, limit=PAGE
    ) -> dict:
        """Return a page of a pile: ``{lines, total}``; the same few queries for any size."""
        self._check_clerk()
        Line = self.env["account.bank.statement.line"]
        domain = self._base_domain(journal, search, period) & self._pile_domain(pile)
        lines = Line.search(
            domain,
            order=ORDERS.get(order, ORDERS["date"]),
            offset=max(int(offset), 0),
            limit=min(max(int(limit), 1), PAGE),
        )
        return {"lines": self._rows(lines), "total": Line.search_count(domain)}

    def pile(self, pile, journal=False, search="", period="") -> list:
        """Return all payments of a pile as ``[[line, best proposal, amount, currency]]``."""
        self._check_clerk()
        domain = self._base_domain(journal, search, period) & self._pile_domain(pile)
        lines = self.env["account.bank.statement.line"].search_fetch(
            domain, ["proposal_id", "amount", "currency_id"], order=ORDERS["date"], limit=5000
        )
        return [
            [line.id, line.proposal_id.id, line.amount, line.currency_id.id]
            for line in lines
            if line.proposal_id
        ]

    def details(self, line_id: int) -> dict:
        """Return what is shown on demand only: ids, accounts and the raw data."""
        self._check_clerk()
        line = self._lines([line_id])
        names = (
            "account_number",
            "payer_email",
            "payer_account",
            "end_to_end_id",
            "payment_bank_reference",
            "payment_invoice_ref",
            "payment_code",
            "payment_reason",
            "payment_raw",
        )
        facts = [(line._fields[name].get_description(self.env)["string"], line[name]) for name in names]
        return {
            "facts": [[label, value] for label, value in facts[:-1] if value],
            "raw": line.payment_raw or "",
            "file": line.payment_file_id.name or "",
            "note": line.match_note or "",
        }

    # ------------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------------

    def _lines(self, ids):
        """Return payments of the user's companies; what is not theirs is refused."""
        lines = self.env["account.bank.statement.line"].browse([int(line) for line in ids]).exists()
        lines.check_access("read")
        return lines

    def _rows(self, lines) -> list[dict]:
        """Return rows for the screen, read in one go for all lines."""
        proposals = lines.proposal_ids
        documents = {
            record: self._document(record)
            for record in (
                *proposals.order_ids,
                *lines.allocation_ids.order_ids,
                *proposals.invoice_ids,
                *lines.allocation_ids.invoice_id,
            )
        }
        return [self._row(line, documents) for line in lines]

    def _row(self, line, documents: dict) -> dict:
        return {
            "id": line.id,
            "date": fields.Date.to_string(line.date),
            "payer": line.partner_name or line.partner_id.display_name or "",
            "text": line.payment_ref or "",
            "amount": line.amount,
            "rest": self._rest(line),
            "currency": line.currency_id.id,
            "journal": line.journal_id.name,
            "kind": line.payment_kind,
            "state": line.match_state,
            "note": line.match_note or "",
            "proposals": [self._proposal(proposal, documents) for proposal in line.proposal_ids],
            "done": [
                self._allocation(allocation, documents)
                for allocation in line.allocation_ids
                if not allocation.undone
            ],
        }

    def _proposal(self, proposal, documents: dict) -> dict:
        return {
            "id": proposal.id,
            "confidence": proposal.confidence,
            "likely": proposal.likely,
            "difference": proposal.difference,
            "discount": proposal.discount,
            "reasons": proposal.reasons or [],
            "summary": proposal.summary or "",
            "documents": [
                documents[record] for record in (*proposal.order_ids, *proposal.invoice_ids)
            ],
        }

    def _allocation(self, allocation, documents: dict) -> dict:
        record = allocation.order_id or allocation.invoice_id
        return {
            "document": documents.get(record),
            "amount": allocation.amount,
            "discount": allocation.discount,
            "write_off": allocation.write_off,
            "user": allocation.user_id.name or "",
            "automatic": allocation.automatic,
            "time": fields.Datetime.to_string(allocation.confirmed),
        }

    def _rest(self, line) -> float:
        """Return what of the payment pays nothing yet."""
        used = sum(allocation.amount for allocation in line.allocation_ids if not allocation.undone)
        return line.currency_id.round(line.amount - used)

    def _document(self, record) -> dict:
        """Return an order or invoice as it is shown beside a payment."""
        order = record._name == "sale.order"
        return {
            "model": record._name,
            "id": record.id,
            "kind": "order" if order else record.move_type,
            "number": record.name or "",
            "shop": (record.client_order_ref if order else record.ref) or "",
            "customer": record.partner_id.display_name or "",
            "date": fields.Date.to_string(
                record.date_order.date() if order else record.invoice_date or record.date
            ),
            "total": record.amount_total,
            "open": self._open_amount(record),
            "currency": record.currency_id.id,
        }

    def _open_amount(self, record) -> float:
        if record._name == "sale.order":
            return record.currency_id.round(record.amount_total - record.prepaid_amount)
        return record.amount_residual
