import logging

from odoo import api, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..lib.finding import Finding, fingerprint

_logger = logging.getLogger(__name__)


class AutomationRule(models.Model):
    """Running the rules: all of them over a whole batch, cases raised and settled at the end."""

    _inherit = "automation.rule"

    @api.model
    def _check(self, orders):
        """Run every rule over ``orders``: raise a case for what is found, settle what is gone."""
        rules = self._get_rules(orders)
        # sudo: a rule sees the same facts whoever caused the check
        orders = orders.sudo()
        findings, failures = rules._evaluate(orders)
        rules._report_failures(failures)
        for rule in failures:
            if rule.on_failure == "hold":
                findings[rule] = rule._find_failure(orders, failures[rule])
        known = {order.id: order for order in orders}
        self.env["automation.case"]._raise(
            [rule._prepare_case(known[i], finding) for rule, i, finding in _flatten(findings)]
        )
        unclear = {rule._code() for rule in failures if rule not in findings}
        self._settle_gone(orders, findings, unclear)

    @api.model
    def _explain(self, orders) -> dict[int, list[str]]:
        """``{order id: sentences}`` of what the rules would say; nothing is changed."""
        texts: dict[int, list[str]] = {}
        savepoint = self.env.cr.savepoint()
        try:
            findings, _failures = self._get_rules(orders)._evaluate(orders.sudo())
        finally:
            savepoint.close(rollback=True)
        for _rule, order_id, finding in _flatten(findings):
            texts.setdefault(order_id, []).append(finding.sentence)
        return texts

    @api.model
    def _get_rules(self, orders):
        """The active rules of the orders' companies, with the rights to read whatever they need."""
        # sudo: a rule sees the same facts whoever caused the check
        return self.sudo().search(
            [("active", "=", True), ("company_id", "in", [False, *orders.company_id.ids])]
        )

    def _evaluate(self, orders):
        """Return ``{rule: {order id: Finding}}`` and ``{rule: error}``: a bad rule stops no other.

        All rules run at once; only when one fails, each runs again in a savepoint of its own.
        """
        try:
            with self.env.cr.savepoint():
                return self._find_all(orders), {}
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.debug("A hold rule failed, running them one by one", exc_info=True)
        findings, failures = {}, {}
        for rule in self:
            try:
                with self.env.cr.savepoint():
                    findings.update(rule._find_all(orders))
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception as error:
                _logger.info("Hold rule %s (%s) failed", rule.name, rule.id, exc_info=True)
                failures[rule] = error
        return findings, failures

    def _find_all(self, orders) -> dict:
        facts: dict = {}
        return {rule: rule._find(orders, facts) for rule in self}

    def _find(self, orders, facts: dict) -> dict[int, Finding]:
        """What this rule objects to, by order id."""
        fitting = self._filter_orders(orders)
        return getattr(self, f"_find_{self.kind}")(fitting, facts) if fitting else {}

    # ------------------------------------------------------------------
    # Cases
    # ------------------------------------------------------------------

    def _prepare_case(self, order, finding: Finding) -> dict:
        return {
            "record": order,
            "code": self._code(),
            "kind": "rule",
            "name": finding.sentence,
            "explanation": self._get_explanation(finding),
            "seen": finding.seen,
            "blocking": self.blocking,
        }

    def _get_explanation(self, finding: Finding) -> str:
        """Which rule saw what, and what to do."""
        parts = [self.env._("Rule “%s”", self.name), finding.detail, self.explanation]
        return "\n".join(part for part in parts if part)

    @api.model
    def _settle_gone(self, orders, findings: dict, unclear: set[str]) -> None:
        """Close the rules' open cases that no rule stands behind any more."""
        standing = {(order_id, rule._code()) for rule, order_id, _f in _flatten(findings)}
        domain = (
            Domain("state", "=", "open")
            & Domain("res_model", "=", "sale.order")
            & Domain("res_id", "in", orders.ids)
            & Domain("code", "=like", "rule:%")
        )
        # sudo: closing a case whose fact is gone is the program's business
        cases = self.env["automation.case"].sudo().search(domain)
        gone = cases.filtered(
            lambda case: case.code not in unclear and (case.res_id, case.code) not in standing
        )
        for code, closed in gone.grouped("code").items():
            self.env["automation.case"]._settle(
                orders.browse(closed.mapped("res_id")), codes=[code]
            )

    def _report_failures(self, failures: dict) -> None:
        """A rule that fails is a case of its own; it closes when the rule works again."""
        cases = self.env["automation.case"]
        values = [
            {
                "record": rule,
                "code": "technical:rule",
                "kind": "technical",
                "name": self.env._("Hold rule “%s” cannot be checked", rule.name),
                "explanation": rule._get_failure_text(error),
                "blocking": False,
            }
            for rule, error in failures.items()
        ]
        cases._raise(values)
        working = self - self.browse([rule.id for rule in failures])
        cases._settle(working, codes=["technical:rule"])

    def _get_failure_text(self, error: Exception) -> str:
        sentence = self.env["automation.retry.mixin"]._error_sentence(error)
        advice = self.env._("Correct the rule or archive it; until then it checks nothing.")
        return f"{sentence}\n{advice}"

    def _find_failure(self, orders, error: Exception) -> dict[int, Finding]:
        """Every order the broken rule should have looked at."""
        found = Finding(
            self.env._("Hold rule “%s” could not be checked", self.name),
            fingerprint(self.kind, str(error)),
            self._get_failure_text(error),
        )
        return dict.fromkeys(self._filter_orders(orders).ids, found)


def _flatten(findings: dict):
    for rule, found in findings.items():
        for order_id, finding in found.items():
            yield rule, order_id, finding
