"""Which orders the demo's shop gets, and when: a month behind us, and what comes while one watches.

Everything follows from the seed and the demo's first day, so a restart tells the same story.
"""

from __future__ import annotations

import copy
import importlib.util
import random
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT))

from tests.servers.gambio import KINDS, Article, generate_orders  # noqa: E402

Json = dict[str, Any]
BERLIN = ZoneInfo("Europe/Berlin")
STAMP = "%Y-%m-%d %H:%M:%S"
SEED = 20
DAYS = 30
LATER = 150  # orders that may come while the demo runs
DUPLICATE, WRONG_TOTAL = "duplicate", "wrong_total"
# hours before now: the orders a visitor is to see, each in its own trouble
LAST_DAYS = (
    (46.0, "plain"), (43.0, "prepayment"), (41.0, "plain"), (38.0, "paypal"), (36.0, "b2b_net"),
    (33.0, "plain"), (29.0, "quantities"), (22.0, "note"), (20.0, "packstation_bulky"),
    (18.0, "plain"), (16.0, "packstation_no_number"), (15.0, "paypal"), (14.8, DUPLICATE),
    (12.0, "unknown_sku"), (10.0, WRONG_TOTAL), (9.0, "mixed_tax"), (8.0, "packstation"),
    (6.5, "prepayment"), (5.0, "austria"), (3.5, "note"), (2.5, "paypal"), (1.2, "voucher"),
    (0.3, "plain"),
)  # fmt: skip
QUIET_KINDS = {kind: weight for kind, weight in KINDS.items() if kind != "cancelled"}


def _catalogue() -> ModuleType:
    """The demo company's catalogue; its add-on is not imported, that would need Odoo."""
    path = ROOT / "addons" / "automation_demo" / "lib" / "catalogue.py"
    spec = importlib.util.spec_from_file_location("demo_catalogue", path)
    assert spec
    assert spec.loader
    module = sys.modules.setdefault("demo_catalogue", importlib.util.module_from_spec(spec))
    spec.loader.exec_module(module)
    return module


def catalogue(first: str = "") -> list[Article]:
    """What the shop offers; what ``first`` names comes first and so sells more."""
    articles = [
        Article(
            article.sku,
            article.name,
            Decimal(f"{article.price:.2f}"),
            article.tax,
            article.options,
            article.bulky and first != "bulky",
        )
        for article in _catalogue().ARTICLES
    ]
    bulky = {article.sku for article in _catalogue().ARTICLES if article.bulky}
    wanted = {"bulky": lambda one: one.sku in bulky, "books": lambda one: one.tax == 7}
    return sorted(articles, key=wanted.get(first, lambda one: False), reverse=True)


def _history(rng: random.Random, birth: datetime) -> Iterator[tuple[datetime, str]]:
    """Yield time and kind of the past orders, oldest first; Sundays and Mondays are busy."""
    for back in range(DAYS, 0, -1):
        day = birth - timedelta(days=back)
        busy = {6: 6, 0: 6}.get(day.weekday(), 4)
        end = birth - timedelta(hours=LAST_DAYS[0][0])
        moments = [
            day.replace(hour=rng.choice((7, 9, 11, 12, 14, 17, 18, 19, 20, 21)), minute=minute)
            for minute in rng.sample(range(60), rng.randint(busy - 2, busy))
        ]
        for moment in sorted(moments):
            if moment < end:
                yield moment, rng.choices(list(QUIET_KINDS), weights=list(QUIET_KINDS.values()))[0]
    for hours, kind in LAST_DAYS:
        yield birth - timedelta(hours=hours), kind


def tell(birth: datetime) -> tuple[list[Json], list[Json]]:
    """Return the orders up to ``birth`` (local time, no zone) and those that are still to come."""
    rng = random.Random(SEED)
    past = list(_history(rng, birth))
    kinds = [kind for _when, kind in past]
    kinds += rng.choices(list(QUIET_KINDS), weights=list(QUIET_KINDS.values()), k=LATER)
    orders = _make(rng, [kind if kind in KINDS else "plain" for kind in kinds])
    for place, (order, (when, kind)) in enumerate(zip(orders, past, strict=False)):
        if kind == DUPLICATE:
            orders[place] = order = _same_again(orders[place - 1], order["id"])
        elif kind == WRONG_TOTAL:
            _raise_total(order)
        date(order, when)
    return orders[: len(past)], orders[len(past) :]


def _make(rng: random.Random, kinds: list[str]) -> list[Json]:
    """Return orders of these kinds, some of them of books and tea, some of bulky goods."""
    series = [generate_orders(catalogue(), len(kinds), SEED, kinds=kinds)]
    for place, first in enumerate(("books", "bulky"), start=1):
        others = generate_orders(catalogue(first), len(kinds), SEED + place, kinds=kinds)
        for order in others:
            _renumber_buyer(order, place * 5000)
        series.append(others)
    free = {"plain", "paypal", "prepayment", "invoice", "guest", "quantities", "coupon"}
    choice = [rng.choices((0, 1, 2), (55, 35, 10))[0] if kind in free else 0 for kind in kinds]
    return [series[which][place] for place, which in enumerate(choice)]


def _renumber_buyer(order: Json, offset: int) -> None:
    """Two series of orders may not share the numbers of their buyers."""
    customer = order["customer"]
    customer["id"] += offset
    if customer["number"]:
        customer["number"] = f"K{10000 + customer['id']}"
    order["_links"]["customer"] = f"http://shop.example/api.php/v2/customers/{customer['id']}"


def date(order: Json, when: datetime) -> None:
    """Let an order be placed at a moment."""
    order["purchaseDate"] = when.strftime(STAMP)
    for row in order["statusHistory"]:
        row["dateAdded"] = order["purchaseDate"]


def _same_again(order: Json, number: int) -> Json:
    """The impatient buyer clicked twice."""
    twin = copy.deepcopy(order) | {"id": number}
    for place, item in enumerate(twin["items"]):
        item["id"] = number * 10 + place
    return twin


def _raise_total(order: Json) -> None:
    """The shop adds up wrongly."""
    for row in order["totals"]:
        if row["class"] == "ot_total":
            row["value"] = round(row["value"] + 1.5, 2)
            row["valueText"] = f"<b> {row['value']:.2f} EUR</b>".replace(".", ",")


def local_now() -> datetime:
    """The time in the shop, without a zone, as the shop writes it."""
    return datetime.now(BERLIN).replace(tzinfo=None, microsecond=0)
