#!/usr/bin/env python3
"""The demo's three parts, called by `make demo`.

demo.py world   the shop with its customers, the mail server and its viewer, in one process
demo.py data    fill the database: the company's last month
demo.py run     let new orders come, and tell what to look at
"""

import os
import sys
from pathlib import Path

from house import demo as place
from house import work

FOLDER = Path(os.environ.get("DEMO_DATA", str(place.FOLDER)))


def world() -> None:
    """Play the world outside until ended."""
    from demolib.world import serve

    pages = int(os.environ["DEMO_WORLD_URL"].rsplit(":", 1)[1])
    serve(FOLDER, pages, place.port("shop", 8071), place.port("smtp", 8026))


def data() -> None:
    """Let the company live through its last month."""
    from demolib.company import company, connect, live_through

    with company(os.environ["DEMO_CONF"], os.environ["DEMO_DATABASE"]) as env:
        connect(env, _shop_url(), _port("smtp"))
        live_through(env, os.environ["DEMO_WORLD_URL"], work.say)


def run() -> None:
    """Start the trickle of new orders, and tell what there is to see."""
    from demolib.tour import tell

    url, world_url = os.environ["DEMO_URL"], os.environ["DEMO_WORLD_URL"]
    tell(url, os.environ["DEMO_DATABASE"], world_url, _shop_url(), _port("smtp"))


def _shop_url() -> str:
    return f"http://127.0.0.1:{_port('shop')}"


def _port(name: str) -> int:
    return int((FOLDER / f"{name}.port").read_text())


if __name__ == "__main__":
    work.STARTED = float(os.environ.get("DEMO_STARTED", work.STARTED))
    try:
        {"world": world, "data": data, "run": run}[sys.argv[1]]()
    except KeyboardInterrupt:
        sys.exit(130)
