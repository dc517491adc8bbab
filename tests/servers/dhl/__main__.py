"""Run DHL by hand or for the demo."""

from __future__ import annotations

import argparse
import signal
from pathlib import Path

from .server import DhlServer
from .spec import Spec


def main() -> None:
    """Read the arguments, print the address, serve until told to stop."""
    parser = argparse.ArgumentParser(description="DHL to test against.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--specs", help="folder with the vendor's document")
    parser.add_argument("--speed", type=float, default=1.0, help="hours of a journey per hour")
    options = parser.parse_args()
    server = DhlServer(options.port, spec=Spec(Path(options.specs)) if options.specs else None)
    server.speed = options.speed
    server.start()
    print(server.url, flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
    server.stop()


if __name__ == "__main__":
    main()
