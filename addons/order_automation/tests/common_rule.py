from odoo.addons.order_automation.tests.common import AutomationCommon


class RuleCommon(AutomationCommon):
    """Rules are made one by one: the shipped ones are archived."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["automation.rule"]
        cls.germany, cls.austria = cls.env.ref("base.de"), cls.env.ref("base.at")

    @classmethod
    def _rule(cls, kind, **values):
        return cls.rules.create({"name": f"Rule {kind}", "kind": kind, **values})

    @classmethod
    def _partner(cls, **values):
        return cls.partner.copy({"name": "Max Mustermann", **values})

    @classmethod
    def _order(cls, **values):
        return cls._create_orders(1, **values)

    def _cases(self, orders, state="open"):
        return self.env["automation.case"].search(
            [
                ("res_model", "=", "sale.order"),
                ("res_id", "in", orders.ids),
                ("state", "=", state),
                ("code", "=like", "rule:%"),
            ]
        )

    def _check(self, orders):
        """Run the rules and return the sentences of the open cases."""
        self.rules._check(orders)
        return self._cases(orders).mapped("name")
