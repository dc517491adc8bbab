"""Pages that show the shops: what buyers ordered, what was reported back, what each shop shows."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from . import goods, moneyview
from .shops import Facts, Order, Outlet
from .viewer import page

if TYPE_CHECKING:
    from .world import World

NEWEST = 8
_RELOAD = """<script>let pulse = "{pulse}";
setInterval(async () => {{ const answer = await fetch("/pulse"); const now = await answer.text();
if (now != pulse) location.reload(); }}, 3000);</script>"""


def violations(world: World) -> str:
    """Return what was asked against the rules, a line each; "" is what it should be."""
    found = {outlet.title: outlet.facts().violations for outlet in world.shops.values()}
    found["PayPal"] = world.money.paypal.server.violations
    return "\n".join(f"{title}: {line}" for title, lines in found.items() for line in lines)


def overview(world: World) -> str:
    """All shops side by side: figures, newest orders, shelves."""
    with world.lock:
        facts = {channel: outlet.facts() for channel, outlet in world.shops.items()}
        tiles = [_tile(outlet, facts[channel]) for channel, outlet in world.shops.items()]
        tiles.append(moneyview.tiles(world.money))
        newest = sorted(
            (
                (order.when, outlet.title, order)
                for channel, outlet in world.shops.items()
                for order in facts[channel].orders[:NEWEST]
            ),
            key=lambda row: row[0],
            reverse=True,
        )
        body = (
            f'<div class="tiles">{"".join(tiles)}</div><h3>Newest orders</h3>'
            f"{_orders([(title, order) for _when, title, order in newest[:NEWEST]])}"
            f"<h3>What each shop shows as available</h3>{_shelves(world)}"
        )
        return page("Shops", _hint(world), body, script=_script(world), kind="shops")


def shop(world: World, channel: str) -> str:
    """One shop with all its orders; ``KeyError`` when there is none of this name."""
    outlet = world.shops[channel]
    with world.lock:
        facts = outlet.facts()
        wrong = "".join(f'<p class="empty bad">{escape(line)}</p>' for line in facts.violations)
        rows = [(outlet.title, order) for order in facts.orders]
        body = f'<div class="tiles">{_tile(outlet, facts)}</div>{wrong}{_orders(rows)}'
        return page(outlet.title, _hint(world), body, script=_script(world), kind="shops")


def money(world: World) -> str:
    """Bank and PayPal."""
    return moneyview.overview(world, _script(world))


def _hint(world: World) -> str:
    if world.judged:
        return "Played on this computer; every request is held against the vendors' documents"
    return "Played on this computer; every request is held against the vendors' rules"


def _script(world: World) -> str:
    return _RELOAD.format(pulse=world.pulse())


def _tile(outlet: Outlet, facts: Facts) -> str:
    wrong = len(facts.violations)
    rows = [
        ("Orders", f"{len(facts.orders)}"),
        ("Parcels reported", f"{facts.told}"),
        ("Cancelled", f"{facts.cancelled}"),
        ("Requests", f"{outlet.requests()}"),
        ("Against the rules", f'<span class="{"bad" if wrong else "good"}">{wrong}</span>'),
    ]
    lines = "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in rows)
    return (
        f'<div class="tile"><h2><a href="/shops/{outlet.channel}">{escape(outlet.title)}</a></h2>'
        f'<dl>{lines}</dl><form method="post" action="/buy/{outlet.channel}">'
        "<button>Order something</button></form></div>"
    )


def _orders(rows: list[tuple[str, Order]]) -> str:
    head = "".join(
        f"<th>{word}</th>" for word in ("Date", "Shop", "Order", "Buyer", "Items", "State", "Told")
    )
    lines = [
        f'<tr><td class="date">{escape(order.when[:16])}</td><td>{escape(title)}</td>'
        f"<td>{escape(order.number)}</td><td>{escape(order.buyer)}</td>"
        f"<td>{escape(order.items)}</td><td>{escape(order.state)}</td>"
        f"<td>{'<br>'.join(map(escape, order.parcels))}</td></tr>"
        for title, order in rows
    ]
    return f"<table><tr>{head}</tr>{''.join(lines)}</table>"


def _shelves(world: World) -> str:
    shown = {channel: outlet.shelves() for channel, outlet in world.shops.items()}
    titles = "".join(f'<th class="n">{outlet.title}</th>' for outlet in world.shops.values())
    lines = []
    for article in goods.ARTICLES:
        name = f"{escape(article.title)} <small>{article.sku}</small>"
        cells = "".join(_cell(channel, article.sku, shown[channel]) for channel in world.shops)
        lines.append(f"<tr><td>{name}</td>{cells}</tr>")
    return f"<table><tr><th>Article</th>{titles}</tr>{''.join(lines)}</table>"


def _cell(channel: str, sku: str, shown: dict[str, int]) -> str:
    """What one shop shows of an article: packs and the marketplace's own stock apart."""
    parts = []
    for offer in goods.offers(channel):
        if offer.article == sku and offer.sku in shown:
            words = f"packs of {offer.pack}" if offer.pack > 1 else ""
            words = "at the marketplace" if offer.by_channel else words
            parts.append(f"{shown[offer.sku]}" + (f" <small>{words}</small>" if words else ""))
    return f'<td class="n">{"<br>".join(parts)}</td>'
