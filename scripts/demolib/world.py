"""The world around the demo company, in one process: shops, PayPal, a bank, mail server, pages.

The pages' address also steers the story: ``POST /reset`` begins it anew, ``POST /clock`` with a
local time lets the shops get all orders up to then (and live at that time), ``POST /live`` lets new
ones come by and by, ``POST /buy`` with a channel lets somebody order there at once.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from . import goods, story
from .mailbox import Mailbox
from .money import Money
from .shops import Amazon, Ebay, Gambio, Outlet, Yatego
from .shops.gambio import DUPLICATE
from .smtp import Catcher

FIRST_LIVE, EVERY = timedelta(seconds=25), (40, 110)  # seconds between two live events
MOST_LIVE = 60  # in one go: who leaves the demo on over night is not buried in orders
MONEY = "money.state"
KEPT_EVERY = 5.0  # seconds after which what the shops were told is kept
AHEAD = timedelta(seconds=2)  # while the past is told: nobody asks for a time still to come


def documents() -> Path | None:
    """The vendors' own documents beside the checkout, where there are any."""
    folder = Path(os.environ.get("SHARED_DIR") or goods.ROOT.parent / "shared") / "specs"
    return folder if folder.is_dir() else None


class World:
    """The shops' story so far, kept in a folder.

    :param ports: port by channel; 0 takes a free one
    """

    def __init__(self, folder: Path, ports: Mapping[str, int] | None = None) -> None:
        self.folder = folder
        self.memory = folder / "story.json"
        self.mailbox = Mailbox(folder / "mails")
        wanted = dict.fromkeys(goods.CHANNELS, 0) | dict(ports or {})
        self.judged = documents()
        self.shops: dict[str, Outlet] = {
            "gambio": Gambio(wanted["gambio"]),
            "amazon": Amazon(wanted["amazon"], self.judged),
            "ebay": Ebay(wanted["ebay"], self.judged),
            "yatego": Yatego(wanted["yatego"]),
        }
        self.money = Money(folder, (ports or {}).get("paypal", 0), self.judged)
        self.lock = threading.RLock()
        self.trickling = False
        self._kept: dict[str, int] = {}
        state = json.loads(self.memory.read_text()) if self.memory.exists() else {}
        self._begin(state.get("birth") or story.local_now().strftime(story.STAMP))
        self.state.update(state)
        self._recall()

    def _begin(self, birth: str) -> None:
        self.state: dict[str, Any] = {"birth": birth, "clock": "", "shown": 0, "done": []}
        self.past, self.coming = story.tell(datetime.fromisoformat(birth))
        gambio = self.shops["gambio"]
        assert isinstance(gambio, Gambio)
        gambio.prepare(story.kinds([*self.past, *self.coming], "gambio"))

    def start(self) -> None:
        """Open the shops, and keep what happens in them."""
        for outlet in (*self.shops.values(), self.money.paypal):
            outlet.server.start()
        threading.Thread(target=self._keep_on, daemon=True).start()

    # -- memory ------------------------------------------------------------

    def reset(self) -> str:
        """Begin a new story: a new database knows nothing of the old one. Return its first day."""
        with self.lock:
            for outlet in self.shops.values():
                outlet.reset()
            self.mailbox.clear()
            self._begin(story.local_now().strftime(story.STAMP))
            self.money.begin(datetime.fromisoformat(self.state["birth"]), story.DAYS)
            self.keep()
            return str(self.state["birth"])

    def _recall(self) -> None:
        """Go on as it was before a restart."""
        for channel, outlet in self.shops.items():
            path = self.folder / f"{channel}.shop"
            if path.exists() and self.state["shown"]:
                outlet.recall(path.read_bytes())
        money = self.folder / MONEY
        if money.exists() and self.state["shown"]:
            self.money.recall(money.read_bytes())

    def keep(self) -> None:
        """Write everything down."""
        with self.lock:
            for channel, outlet in self.shops.items():
                _write(self.folder / f"{channel}.shop", outlet.remember())
            _write(self.folder / MONEY, self.money.remember())
            _write(self.memory, json.dumps(self.state).encode())
            self._kept = {channel: outlet.pulse() for channel, outlet in self.shops.items()}

    def _keep_on(self) -> None:
        while True:
            time.sleep(KEPT_EVERY)
            if self.trickling:
                with self.lock:
                    self.money.live_until(story.local_now())
            if self._kept != {channel: outlet.pulse() for channel, outlet in self.shops.items()}:
                self.keep()

    def settings(self, pages: str) -> dict[str, dict[str, Any]]:
        """Return how Odoo reaches the shops: fields by the name of the demo's record."""
        found = {
            outlet.record or f"account_{channel}": outlet.settings()
            for channel, outlet in self.shops.items()
        }
        return {**found, **self.money.settings(), "place_market": {"url": f"{pages}/feed/"}}

    def pulse(self) -> str:
        """Return something that is different whenever there is something new to see."""
        pulses = [outlet.pulse() for outlet in self.shops.values()]
        return "-".join(map(str, [*pulses, self.money.pulse()]))

    # -- the story ---------------------------------------------------------

    def show_until(self, stamp: str) -> int:
        """Let the shops live up to a local time; return how many events there were so far."""
        with self.lock:
            shown = self.state["shown"]
            while shown < len(self.past) and self.past[shown].when.strftime(story.STAMP) <= stamp:
                self._happen(self.past[shown], self.past[shown].when)
                shown += 1
            past = stamp < str(self.state["birth"])
            offset = datetime.fromisoformat(stamp) - story.local_now() if past else timedelta()
            self.money.live_until(datetime.fromisoformat(stamp))
            self.money.set_clock(offset + AHEAD if past else offset)
            for outlet in self.shops.values():
                outlet.set_clock(offset + AHEAD if past else offset)
            self.state |= {"shown": shown, "clock": max(stamp, self.state["clock"])}
            self.keep()
            return int(shown)

    def _happen(self, event: story.Event, when: datetime) -> None:
        outlet = self.shops[event.shop]
        if event.deed == "place":
            outlet.place(event.kind, event.number, when)
            sale = outlet.sale(event.number, when)
            if sale and event.kind != DUPLICATE:
                self.money.ordered(sale)
        else:
            outlet.go_on(event.deed, event.kind, event.number, when)
        outlet.deeds += 1

    def next_event(self, shop: str = "") -> str:
        """Let the next thing happen now, or the next order of one shop; tell what it was."""
        with self.lock:
            place = self._next_place(shop)
            if place is None:
                return "nothing"
            event = self.coming[place]
            self.state["done"].append([event.shop, event.deed, event.number])
            self._happen(event, story.local_now())
            self.keep()
            return f"{event.shop} {event.kind} {event.deed}"

    def _next_place(self, shop: str) -> int | None:
        """Return where in the list the next event is that has not happened."""
        done = {tuple(row) for row in self.state["done"]}
        for place, event in enumerate(self.coming):
            if (event.shop, event.deed, event.number) in done:
                continue
            if not shop or (event.shop == shop and event.deed == "place"):
                return place
        return None

    def trickle(self) -> None:
        """Let something new happen every minute or so, as long as this process lives."""
        time.sleep(FIRST_LIVE.total_seconds())
        for turn in range(MOST_LIVE):
            self.next_event()
            time.sleep(EVERY[0] + turn * 37 % (EVERY[1] - EVERY[0]))

    def go_live(self) -> None:
        """Start the trickle once."""
        if not self.trickling:
            self.trickling = True
            threading.Thread(target=self.trickle, daemon=True).start()


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(data)
    part.rename(path)


def serve(folder: Path, pages_port: int, ports: Mapping[str, int], smtp_port: int) -> None:
    """Run the whole world until the process is ended."""
    from .pages import Pages

    world = World(folder, ports)
    world.start()
    pages = Pages(pages_port, world)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    _at_the_end(world.keep)
    asyncio.run(Catcher(world.mailbox.keep).serve(smtp_port))


def _at_the_end(deed: Callable[[], None]) -> None:
    def leave(*_args: object) -> None:
        deed()
        os._exit(0)

    signal.signal(signal.SIGTERM, leave)
