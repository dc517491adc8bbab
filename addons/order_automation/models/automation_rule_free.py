from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import safe_eval

from ..lib.finding import Finding, fingerprint, shorten

FILTERS = {"domain": "sale.order", "line_domain": "sale.order.line"}


class AutomationRule(models.Model):
    """Free kinds: a filter on the order, on any or all of its lines, or a server action."""

    _inherit = "automation.rule"

    @api.constrains("domain", "line_domain")
    def _check_filters(self):
        for rule in self:
            for name, model in FILTERS.items():
                try:
                    rule._get_filter(name).validate(self.env[model])
                except Exception as error:
                    raise ValidationError(
                        self.env._(
                            "The filter of rule “%(name)s” is not valid: %(error)s",
                            name=rule.name,
                            error=error,
                        )
                    ) from error

    @api.constrains("kind", "action_server_id")
    def _check_action_server(self):
        for rule in self.filtered(lambda rule: rule.kind == "code"):
            # sudo: server actions are only readable in full by administrators
            action = rule.action_server_id.sudo()
            if action.model_id.model != "sale.order" or action.state != "code":
                raise ValidationError(
                    self.env._("Choose a server action on orders that runs Python code.")
                )

    def _find_domain(self, orders, _facts) -> dict[int, Finding]:
        matching = orders.search(Domain("id", "in", orders.ids) & self._get_filter("domain"))
        return {
            order.id: Finding(self.name, fingerprint(self.domain, self._fingerprint_order(order)))
            for order in matching
        }

    def _find_line_any(self, orders, _facts) -> dict[int, Finding]:
        _lines, matching = self._match_lines(orders)
        return {order.id: self._about_lines(lines) for order, lines in matching.items()}

    def _find_line_all(self, orders, _facts) -> dict[int, Finding]:
        """Every line matches; an order without lines has nothing to match."""
        lines, matching = self._match_lines(orders)
        return {
            order.id: self._about_lines(found)
            for order, found in matching.items()
            if len(found) == len(lines[order])
        }

    def _find_code(self, orders, _facts) -> dict[int, Finding]:
        """Run the server action over all orders at once; it fills ``findings``."""
        findings: dict = {}
        # sudo: only administrators write the code; the rule's managers may choose it
        action = self.action_server_id.sudo().with_context(
            active_model="sale.order", active_ids=orders.ids, active_id=orders.ids[0]
        )
        action._run(orders, action._get_eval_context(action) | {"findings": findings})
        found = {}
        for order_id, sentence in findings.items():
            if order_id not in orders._ids or not isinstance(sentence, str):
                raise UserError(
                    self.env._("`findings` must map ids of the given orders to sentences.")
                )
            if sentence:
                text = shorten(sentence, 250)
                found[order_id] = Finding(text, fingerprint(sentence), sentence)
        return found

    # ------------------------------------------------------------------
    # Filters
    # ------------------------------------------------------------------

    def _get_filter(self, name: str) -> Domain:
        context = {
            "uid": self.env.uid,
            "datetime": safe_eval.datetime,
            "dateutil": safe_eval.dateutil,
            "time": safe_eval.time,
        }
        return Domain(safe_eval.safe_eval(self[name] or "[]", context))

    def _match_lines(self, orders):
        """``{order: lines looked at}`` and ``{order: those the filter matches}``."""
        goods = Domain("product_id.type", "!=", "service") if self.goods_only else Domain.TRUE
        looked_at = (
            goods & Domain("order_id", "in", orders.ids) & Domain("display_type", "=", False)
        )
        lines = self.env["sale.order.line"].search(looked_at)
        matching = lines.search(Domain("id", "in", lines.ids) & self._get_filter("line_domain"))
        return lines.grouped("order_id"), matching.grouped("order_id")

    def _about_lines(self, lines) -> Finding:
        articles = lines.product_id.mapped("display_name")
        sentence = f"{self.name}: {shorten(', '.join(articles))}"
        facts = [(line.product_id.id, line.product_uom_qty) for line in lines]
        return Finding(sentence, fingerprint(self.line_domain, facts))
