"""What the screen "Match payments" asks for: piles, their counters, a page of payments."""

from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import float_utils

PILES = ("likely", "unclear", "nothing", "approval", "foreign", "aside")
ORDERS = {
    "date": "internal_index desc",
    "amount": "amount desc, internal_index desc",
    "payer": "partner_name, internal_index desc",
    "confidence": "match_confidence desc, internal_index desc",
}
PAGE = 80
UPLOAD = "payment_matching.payment_upload_action"


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
                found |= Domain("amount", ">=", value - 0.005) & Domain(
                    "amount", "<", value + 0.005
                )
        return found

    def _amount_domain(self, name: str, value: float) -> Domain:
        return Domain(name, ">=", value - 0.005) & Domain(name, "<", value + 0.005)

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

    @api.model
    def start(self) -> dict:
        """Return what the screen needs once: journals, accounts for write-offs, rights."""
        self._check_clerk()
        journals = self.env["account.journal"].search(
            [("match_payments", "=", True), ("company_id", "in", self.env.companies.ids)]
        )
        manager = self.env.user.has_group("account.group_account_manager")
        return {
            "journals": [{"id": journal.id, "name": journal.display_name} for journal in journals],
            "sources": manager and "payment_matching.payment_source_action",
            "upload": UPLOAD if self.env.ref(UPLOAD, raise_if_not_found=False) else False,
        }

    @api.model
    def counts(self, journal=False, search="", period="") -> dict:
        """Return ``{pile: {count, sums: [[currency, amount]]}}`` and how many are looked at."""
        self._check_clerk()
        model = self.env["account.bank.statement.line"]
        base = self._base_domain(journal, search, period)
        states = Domain("match_state", "in", [*PILES, "waiting"])
        piles = {pile: {"count": 0, "sums": []} for pile in (*PILES, "waiting", "done")}
        aggregates = ["__count", "amount:sum"]
        groups = model._read_group(base & states, ["match_state", "currency_id"], aggregates)
        done = model._read_group(base & self._pile_domain("done"), ["currency_id"], aggregates)
        for state, currency, count, amount in [*groups, *(("done", *row) for row in done)]:
            piles[state]["count"] += count
            piles[state]["sums"].append([currency.id, amount])
        return piles

    @api.model
    def load_pile(
        self, pile, journal=False, search="", period="", order="date", offset=0, limit=PAGE
    ) -> dict:
        """Return a page of a pile: ``{lines, total}``; the same few queries for any size."""
        self._check_clerk()
        model = self.env["account.bank.statement.line"]
        domain = self._base_domain(journal, search, period) & self._pile_domain(pile)
        lines = model.search(
            domain,
            order=ORDERS.get(order, ORDERS["date"]),
            offset=max(int(offset), 0),
            limit=min(max(int(limit), 1), PAGE),
        )
        return {"lines": self._rows(lines), "total": model.search_count(domain)}

    @api.model
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

    @api.model
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
        )
        labels = line.fields_get(names, ["string"])
        return {
            "facts": [[labels[name]["string"], line[name]] for name in names if line[name]],
            "raw": line.payment_raw or "",
            "file": line.payment_file_id.name or "",
            "note": line.match_note or "",
        }

    # ------------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------------

    def _lines(self, line_ids):
        """Return payments of the user's companies; what is not theirs is refused."""
        lines = (
            self.env["account.bank.statement.line"]
            .browse([int(line) for line in line_ids])
            .exists()
        )
        lines.check_access("read")
        return lines

    def _rows(self, lines) -> list[dict]:
        """Return rows for the screen, read in one go for all lines."""
        proposals, allocations = lines.proposal_ids, lines.allocation_ids
        orders = proposals.order_ids | allocations.order_id
        invoices = proposals.invoice_ids | allocations.invoice_id
        documents = {record: self._document(record) for record in (*orders, *invoices)}
        return [self._row(line, documents) for line in lines]

    def _row(self, line, documents: dict) -> dict:
        booked = line.allocation_ids.filtered(lambda one: one.state != "undone")
        return {
            "id": line.id,
            "date": fields.Date.to_string(line.date),
            "payer": line.partner_name or line.partner_id.display_name or "",
            "text": line._match_text(),
            "amount": line.amount_currency if line.foreign_currency_id else line.amount,
            "rest": self._rest(line),
            "currency": line._match_currency().id,
            "journal": line.journal_id.name,
            "kind": line.payment_kind,
            "state": line.match_state,
            "note": line.match_note or "",
            "proposals": [self._proposal(proposal, documents) for proposal in line.proposal_ids],
            "done": [self._allocation(allocation, documents) for allocation in booked],
        }

    def _proposal(self, proposal, documents: dict) -> dict:
        sign = proposal.line_id._match_sign()
        return {
            "id": proposal.id,
            "confidence": proposal.confidence,
            "likely": proposal.likely,
            "difference": proposal.difference,
            "discount": proposal.discount,
            "reasons": proposal.reasons or [],
            "summary": proposal.summary or "",
            "documents": [
                {**documents[record], "open": self._open_amount(record, sign)}
                for record in self._records(proposal)
            ],
        }

    def _records(self, proposal) -> list:
        return [*proposal.order_ids, *proposal.invoice_ids]

    def _allocation(self, allocation, documents: dict) -> dict:
        record = allocation.order_id or allocation.invoice_id
        return {
            "kind": allocation.kind,
            "name": allocation.display_name,
            "document": documents.get(record),
            "amount": allocation.amount,
            "discount": allocation.discount,
            "write_off": allocation.write_off,
            "approval": allocation.state == "approval",
            "user": allocation.user_id.name or "",
            "automatic": allocation.automatic,
            "time": fields.Datetime.to_string(allocation.confirmed),
        }

    def _rest(self, line) -> float:
        """Return what of the payment pays nothing yet, signed as the payment."""
        amount = line.amount_currency if line.foreign_currency_id else line.amount
        used = sum(line.allocation_ids._booked().mapped("amount"))
        return line._match_currency().round(amount - used)

    def _document(self, record) -> dict:
        """Return an order or invoice as it is shown beside a payment."""
        order = record._name == "sale.order"
        date = record.date_order if order else record.invoice_date or record.date
        return {
            "model": record._name,
            "id": record.id,
            "kind": "order" if order else record.move_type,
            "number": record.name or "",
            "shop": (record.client_order_ref if order else record.ref) or "",
            "customer": record.partner_id.display_name or "",
            "date": fields.Date.to_string(date),
            "total": record.amount_total,
            "currency": record.currency_id.id,
        }

    def _open_amount(self, record, sign: int) -> float:
        """Return what is open, positive where a payment in the direction of ``sign`` settles it."""
        if record._name == "account.move" and record.state != "posted":
            return 0.0
        return record.currency_id.round(record._match_open_amount(sign))
