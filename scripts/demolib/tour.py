"""What to look at in the demo, with links that lead right there."""

from __future__ import annotations

from typing import Any

from .wire import Odoo, post, settings

LOGINS = (
    ("jana", "demo", "Jana Petersen, order desk (German)"),
    ("timo", "demo", "Timo Brandt, warehouse (German)"),
    ("admin", "admin", "administrator (English)"),
)


def tell(url: str, database: str, world: str, smtp_port: int) -> None:
    """Start the trickle of new orders and print the tour."""
    odoo = Odoo(url, database, "admin", "admin")
    _connect(odoo, world, smtp_port)
    post(world, "/live")
    lines = ["", f"  Odoo        {url}/odoo", f"  The shops   {world}/shops"]
    lines += [f"  The money   {world}/money", f"  Mails       {world}/", ""]
    lines += [f"  {login:6} / {word:6}  {who}" for login, word, who in LOGINS]
    lines += ["", "  What to look at", *_sights(odoo, url, world), ""]
    print("\n".join(lines), flush=True)
    odoo.warm_up()


def _connect(odoo: Odoo, world: str, smtp_port: int) -> None:
    """The world's ports may have changed since the last start."""
    _correct(odoo, "ir.mail_server", [("smtp_host", "=", "127.0.0.1")], {"smtp_port": smtp_port})
    for name, vals in settings(world).items():
        addresses = {field: value for field, value in vals.items() if "127.0.0.1" in str(value)}
        model, found = odoo.record(f"automation_demo.{name}")
        if found:
            _correct(odoo, model, [("id", "=", found)], addresses)


def _correct(odoo: Odoo, model: str, domain: list[Any], vals: dict[str, Any]) -> None:
    """Write what is different."""
    for row in odoo.call(model, "search_read", domain, list(vals)):
        if changed := {name: value for name, value in vals.items() if row[name] != value}:
            odoo.call(model, "write", [row["id"]], changed)


def _sights(odoo: Odoo, url: str, world: str) -> list[str]:
    def action(xmlid: str) -> str:
        found = odoo.record(xmlid)[1]
        return f"{url}/odoo/action-{found}" if found else ""

    board = action("order_automation.sale_order_action_automation")
    cases = action("automation_core.automation_case_action")
    shop = action("shop_connector.shop_order_action")
    accounts = action("shop_connector.shop_account_action")
    messages = action("shop_connector.shop_message_action")
    listings = action("shop_connector.shop_listing_action")
    desk = action("payment_matching.payment_match_desk_action")
    sources = action("payment_matching.payment_source_action")
    market = odoo.record("automation_demo.account_market")[1]
    oversold = odoo.find(
        "automation.case", [("code", "=", "shop:oversold"), ("state", "=", "open")]
    )
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
        ("Money is here: confirm the likely payments with one key, and orders ship", desk),
        ("Where payments come from: the bank's folder and PayPal", sources),
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
        ("What the shops sent, word for word", shop),
        ("What the shops were told, and what they did not take", messages),
        ("What each shop offers, and what is told of its stock", listings),
        (
            "Sold twice, there once: decide about the oversold lanterns",
            cases and oversold and f"{cases}/{oversold}",
        ),
        (
            "A shop about to be connected: try it, nothing is kept",
            accounts and market and f"{accounts}/{market}",
        ),
        ("Buy something yourself and watch the stock of all shops", f"{world}/shops"),
        ("What the customers got", f"{world}/"),
        ("Something new happens every minute: keep the board open", board),
    ]
    return [
        f"  {place}. {text}\n     {link}"
        for place, (text, link) in enumerate((s for s in sights if s[1]), 1)
    ]


def _xmlid(name: str) -> list[Any]:
    module, key = name.split(".")
    return [("module", "=", module), ("name", "=", key)]
