"""The page that shows what really happened at the bank and at PayPal."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from .money import Money
from .paypal import BERLIN
from .viewer import page

if TYPE_CHECKING:
    from .world import World

NEWEST = 60
CODES = {
    "T0006": "Payment",
    "T0403": "To the bank",
    "T1107": "Refund",
    "T1201": "Chargeback",
    "T0106": "Fee of the chargeback",
}


def tiles(money: Money) -> str:
    """Bank and PayPal among the shops."""
    wrong = len(money.paypal.server.violations)
    shown = f'<span class="{"bad" if wrong else "good"}">{wrong}</span>'
    bank = [
        ("Booked", str(len(money.bank.booked))),
        ("Balance", f"{money.bank.balance():,.2f} €"),
        ("Statements", str(len(money.bank.closed))),
    ]
    paypal = [
        ("Transactions", str(len(money.paypal.server.entries))),
        ("Requests", str(sum(money.paypal.server.requests.values()))),
        ("Against the rules", shown),
    ]
    return _tile("Bank", bank) + _tile("PayPal", paypal)


def _tile(title: str, rows: list[tuple[str, str]]) -> str:
    lines = "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in rows)
    return f'<div class="tile"><h2><a href="/money">{title}</a></h2><dl>{lines}</dl></div>'


def overview(world: World, script: str) -> str:
    """The newest bookings of both, newest first."""
    money = world.money
    with world.lock:
        wrong = "".join(
            f'<p class="empty bad">{escape(line)}</p>' for line in money.paypal.server.violations
        )
        bank = [
            (f"{one.when:%Y-%m-%d %H:%M}", one.name, one.text.replace("\n", "⏎"), one.amount)
            for one in reversed(money.bank.booked[-NEWEST:])
        ]
        entries = sorted(money.paypal.server.entries, key=lambda one: one.when, reverse=True)
        paypal = [
            (
                f"{one.when.astimezone(BERLIN):%Y-%m-%d %H:%M}",
                one.payer.get("payer_name", {}).get("alternate_full_name", ""),
                f"{CODES.get(one.code, one.code)} {one.info.get('invoice_id', '')}",
                one.amount,
            )
            for one in entries[:NEWEST]
        ]
    body = (
        f'<div class="tiles">{tiles(money)}</div>{wrong}'
        f"<h3>Bank</h3>{_table(bank)}<h3>PayPal</h3>{_table(paypal)}"
    )
    hint = "What really happened; Odoo only gets the bank's files and PayPal's answers"
    return page("Bank and PayPal", hint, body, script=script, kind="shops")


def _table(rows: list[tuple[str, str, str, object]]) -> str:
    head = "<tr><th>Date</th><th>Who</th><th>Text</th><th class='n'>Amount</th></tr>"
    lines = [
        f'<tr><td class="date">{when}</td><td>{escape(name)}</td><td>{escape(text)}</td>'
        f'<td class="n">{amount:,.2f} €</td></tr>'
        for when, name, text, amount in rows
    ]
    return f"<table>{head}{''.join(lines)}</table>"
