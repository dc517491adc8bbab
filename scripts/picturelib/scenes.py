"""Which pictures there are: who looks, where, and what has to be on the screen first."""

from __future__ import annotations

import base64
import os
import re
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from demolib.wire import Odoo

FORM = "document.querySelector('.o_form_view .o_form_renderer, .o_form_view .o_form_sheet')"
LIST = "document.querySelector('.o_list_view .o_data_row')"
KANBAN = "document.querySelector('.o_kanban_view .o_kanban_record:not(.o_kanban_ghost)')"
MAIL = "document.querySelector('iframe')?.contentDocument?.body?.innerText"


class Places:
    """Addresses of screens in a running Odoo."""

    def __init__(self, odoo: Odoo, url: str) -> None:
        self.odoo, self.url = odoo, url

    @cached_property
    def world(self) -> str:
        """The address of the mail viewer."""
        memory = Path(os.environ.get("DEMO_DATA", ".data/demo")) / "world.port"
        return f"http://127.0.0.1:{memory.read_text() if memory.exists() else 8025}"

    def mail(self, words: str) -> str:
        """The address of the newest caught mail with these words in its head."""
        with urllib.request.urlopen(f"{self.world}/?q={quote(words)}") as answer:  # noqa: S310
            found = re.search(r'href="(/mail/\d+)"', answer.read().decode())
        return f"{self.world}{found[1]}" if found else ""

    def action(self, xmlid: str, record: int | str = "") -> str:
        """The address of an action, or of one of its records."""
        found = self.odoo.record(xmlid)[1]
        if not found:
            return ""
        return f"{self.url}/odoo/action-{found}{f'/{record}' if record else ''}"

    def record(self, xmlid: str, model: str, *domain: Any, order: str = "id desc") -> str:
        """The address of the first record that fits, within an action."""
        found = self.odoo.find(model, list(domain), order)
        return self.action(xmlid, found) if found else ""

    def own(self, name: str, xmlid: str = "shop_connector.shop_account_action") -> str:
        """The address of a record of the demo company, within an action."""
        found = self.odoo.record(f"automation_demo.{name}")[1]
        return self.action(xmlid, found) if found else ""

    def paid_order(self, xmlid: str) -> str:
        """The address of the order that the newest matched payment released."""
        matched = [("order_id.automation_state", "=", "released"), ("state", "=", "booked")]
        lines = {"fields": ["order_id"], "limit": 1, "order": "id desc"}
        found = self.odoo.call("payment.match.allocation", "search_read", matched, **lines)
        return self.action(xmlid, found[0]["order_id"][0]) if found else ""

    def order_file(self, login: str) -> str:
        """The address of an order file that somebody tries."""
        person = self.odoo
        if login != "admin":
            person = Odoo(self.url, self.odoo.database, login, "demo")
        _model, account = self.odoo.record("automation_demo.account_market")
        with urllib.request.urlopen(f"{self.world}/feed/orders.xml") as answer:  # noqa: S310
            file = base64.b64encode(answer.read()).decode()
        vals = {"heads": file, "heads_name": "orders.xml"}
        mapping = {"default_account_id": account}
        trial = person.call("shop.feed.trial", "create", [vals], context=mapping)
        return f"{self.url}/odoo/shop.feed.trial/{trial[0]}"

    def path(self, name: str, model: str, *domain: Any) -> str:
        """The address of the newest record that fits, under an action with a path of its own."""
        found = self.odoo.find(model, list(domain))
        return f"{self.url}/odoo/{name}/{found}" if found else ""


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
MESSAGES = "shop_connector.shop_message_action"
LISTINGS = "shop_connector.shop_listing_action"
LANTERN = ("sku", "=", "LH-WO-6003")
FAILED = (("state", "=", "failed"), ("kind", "=", "shipment"))
TOLD = (("state", "=", "sent"), ("kind", "=", "shipment"))
DIALOG = "document.querySelector('.modal .o_form_renderer, .modal .o_form_sheet')"
DESK = "payment_matching.payment_match_desk_action"
SOURCES = "payment_matching.payment_source_action"
FILES = "payment_matching.payment_source_file_action"
CONFIRMED = "payment_matching.payment_match_allocation_action"
PAYMENTS = "document.querySelector('.o_pm_row')"
PAYPAL = ("kind", "=", "paypal")
DROPPED = (("source_id.kind", "=", "place"), ("new_count", ">", 3))


def _menu(xmlid: str) -> Callable[[Places], str]:
    return lambda places: places.action(xmlid)


def _one(xmlid: str, model: str, *domain: Any, order: str = "id desc") -> Callable[[Places], str]:
    return lambda places: places.record(xmlid, model, *domain, order=order)


def _own(name: str) -> Callable[[Places], str]:
    return lambda places: places.own(name)


def _click(selector: str) -> str:
    return f"document.querySelector({selector!r})?.click()"


def _tab(name: str) -> str:
    return f"document.querySelector('.o_notebook .nav-link[name={name}]')?.click()"


def _key(key: str) -> str:
    event = f"new KeyboardEvent('keydown', {{key: '{key}', bubbles: true}})"
    return f"document.querySelector('.o_pm_list').dispatchEvent({event})"


def _mail(words: str) -> Callable[[Places], str]:
    return lambda places: places.mail(words)


RULE = _one(RULES, "automation.rule", ("kind", "=", "pickup_size"))
BLOCKS = "order_automation.automation_mail_block_action"
DONE = (("automation_state", "=", "done"), ("partner_id.is_company", "=", False))
DELIVERED = (("state", "=", "done"), ("sale_id.automation_state", "=", "done"))

SCENES = (
    Scene("overview", "jana", _menu("order_automation.automation_counter_action"), KANBAN),
    Scene("board", "jana", _menu(BOARD), KANBAN, pause=2),
    Scene("orders", "jana", _menu(BOARD), KANBAN, (_click(".o_switch_view.o_list"),), pause=2),
    Scene(
        "order-held", "jana",
        _one(BOARD, "sale.order", ("automation_state", "=", "held"), ("state", "=", "draft")),
        FORM, height=1100,
    ),
    Scene("order-done", "jana", _one(BOARD, "sale.order", *DONE), FORM, height=1100),
    Scene(
        "order-timeline", "jana",
        _one(BOARD, "sale.order", *DONE, ("automation_touched", "=", True)),
        FORM, (_tab("automation"),), height=1100,
    ),
    Scene(
        "order-unpaid", "jana",
        _one(BOARD, "sale.order", ("automation_state", "=", "waiting_payment"), order="id"), FORM,
    ),
    Scene("cases", "jana", _menu(CASES), LIST),
    Scene(
        "case", "jana",
        _one(CASES, "automation.case", ("state", "=", "open"), ("kind", "=", "rule")), FORM,
    ),
    Scene(
        "analysis", "jana", _menu("order_automation.sale_order_action_automation_analysis"),
        "document.querySelector('.o_graph_renderer canvas')", pause=2.5,
    ),
    Scene("policies", "jana", _menu(POLICIES), LIST),
    Scene("policy", "jana", _one(POLICIES, "automation.policy", order="sequence desc"), FORM,
          height=1100),
    Scene("rules", "jana", _menu(RULES), LIST),
    Scene("rule", "jana", RULE, FORM),
    Scene(
        "rule-dry-run", "jana", RULE, FORM,
        (_click(".o_statusbar_buttons button"),), pause=3,
    ),
    Scene("mail-blocks", "jana", _menu(BLOCKS), KANBAN),
    Scene(
        "mail-block", "jana",
        _one(BLOCKS, "automation.mail.block", ("slot", "=", "body"), order="id"), FORM, pause=2,
    ),
    Scene(
        "mail-preview", "jana",
        _one(BLOCKS, "automation.mail.block", ("slot", "=", "body"), order="id"), FORM,
        (_click(".o_statusbar_buttons button"),), pause=3,
    ),
    Scene("mail-outbox", "jana", _menu("order_automation.automation_mail_action"), LIST),
    Scene("shop-orders", "jana", _menu("shop_connector.shop_order_action"), LIST),
    Scene(
        "shop-order", "jana",
        _one("shop_connector.shop_order_action", "shop.order", ("state", "=", "imported")), FORM,
    ),
    Scene(
        "invoice", "jana",
        _one("account.action_move_out_invoice_type", "account.move",
             ("move_type", "=", "out_invoice"), ("state", "=", "posted")),
        FORM, pause=6, height=1100,
    ),
    Scene(
        "delivery", "timo",
        lambda places: places.path(
            "deliveries", "stock.picking", ("state", "=", "assigned"),
            ("picking_type_code", "=", "outgoing"),
        ),
        FORM,
    ),
    Scene("board-warehouse", "timo", _menu(BOARD), KANBAN, pause=2),
    Scene("shop-account", "admin", _own("account_gambio"), FORM),
    Scene("shop-accounts", "jana", _menu("shop_connector.shop_account_action"), KANBAN),
    Scene("shop-setup", "jana", _own("account_market"), FORM),
    Scene(
        "shop-trial", "jana", _own("account_market"), FORM,
        (_click("button[name=action_trial]"),), pause=6,
    ),
    Scene("shop-order-file", "jana", lambda places: places.order_file("jana"), FORM, pause=2),
    Scene("shop-messages", "jana", _menu(MESSAGES), LIST),
    Scene("shop-message-failed", "jana", _one(MESSAGES, "shop.message", *FAILED), FORM),
    Scene("shop-message", "jana", _one(MESSAGES, "shop.message", *TOLD), FORM),
    Scene("shop-listings", "jana", _menu(LISTINGS), LIST),
    Scene("shop-listing", "jana", _one(LISTINGS, "shop.listing", LANTERN), FORM),
    Scene(
        "shop-stock", "jana", _own("account_amazon"), FORM, (_tab("stock"),), height=1100,
    ),
    Scene("shop-account-amazon", "jana", _own("account_amazon"), FORM, height=1000),
    Scene("shop-account-ebay", "jana", _own("account_ebay"), FORM, height=1000),
    Scene(
        "case-oversold", "jana",
        _one(CASES, "automation.case", ("code", "=", "shop:oversold"), ("state", "=", "open")),
        FORM,
    ),
    Scene("payment-desk", "jana", _menu(DESK), PAYMENTS, pause=2),
    Scene(
        "payment-desk-unclear", "jana", _menu(DESK), PAYMENTS,
        (_click(".o_pm_tab_unclear"), _key("e")), pause=2,
    ),
    Scene(
        "payment-find", "jana", _menu(DESK), PAYMENTS, (_click(".o_pm_tab_unclear"), _key("f")),
        pause=2,
    ),
    Scene("payment-sources", "jana", _menu(SOURCES), LIST),
    Scene("payment-source-paypal", "jana", _one(SOURCES, "payment.source", PAYPAL), FORM),
    Scene("payment-file", "jana", _one(FILES, "payment.source.file", *DROPPED), FORM, height=1000),
    Scene(
        "payment-confirmed", "jana", _menu(CONFIRMED), LIST,
    ),
    Scene(
        "payment-order", "jana", lambda places: places.paid_order(BOARD), FORM,
        (_tab("automation"),), height=1000,
    ),
    Scene("payment-desk-english", "admin", _menu(DESK), PAYMENTS, pause=2),
    Scene("payment-source-paypal-english", "admin", _one(SOURCES, "payment.source", PAYPAL), FORM),
    Scene(
        "payment-fints", "admin", lambda places: places.action(SOURCES, "new"), FORM,
        (_click(".o_field_widget[name=kind] input[data-value=fints]"),), pause=2,
    ),
    Scene("shop-setup-english", "admin", _own("account_market"), FORM),
    Scene(
        "shop-order-file-english", "admin", lambda places: places.order_file("admin"), FORM,
        pause=2,
    ),
    Scene("shop-messages-english", "admin", _menu(MESSAGES), LIST),
    Scene("shop-listings-english", "admin", _menu(LISTINGS), LIST),
    Scene("shop-account-amazon-english", "admin", _own("account_amazon"), FORM, height=1000),
    Scene("shop-account-ebay-english", "admin", _own("account_ebay"), FORM, height=1000),
    Scene("board-english", "admin", _menu(BOARD), KANBAN, pause=2),
    Scene(
        "world-shops", "", lambda places: f"{places.world}/shops",
        "document.querySelector('table')", height=1500,
    ),
    Scene("mails", "", lambda places: f"{places.world}/", "document.querySelector('table')"),
    Scene("mail-receipt", "", _mail("erhalten"), MAIL, height=1300),
    Scene("mail-payment", "", _mail("bezahlen"), MAIL, height=1500),
    Scene("mail-shipped", "", _mail("unterwegs"), MAIL, height=1300),
    Scene("mail-invoice", "", _mail("Rechnung"), MAIL, height=1300),
)  # fmt: skip
