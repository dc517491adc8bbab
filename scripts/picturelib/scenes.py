"""Which pictures there are: who looks, where, and what has to be on the screen first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from demolib.wire import Odoo

FORM = "document.querySelector('.o_form_view .o_form_renderer, .o_form_view .o_form_sheet')"
LIST = "document.querySelector('.o_list_view .o_data_row')"
KANBAN = "document.querySelector('.o_kanban_view .o_kanban_record:not(.o_kanban_ghost)')"
DIALOG = "document.querySelector('.modal .o_form_view')"


class Places:
    """Addresses of screens in a running Odoo."""

    def __init__(self, odoo: Odoo, url: str) -> None:
        self.odoo, self.url = odoo, url

    @cached_property
    def world(self) -> str:
        """The address of the mail viewer."""
        return "http://127.0.0.1:8025"

    def action(self, xmlid: str, record: int | str = "") -> str:
        """The address of an action, or of one of its records."""
        module, name = xmlid.split(".")
        domain = [("module", "=", module), ("name", "=", name)]
        found: Any = self.odoo.call("ir.model.data", "search_read", domain, ["res_id"])
        if not found:
            return ""
        return f"{self.url}/odoo/action-{found[0]['res_id']}{f'/{record}' if record else ''}"

    def record(self, xmlid: str, model: str, *domain: Any, order: str = "id desc") -> str:
        """The address of the first record that fits, within an action."""
        found = self.odoo.find(model, list(domain), order)
        return self.action(xmlid, found) if found else ""


@dataclass(frozen=True)
class Scene:
    """One picture."""

    name: str
    login: str
    address: Callable[[Places], str]
    ready: str
    then: tuple[str, ...] = ()
    pause: float = 1.0
    height: int = 0


BOARD = "order_automation.sale_order_action_automation"
POLICIES = "order_automation.automation_policy_action"
RULES = "order_automation.automation_rule_action"
CASES = "automation_core.automation_case_action"


def _menu(xmlid: str) -> Callable[[Places], str]:
    return lambda places: places.action(xmlid)


def _one(xmlid: str, model: str, *domain: Any, order: str = "id desc") -> Callable[[Places], str]:
    return lambda places: places.record(xmlid, model, *domain, order=order)


def _click(selector: str) -> str:
    return f"document.querySelector({selector!r})?.click()"


SCENES = (
    Scene("overview", "jana", _menu("order_automation.automation_counter_action"), KANBAN),
    Scene("board", "jana", _menu(BOARD), KANBAN),
    Scene("orders", "jana", _menu(BOARD), KANBAN, (_click(".o_switch_view.o_list"),)),
    Scene(
        "order-held", "jana",
        _one(BOARD, "sale.order", ("automation_state", "=", "held")), FORM, height=1200,
    ),
    Scene(
        "order-done", "jana",
        _one(BOARD, "sale.order", ("automation_state", "=", "done")), FORM, height=1200,
    ),
    Scene("cases", "jana", _menu(CASES), LIST),
    Scene("case", "jana", _one(CASES, "automation.case", ("state", "=", "open")), FORM),
    Scene(
        "analysis", "jana", _menu("order_automation.sale_order_action_automation_analysis"),
        "document.querySelector('.o_graph_renderer canvas')", pause=2.5,
    ),
    Scene(
        "policy", "jana",
        _one(POLICIES, "automation.policy", order="sequence desc"),
        FORM,
    ),
    Scene("rules", "jana", _menu(RULES), LIST),
    Scene(
        "rule", "jana",
        _one(RULES, "automation.rule", ("kind", "=", "pickup_size")),
        FORM,
    ),
    Scene("shop-orders", "jana", _menu("shop_connector.shop_order_action"), LIST),
    Scene(
        "shop-order", "jana",
        _one("shop_connector.shop_order_action", "shop.order", ("state", "=", "imported")), FORM,
    ),
    Scene(
        "shop-account", "admin",
        _one("shop_connector.shop_account_action", "shop.account"), FORM,
    ),
    Scene("board-english", "admin", _menu(BOARD), KANBAN),
    Scene("mails", "", lambda places: f"{places.world}/", "document.querySelector('table')"),
    Scene("mail", "", lambda places: f"{places.world}/mail/1", "document.querySelector('iframe')"),
)  # fmt: skip
