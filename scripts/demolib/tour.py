"""What to look at in the demo, with links that lead right there."""

from __future__ import annotations

from typing import Any

from .wire import Odoo, post

LOGINS = (
    ("jana", "demo", "Jana Petersen, order desk (German)"),
    ("timo", "demo", "Timo Brandt, warehouse (German)"),
    ("admin", "admin", "administrator (English)"),
)


def tell(url: str, database: str, world: str, shop_url: str, smtp_port: int) -> None:
    """Start the trickle of new orders and print the tour."""
    odoo = Odoo(url, database, "admin", "admin")
    _connect(odoo, shop_url, smtp_port)
    post(world, "/live")
    lines = ["", f"  Odoo        {url}/odoo", f"  Mails       {world}/", ""]
    lines += [f"  {login:6} / {word:6}  {who}" for login, word, who in LOGINS]
    lines += ["", "  What to look at", *_sights(odoo, url, world), ""]
    print("\n".join(lines), flush=True)
    odoo.warm_up()


def _connect(odoo: Odoo, shop_url: str, smtp_port: int) -> None:
    """The world's ports may have changed since the last start."""
    for model, domain, vals in (
        ("shop.account", [("channel", "=", "gambio")], {"gambio_url": shop_url}),
        ("ir.mail_server", [("smtp_host", "=", "127.0.0.1")], {"smtp_port": smtp_port}),
    ):
        field, value = next(iter(vals.items()))
        if found := odoo.call(model, "search", [*domain, (field, "!=", value)]):
            odoo.call(model, "write", found, vals)


def _sights(odoo: Odoo, url: str, world: str) -> list[str]:
    def action(xmlid: str) -> str:
        found: Any = odoo.call("ir.model.data", "search_read", _xmlid(xmlid), ["res_id"])
        return f"{url}/odoo/action-{found[0]['res_id']}" if found else ""

    board = action("order_automation.sale_order_action_automation")
    cases = action("automation_core.automation_case_action")
    shop = action("shop_connector.shop_order_action")
    held = odoo.find("sale.order", [("automation_state", "=", "held")])
    unpaid = odoo.find("sale.order", [("automation_state", "=", "waiting_payment")])
    done = odoo.find(
        "sale.order", [("automation_state", "=", "done"), ("invoice_ids", "!=", False)]
    )
    ready = odoo.find(
        "stock.picking",
        [("state", "=", "assigned"), ("sale_id.automation_state", "=", "released")],
        order="id",
    )
    sights = [
        ("The board: where every order stands", board),
        ("What needs a person, each with its reason", cases),
        ("A held order: let it go on, and see it move", board and held and f"{board}/{held}"),
        ("An order that waits for its money", board and unpaid and f"{board}/{unpaid}"),
        (
            "From the shop's data to the filed invoice: one finished order",
            board and done and f"{board}/{done}",
        ),
        (
            "A parcel to ship: press Validate, the invoice follows",
            ready and f"{url}/odoo/deliveries/{ready}",
        ),
        ("What the shop sent, word for word", shop),
        ("What the customers got", f"{world}/"),
        ("A new order comes every minute or two: keep the board open", board),
    ]
    return [
        f"  {place}. {text}\n     {link}"
        for place, (text, link) in enumerate((s for s in sights if s[1]), 1)
    ]


def _xmlid(name: str) -> list[Any]:
    module, key = name.split(".")
    return [("module", "=", module), ("name", "=", key)]
