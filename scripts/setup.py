#!/usr/bin/env python3
"""Set up what the project runs on: Python packages, Odoo 19, PostgreSQL (and a browser).

Nothing outside the project's data folder is touched; every step is skipped when it is done already.
"""

import argparse
import sys

from house import setup
from house.work import Trouble


def main() -> int:
    """Read the arguments and set up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what tests and checks need")
    arguments = parser.parse_args()
    try:
        setup.ensure(dev=arguments.dev)
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
