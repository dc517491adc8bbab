"""From a settlement to the books: invoices are paid by it, fees are costs, the payout waits on the
clearing account for the bank.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .payment_match_target import Target

DIFFERENCE = "payment:settlement"


class PaymentSettlement(models.Model):
    _inherit = "payment.settlement"

    # -- buttons -----------------------------------------------------------

    def action_book(self):
        """Book settlements, and the payments of those that are on the bank account."""
        self._check_rights()
        # sudo: whoever writes invoices books settlements; journal entries are the program's
        self.sudo()._book()
        return True

    def action_find_payment(self):
        """Look for the payment now."""
        self._check_rights()
        self.sudo()._find_payments()  # sudo: the settlement is written by the program only
        missing = self.filtered(lambda one: not one.line_id)
        if not missing:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "No payment of this amount with the marketplace's words was found on a bank"
                    " account."
                ),
            },
        }

    def action_undo(self):
        """Take settlements out of the books: payment, entry, and what invoices were paid by it."""
        self._check_rights()
        self.sudo()._undo()  # sudo: see action_book
        return True

    def action_open_entry(self):
        """Show the journal entry."""
        self.ensure_one()
        return self.move_id._get_records_action()

    def action_open_differences(self):
        """Show the rows a person has to look at."""
        self.ensure_one()
        rows = self.row_ids.filtered(lambda row: row.state in ("differs", "unknown"))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_matching.payment_settlement_row_action"
        )
        return {**action, "domain": [("id", "in", rows.ids)], "context": {}}

    def _check_rights(self) -> None:
        if not (self.env.su or self.env.user.has_group("account.group_account_invoice")):
            raise AccessError(
                self.env._("Only people with the right to write invoices book settlements.")
            )

    # -- booking -----------------------------------------------------------

    def _book(self) -> None:
        for settlement in self:
            settlement.lock_for_update()
            if settlement.state == "failed":
                raise UserError(
                    self.env._(
                        "Settlement %(name)s cannot be booked: %(why)s",
                        name=settlement.name,
                        why=settlement.problem,
                    )
                )
            if settlement.state == "new":
                settlement._book_entry()
            if settlement.state == "booked" and settlement.line_id:
                settlement._book_payment()
        self._raise_differences()

    def _book_entry(self) -> None:
        """Post one entry for the settlement and settle what its orders owe."""
        self._find_orders()
        items = []
        for row in self.row_ids:
            items += row._items()
        items = [item for item in items if not self.currency_id.is_zero(item["amount_currency"])]
        clearing = self._item(self.source_id.clearing_account_id, self.total, self.name)
        if not self.currency_id.is_zero(self.total):
            items.append(clearing)
        if not items:
            raise UserError(self.env._("Settlement %s is empty.", self.name))
        self._even_out(items)
        names = [(item.pop("row", None), item.pop("field", None)) for item in items]
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.source_id.journal_id.id,
                "date": self.paid,
                "ref": self.env._(
                    "Settlement %(number)s of %(name)s",
                    number=self.name,
                    name=self.source_id.name,
                ),
                "currency_id": self.currency_id.id,
            }
        )
        lines = self.env["account.move.line"].create(
            [{**item, "move_id": move.id} for item in items]
        )
        move.action_post()
        for (row, field), line in zip(names, lines, strict=True):
            if row:
                row[field] = line
        own = lines.filtered(lambda line: line.account_id == self.source_id.clearing_account_id)
        self.write({"move_id": move.id, "clearing_line_id": own[-1:].id})
        (self.row_ids._settle() - self)._raise_differences()
        self.message_post(body=self.env._("Booked by %s.", self.env.user.name))

    def _find_orders(self) -> None:
        """Look once more for orders that were not known when the file came."""
        missing = self.row_ids.filtered(lambda row: row.order_ref and not row.order_id)
        if missing:
            found = self.source_id._settlement_orders(missing.mapped("order_ref"))
            for row in missing:
                row.order_id = found.get(row.order_ref)

    def _item(self, account, amount: float, label: str, partner=None, **more) -> dict:
        """Return a journal item; ``amount`` is a debit where it is positive."""
        company = self.company_id
        balance = self.currency_id._convert(amount, company.currency_id, company, self.paid)
        return {
            "account_id": account.id,
            "partner_id": partner.id if partner else False,
            "name": label,
            "currency_id": self.currency_id.id,
            "amount_currency": self.currency_id.round(amount),
            "balance": balance,
            **more,
        }

    def _even_out(self, items: list[dict]) -> None:
        """Give the cents that converting each amount alone leaves over to the last item."""
        company = self.company_id.currency_id
        items[-1]["balance"] -= company.round(sum(item["balance"] for item in items))

    # -- the bank ----------------------------------------------------------

    def _book_payment(self) -> None:
        """Book the payment on the bank account against the clearing account."""
        line = self.line_id
        if self.currency_id.compare_amounts(line.amount, self.total) != 0:
            raise UserError(
                self.env._(
                    "The payment of %(theirs)s is not the payout of %(ours)s.",
                    theirs=line.currency_id.format(line.amount),
                    ours=self.currency_id.format(self.total),
                )
            )
        account = self.source_id.clearing_account_id
        target = Target(account, amount=abs(self.total), label=self.move_id.ref)
        # the program vouches for it: what stands against the amount is the settlement's entry
        program = self.env.ref("base.user_root")
        allocations = line._match_confirm([target], approved_by=program)
        (allocations.move_line_id | self.clearing_line_id).reconcile()

    # -- taking back -------------------------------------------------------

    def _undo(self) -> None:
        booked = self.filtered(lambda one: one.state in ("booked", "paid") and one.move_id)
        if not booked:
            raise UserError(self.env._("There is nothing to take back."))
        for settlement in booked:
            settlement.lock_for_update()
            if settlement.state == "paid" and settlement.line_id.allocation_ids._booked():
                settlement.line_id.action_match_undo(settlement.env._("the settlement"))
            move = settlement.move_id
            settlement.write({"move_id": False, "clearing_line_id": False})
            settlement.row_ids.write({"sale_line_id": False, "refund_line_id": False})
            move._reverse_moves(
                [{"date": fields.Date.context_today(self), "ref": move.ref}], cancel=True
            )
            settlement.message_post(
                body=self.env._("Taken out of the books by %s.", self.env.user.name)
            )
        self.env["automation.case"]._settle(booked, codes=[DIFFERENCE])

    # -- differences -------------------------------------------------------

    def _raise_differences(self) -> None:
        """Have one case for each settlement with rows that somebody has to look at."""
        self.invalidate_recordset(["open_count"])
        cases = self.env["automation.case"]
        wrong = self.filtered(lambda one: one.move_id and one.open_count)
        cases._settle(self - wrong, codes=[DIFFERENCE])
        cases._raise(
            {
                "record": settlement,
                "code": DIFFERENCE,
                "kind": "data",
                "blocking": False,
                "name": self.env._(
                    "Settlement %(name)s does not fit %(count)s orders",
                    name=settlement.name,
                    count=settlement.open_count,
                ),
                "explanation": settlement._difference_text(),
                "seen": str(settlement.open_count),
            }
            for settlement in wrong
        )

    def _difference_text(self) -> str:
        rows = self.row_ids.filtered(lambda row: row.state in ("differs", "unknown"))
        states = dict(rows._fields["state"]._description_selection(self.env))
        texts = [
            f"{row.order_ref or row.text}: {states[row.state]}"
            f" ({self.currency_id.format(row.open_amount)})"
            for row in rows[:20]
        ]
        return "\n".join(texts)


class PaymentSettlementRow(models.Model):
    _inherit = "payment.settlement.row"

    def _items(self) -> list[dict]:
        """Return the journal items of a row without its share of the payout."""
        settlement, source = self.settlement_id, self.settlement_id.source_id
        other = source.other_account_id or source.fee_account_id
        label = " ".join(filter(None, (self.order_ref, self.text))) or settlement.name
        withheld = self.withheld if source.withheld_account_id or not self.order_ref else 0.0
        taken = self.withheld - withheld
        parts = [
            (source.fee_account_id, self.fee),
            (source.withheld_account_id or other, withheld),
            (source.reserve_account_id or other, self.reserve),
            (other, self.other),
        ]
        if not self.order_ref:
            parts += [(other, self.gross + self.refund)]
        items = [settlement._item(account, -amount, label) for account, amount in parts]
        if self.order_ref:
            items += [
                self._customer_item(self.gross + taken, "sale_line_id", label),
                self._customer_item(self.refund, "refund_line_id", label),
            ]
        return items

    def _customer_item(self, amount: float, field: str, label: str) -> dict:
        """Return the customer's item: a credit for what was sold, a debit for what was refunded.

        What belongs to an order that is not known is the marketplace's.
        """
        settlement = self.settlement_id
        kind = "out_invoice" if field == "sale_line_id" else "out_refund"
        account = self._documents(kind)._match_term_lines().account_id[:1]
        partner = settlement.source_id.partner_id
        if self.order_id:
            partner = self.order_id._match_partner()
            account = account or self.order_id._match_counterpart()[0]
        else:
            company = settlement.company_id
            account = partner.with_company(company).property_account_receivable_id
        return settlement._item(account, -amount, label, partner, row=self, field=field)

    def _documents(self, kind: str):
        """Return the posted invoices or credit notes of the order."""
        return self.order_id.invoice_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == kind
        )

    def _settle(self):
        """Settle invoices and credit notes with what settlements say of their orders; return all
        settlements that these orders are in.
        """
        rows = self.search(
            [
                ("order_id", "in", self.order_id.ids),
                ("settlement_id.move_id.state", "=", "posted"),
            ]
        )
        by_order = rows.grouped("order_id").values()
        plan = [
            items
            for own in by_order
            for items in (
                own._with_documents(own.sale_line_id, "out_invoice"),
                own._with_documents(own.refund_line_id, "out_refund"),
            )
        ]
        self._reconcile_groups(plan)
        # a credit note that was settled with its invoice leaves sale and refund to each other
        self._reconcile_groups(own.sale_line_id | own.refund_line_id for own in by_order)
        return self.settlement_id | rows.settlement_id

    def _with_documents(self, items, kind: str):
        """Return the items with what they settle, or nothing."""
        terms = self._documents(kind)._match_term_lines()
        return (terms.sorted("date") | items) if terms else items.browse()

    @api.model
    def _reconcile_groups(self, groups) -> None:
        """Reconcile what is open in each group, all groups at once."""
        plan = [
            items
            for group in groups
            for items in group.filtered(lambda item: not item.reconciled)
            .grouped("account_id")
            .values()
            if len(items) > 1
        ]
        if plan:
            self.env["account.move.line"]._reconcile_plan(plan)


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        """Override of `account`: an invoice that comes after its settlement is paid by it."""
        posted = super()._post(soft)
        documents = posted.filtered(lambda m: m.move_type in ("out_invoice", "out_refund"))
        if documents:
            documents._settle_by_settlements()
        return posted

    def _settle_by_settlements(self) -> None:
        # sudo: whoever posts need not be allowed to see settlements
        orders = self.sudo().invoice_line_ids.sale_line_ids.order_id
        rows = (
            self.env["payment.settlement.row"]
            .sudo()
            .search(
                [("order_id", "in", orders.ids), ("settlement_id.move_id.state", "=", "posted")]
            )
        )
        if rows:
            rows._settle()._raise_differences()
