"""From a confirmed payment to the books: the suspense item becomes what it pays."""

from dataclasses import replace

from odoo import models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .payment_match_target import Part, Request, Target

# The entry of a payment is built anew in one go and checked as a whole at the end. What was done is
# written to its chatter in one line instead of one tracked message for each item.
BOOKING = {
    "check_move_validity": False,
    "skip_account_move_synchronization": True,
    "skip_invoice_sync": True,
    "skip_readonly_check": True,
    "force_delete": True,
    "dynamic_unlink": True,
    "tracking_disable": True,
}


CENTS = 5  # so many units a payer's cash discount may be off by rounding


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    # ------------------------------------------------------------------
    # Asked for
    # ------------------------------------------------------------------

    def _match_confirm(
        self, targets, *, proposal=None, automatic=False, keep_open=False, approved_by=None
    ):
        """Book that this payment pays ``targets`` and return the allocations.

        What remains of the payment becomes the customer's credit, or stays open for the next
        confirmation with ``keep_open``. A write-off above the journal's limit is only stored, and
        booked when another person approves it.
        """
        self.ensure_one()
        request = Request(self, tuple(targets), proposal, automatic, keep_open, approved_by)
        return self._match_book([request])

    def _match_targets_of(self, proposal) -> list[Target]:
        """Return what a proposal says as targets, with the cash discount that each is given."""
        proposal.ensure_one()
        records = [*proposal.invoice_ids, *proposal.order_ids]
        discounts = self._match_discounts(records, proposal.discount)
        return [Target(record, discount=discounts.get(record, 0.0)) for record in records]

    def _match_discounts(self, records, discount: float) -> dict:
        """Split a proposal's discount over the documents whose terms allow one."""
        currency = self._match_currency()
        if currency.is_zero(discount):
            return {}
        due = sum(record._match_open_amount(self._match_sign()) for record in records)
        missing = currency.round(due - self._match_rest())
        if abs(missing - discount) <= CENTS * currency.rounding:
            discount = missing  # payers round in their own way
        shares = {}
        for record in records:
            share = currency.round(min(record._match_discount_allowed(), discount))
            if not currency.is_zero(share):
                shares[record] = share
                discount = currency.round(discount - share)
        if shares and 0 < discount <= CENTS * currency.rounding:
            shares[next(iter(shares))] += discount
        return shares

    # ------------------------------------------------------------------
    # The one way into the books
    # ------------------------------------------------------------------

    def _match_book(self, requests: list[Request]):
        """Book many confirmations at once: all of them or, on an error, none."""
        self._match_check_rights()
        requests = _as_program([_with_targets(request) for request in requests])
        lines = requests[0].line.union(*(request.line for request in requests))
        lines._match_lock([target.record for r in requests for target in r.targets])
        taken = {}
        parts = {request: request.line._match_split(request, taken) for request in requests}
        stored = lines.browse().allocation_ids
        for request in requests:
            if lines._match_needs_approval(parts[request], request):
                stored |= lines._match_store_for_approval(request, parts.pop(request))
        booked = lines._match_book_parts(parts) if parts else stored.browse()
        return (stored | booked).sudo(self.env.su)

    def _match_book_parts(self, parts: dict):
        lines = self.browse(request.line.id for request in parts)
        every = [part for group in parts.values() for part in group]
        partners = {r.line: r.line._match_one_partner(group) for r, group in parts.items()}
        changed = lines._match_set_partner(partners)
        lines._match_write_entries(every)
        lines._match_reconcile(every)
        allocations = lines._match_create_allocations(every, changed)
        for line in lines:
            rest = line._match_rest()
            state = "matched" if line._match_currency().is_zero(rest) else "unclear"
            line.write({"match_state": state, "match_note": False})
        allocations._match_booked()
        return allocations

    def _match_check_rights(self) -> None:
        if self.env.su or self.env.user.has_group("account.group_account_invoice"):
            return
        raise AccessError(self.env._("Only people with the right to write invoices book payments."))

    def _match_lock(self, records) -> None:
        """Lock payments and documents in one order for all, so that two people wait in line.

        Whoever waited gets a serialisation error from the database where the other one changed
        something; the request is then repeated and sees it.
        """
        records = [*records, *self.allocation_ids._match_documents()]
        orders, moves = (
            self.env[name].sudo().browse(one.id for one in records if one._name == name)
            for name in ("sale.order", "account.move")
        )
        moves |= self.move_id | orders.invoice_ids  # an invoice may be posted at this moment
        ids = {
            "account_bank_statement_line": self.ids,
            "account_move": moves.ids,
            "sale_order": orders.ids,
        }
        self.env.flush_all()
        for table, wanted in ids.items():
            if wanted:
                self.env.cr.execute(
                    SQL(
                        "SELECT id FROM %s WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                        SQL.identifier(table),
                        list(wanted),
                    )
                )

    # ------------------------------------------------------------------
    # What is there
    # ------------------------------------------------------------------

    def _match_currency(self):
        """Return the currency in which the payment was made."""
        return self.foreign_currency_id or self.currency_id

    def _match_sign(self) -> int:
        return 1 if self.amount >= 0 else -1

    def _match_rest(self) -> float:
        """Return what is not booked yet, positive in the payment's direction."""
        _liquidity, suspense, _other = self._seek_for_lines()
        return self._match_currency().round(
            -self._match_sign() * sum(suspense.mapped("amount_currency"))
        )

    def _match_one_partner(self, parts):
        """Return the partner of all parts, or none where they are of several."""
        partners = self.env["res.partner"].union(*(part.partner for part in parts if part.partner))
        return partners if len(partners) == 1 else partners.browse()

    # ------------------------------------------------------------------
    # What was confirmed
    # ------------------------------------------------------------------

    def _match_create_allocations(self, parts: list[Part], changed):
        """Keep what was confirmed by whom; ``changed``: payments that got their partner by it."""
        return self.env["payment.match.allocation"].create(
            [
                {**self._match_allocation_vals(part), "partner_was_set": part.line in changed}
                for part in parts
            ]
        )

    def _match_allocation_vals(self, part: Part) -> dict:
        request, sign = part.request, part.line._match_sign()
        return {
            "line_id": part.line.id,
            "kind": part.kind,
            "partner_id": part.partner.id,
            "amount": sign * part.amount,
            "discount": sign * part.discount,
            "write_off": sign * part.write_off,
            "account_id": (part.write_off_account or part.account).id,
            "label": part.label,
            "move_line_id": part.move_line.id if part.move_line else False,
            "confidence": request.proposal.confidence if request.proposal else 0.0,
            "automatic": request.automatic,
            "user_id": False if request.automatic else (request.user or self.env.user).id,
            "approved_by_id": request.approved_by.id if request.approved_by else False,
            "original_id": part.original.id if part.original else False,
            **_document_vals(part),
        }


def _with_targets(request: Request) -> Request:
    """Return the request with what its proposal says, where it names no targets."""
    if request.targets is not None:
        return request
    line, proposal = request.line.sudo(), request.proposal.sudo()  # sudo: see _as_program
    return replace(request, targets=tuple(line._match_targets_of(proposal)))


def _as_program(requests: list[Request]) -> list[Request]:
    """Return the requests with records of the program's rights that are read together."""
    records = [request.line for request in requests]
    records += [target.record for request in requests for target in request.targets]
    shared = {}
    for record in records:
        # sudo: whoever may write invoices books payments, but orders and the bank's entries are
        # written by the program only
        shared[record._name] = shared.get(record._name, record.sudo()) | record.sudo()
    known = {(name, one.id): one for name, records in shared.items() for one in records}
    return [
        replace(
            request,
            line=known[request.line._name, request.line.id],
            targets=tuple(
                replace(target, record=known[target.record._name, target.record.id])
                for target in request.targets
            ),
        )
        for request in requests
    ]


def _document_vals(part: Part) -> dict:
    """Return the document of an allocation; a credit has none."""
    if not part.record:
        return {}
    name = "invoice_id" if part.is_invoice else "order_id"
    return {name: part.record.id}
