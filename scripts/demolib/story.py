"""What happens in the demo's shops, and when: a month behind us, and what comes while one watches.

Everything follows from the seed and the demo's first day, so a restart tells the same story. The
orders themselves are made by the shops (:mod:`.shops`), from the numbers given here.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from .shops.gambio import AGAIN, DUPLICATE, QUIET_KINDS, WRONG_TOTAL

BERLIN = ZoneInfo("Europe/Berlin")
STAMP = "%Y-%m-%d %H:%M:%S"
SEED = 20
DAYS = 30
LATER = 200  # events that may come while the demo runs
# kind -> how many of 100 orders are of this kind
KINDS = {
    "gambio": QUIET_KINDS,
    "amazon": {
        "plain": 52, "prime": 12, "fba": 10, "paid_later": 8, "locker": 5, "gift": 3,
        "business": 4, "discount": 4, "changed_mind": 2,
    },
    "ebay": {
        "plain": 56, "note": 5, "packstation": 8, "company": 5, "variation": 6, "combined": 6,
        "discount": 5, "paid_later": 6, "austria": 1, "changed_mind": 2,
    },
    "yatego": {"prepayment": 35, "cod": 25, "paypal": 25, "card": 15},
}  # fmt: skip
# hours before now: what a visitor is to see, each in its own trouble
LAST_DAYS = (
    (46.0, "gambio", "plain"), (45.5, "yatego", "prepayment"), (45.0, "amazon", "plain"),
    (44.0, "gambio", "prepayment"), (43.0, "gambio", "prepayment"), (42.9, "gambio", AGAIN),
    (42.0, "yatego", "prepayment"), (40.0, "gambio", "prepayment"), (37.0, "gambio", "prepayment"),
    (35.0, "yatego", "prepayment"), (32.0, "gambio", "prepayment"), (27.0, "gambio", "prepayment"),
    (41.5, "ebay", "plain"), (41.0, "gambio", "plain"), (39.0, "yatego", "prepayment"),
    (38.0, "gambio", "paypal"), (36.0, "gambio", "b2b_net"), (34.0, "amazon", "replacement"),
    (33.0, "gambio", "plain"), (30.0, "ebay", "collected"), (29.0, "gambio", "quantities"),
    (26.0, "amazon", "fba"), (25.0, "amazon", "changed_mind"), (22.0, "gambio", "note"),
    (21.0, "ebay", "note"), (20.0, "gambio", "packstation_bulky"), (18.0, "gambio", "plain"),
    (17.0, "yatego", "cod"), (16.0, "gambio", "packstation_no_number"),
    (15.0, "gambio", "paypal"), (14.8, "gambio", DUPLICATE), (13.0, "ebay", "combined"),
    (12.0, "gambio", "unknown_sku"), (11.0, "amazon", "business"), (10.0, "gambio", WRONG_TOTAL),
    (9.0, "gambio", "mixed_tax"), (8.0, "gambio", "packstation"), (7.5, "amazon", "prime"),
    (7.0, "ebay", "packstation"), (6.5, "gambio", "prepayment"), (5.5, "amazon", "pending"),
    (5.0, "gambio", "austria"), (4.5, "yatego", "paypal"), (3.5, "gambio", "note"),
    (3.0, "ebay", "plain"), (2.5, "gambio", "paypal"), (2.0, "amazon", "plain"),
    (1.7, "amazon", "lantern"),
    (1.6, "ebay", "lantern"), (1.2, "gambio", "voucher"),
    (0.6, "ebay", "paid_later"), (0.3, "gambio", "plain"),
)  # fmt: skip
# kind -> what happens to such an order, and how many hours later
SEQUELS = {"paid_later": ("pay", 7.0), "changed_mind": ("ask_to_cancel", 1.5)}
LIVE_SEQUEL = 3  # while one watches: so many events later
LIVE_TURN = ("amazon", "gambio", "ebay", "gambio", "amazon", "yatego", "ebay", "gambio")


@dataclass(frozen=True)
class Event:
    """Something that happens in a shop: an order is placed, or goes on.

    ``number`` counts the shop's orders from 0.
    """

    when: datetime
    shop: str
    kind: str
    number: int
    deed: str = "place"


def tell(birth: datetime) -> tuple[list[Event], list[Event]]:
    """Return what happened up to ``birth`` (local time, no zone) and what is still to come.

    What is to come has no time of its own yet.
    """
    rng = random.Random(SEED)
    counter: Counter[str] = Counter()
    past: list[Event] = []
    for when, shop, kind in sorted(_history(rng, birth), key=lambda row: row[0]):
        past.append(Event(when, shop, kind, counter[shop]))
        counter[shop] += 1
    sequels = [_sequel(event) for event in past if event.kind in SEQUELS]
    coming = _live(rng, counter)
    late = [event for event in sequels if event.when > birth]
    past += [event for event in sequels if event.when <= birth]
    return sorted(past, key=lambda event: event.when), [*coming[:1], *late, *coming[1:]]


def kinds(events: list[Event], shop: str) -> list[str]:
    """Return the kinds of a shop's orders, by their numbers."""
    return [event.kind for event in events if event.shop == shop and event.deed == "place"]


def _history(rng: random.Random, birth: datetime) -> Iterator[tuple[datetime, str, str]]:
    end = birth - timedelta(hours=LAST_DAYS[0][0])
    for back in range(DAYS, 0, -1):
        day = birth - timedelta(days=back)
        busy = day.weekday() in (6, 0)
        amounts = {
            "gambio": rng.randint(1, 2) + busy,
            "amazon": rng.randint(1, 2),
            "ebay": rng.randint(0, 1) + busy,
            "yatego": rng.choice((0, 0, 1)),
        }
        for shop, amount in amounts.items():
            for minute in rng.sample(range(60), amount):
                hour = rng.choice((7, 9, 11, 12, 14, 17, 18, 19, 20, 21))
                moment = day.replace(hour=hour, minute=minute)
                if moment < end:
                    yield moment, shop, _kind(rng, shop)
    for hours, shop, kind in LAST_DAYS:
        yield birth - timedelta(hours=hours), shop, kind


def _kind(rng: random.Random, shop: str) -> str:
    weights = KINDS[shop]
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def _sequel(event: Event) -> Event:
    deed, hours = SEQUELS[event.kind]
    when = event.when + timedelta(hours=hours)
    return Event(when, event.shop, event.kind, event.number, deed)


def _live(rng: random.Random, counter: Counter[str]) -> list[Event]:
    """Return what comes while one watches, in turn; sequels follow soon."""
    someday = datetime(9999, 1, 1)  # noqa: DTZ001 local, as all times here
    found: list[tuple[float, Event]] = []
    for turn in range(LATER):
        shop = LIVE_TURN[turn % len(LIVE_TURN)]
        event = Event(someday, shop, _kind(rng, shop), counter[shop])
        counter[shop] += 1
        found.append((turn, event))
        if event.kind in SEQUELS:
            deed = SEQUELS[event.kind][0]
            sequel = Event(someday, shop, event.kind, event.number, deed)
            found.append((turn + LIVE_SEQUEL + 0.5, sequel))
    return [event for _turn, event in sorted(found, key=lambda row: row[0])]


def local_now() -> datetime:
    """The time in the shops, without a zone."""
    return datetime.now(BERLIN).replace(tzinfo=None, microsecond=0)
