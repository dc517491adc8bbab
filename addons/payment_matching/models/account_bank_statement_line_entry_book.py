"""The entry of a payment: its suspense item becomes what the payment pays."""

from odoo import models

from .account_bank_statement_line_book import BOOKING
from .payment_match_target import Part


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _match_set_partner(self, partners: dict):
        """Write the partner to payments, their entries and bank items; return the changed ones."""
        changed = self.browse()
        for line, partner in partners.items():
            if not partner or line.partner_id == partner:
                continue
            liquidity, _suspense, _other = line._seek_for_lines()
            vals = {"partner_id": partner.id}
            line.with_context(**BOOKING).write(vals)
            # core would look through the whole entry for each of the two
            models.BaseModel.write(line.move_id, vals)
            models.BaseModel.write(liquidity, vals)
            changed |= line
        return changed

    def _match_write_entries(self, parts: list[Part]) -> None:
        """Replace the suspense items by the parts; what remains stays in suspense."""
        moves = self.move_id
        items = self.env["account.move.line"].with_context(**BOOKING)
        with moves._check_balanced({"records": moves}):
            gone, vals_list, first = [], [], []
            for line, group in _by_line(parts).items():
                suspense, balance = line._match_take_suspense(group)
                gone += suspense.ids
                values = [line._match_items_of(part) for part in group]
                line._match_even_out([vals for one in values for vals in one], balance)
                for one in values:
                    first.append(len(vals_list))
                    vals_list += one
            items.browse(gone).unlink()
            created = items.create(vals_list).with_env(self.env)
        for part, index in zip(_grouped(parts), first, strict=True):
            part.move_line = created[index]
        unchecked = moves.filtered(lambda move: not move.checked)
        models.BaseModel.write(unchecked, {"checked": True})

    def _match_take_suspense(self, parts: list[Part]):
        """Return the item to be replaced, if nothing remains, and the balance of the parts."""
        _liquidity, suspense, _other = self._seek_for_lines()
        currency, before = self._match_currency(), suspense.balance
        rest = currency.round(self._match_rest() - sum(part.amount for part in parts))
        if currency.is_zero(rest):
            return suspense, before
        amount, balance = self._match_values(rest)
        suspense.with_context(**BOOKING).write({"amount_currency": amount, "balance": balance})
        return suspense.browse(), before - balance

    def _match_values(self, amount: float) -> tuple[float, float]:
        """Return ``(amount in currency, balance)`` of a counterpart for a part of the payment."""
        currency, company = self._match_currency(), self.company_id.currency_id
        amount = currency.round(-self._match_sign() * amount)
        if currency == company:
            return amount, amount
        values = self._prepare_counterpart_amounts_using_st_line_rate(currency, None, amount)
        return amount, values["balance"]

    def _match_even_out(self, vals_list: list[dict], balance: float) -> None:
        """Give the cents that converting each part alone leaves over to the first part."""
        company = self.company_id.currency_id
        if self._match_currency() != company:
            missing = company.round(balance - sum(vals["balance"] for vals in vals_list))
            vals_list[0]["balance"] += missing

    def _match_items_of(self, part: Part) -> list[dict]:
        """Return the journal items of a part, the counterpart first."""
        items = [self._match_item(part.account, part.settled, part.label, part.partner)]
        if part.is_invoice and part.discount:
            items += self._match_discount_items(part)
        if part.is_invoice and part.write_off:
            label = self.env._("Difference: %s", part.record.name)
            account = part.write_off_account
            items.append(self._match_item(account, -part.write_off, label, part.partner))
        return items

    def _match_item(self, account, amount: float, label: str, partner) -> dict:
        in_currency, balance = self._match_values(amount)
        return {
            "name": label or self.payment_ref,
            "move_id": self.move_id.id,
            "account_id": account.id,
            "partner_id": partner.id,
            "currency_id": self._match_currency().id,
            "amount_currency": in_currency,
            "balance": balance,
        }

    def _match_discount_items(self, part: Part) -> list[dict]:
        """Return the items of a cash discount, split by tax as core does it."""
        values = part.record._match_discount_values(part.discount * part.direction)
        return [{**vals, "move_id": self.move_id.id} for vals in values]

    def _match_reconcile(self, parts: list[Part]) -> None:
        plan = [part.move_line + part.term_lines for part in parts if part.term_lines]
        if plan:
            self.env["account.move.line"]._reconcile_plan(plan)


def _by_line(parts: list[Part]) -> dict:
    """Return the parts of each payment."""
    groups = {}
    for part in parts:
        groups.setdefault(part.line, []).append(part)
    return groups


def _grouped(parts: list[Part]) -> list[Part]:
    return [part for group in _by_line(parts).values() for part in group]
