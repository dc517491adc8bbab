#!/usr/bin/env python3
"""The demo's three parts, called by `make demo`.

demo.py world   the shops with their buyers, the mail server and the pages, in one process
demo.py data    fill the database: the company's last month
demo.py run     let new orders come, and tell what to look at
"""

import os
import sys
from pathlib import Path

from house import demo as place
from house import work

SHOPS = {"gambio": 8071, "amazon": 8072, "ebay": 8073, "yatego": 8074, "paypal": 8075}
FOLDER = Path(os.environ.get("DEMO_DATA", str(place.FOLDER)))


def world() -> None:
    """Play the world outside until ended."""
    from demolib.world import serve

    pages = int(os.environ["DEMO_WORLD_URL"].rsplit(":", 1)[1])
    ports = {name: place.port(name, wanted) for name, wanted in SHOPS.items()}
    serve(FOLDER, pages, ports, place.port("smtp", 8026))


def data() -> None:
    """Let the company live through its last month."""
    from demolib.company import company, connect, live_through

    world = os.environ["DEMO_WORLD_URL"]
    with company(os.environ["DEMO_CONF"], os.environ["DEMO_DATABASE"]) as (env, clock):
        connect(env, world, _port("smtp"))
        live_through(env, clock, world, work.say)


def run() -> None:
    """Start the trickle of new orders, and tell what there is to see."""
    from demolib.tour import tell

    url, world_url = os.environ["DEMO_URL"], os.environ["DEMO_WORLD_URL"]
    tell(url, os.environ["DEMO_DATABASE"], world_url, _port("smtp"))


def _port(name: str) -> int:
    return int((FOLDER / f"{name}.port").read_text())


if __name__ == "__main__":
    work.STARTED = float(os.environ.get("DEMO_STARTED", work.STARTED))
    try:
        {"world": world, "data": data, "run": run}[sys.argv[1]]()
    except KeyboardInterrupt:
        sys.exit(130)
