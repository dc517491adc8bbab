#!/usr/bin/env python3
"""Set up and run every test; the last line counts them all."""

import argparse
import sys

from house import setup, suites
from house.work import Trouble, say


def main() -> int:
    """Run the suites named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suite", nargs="*", help=f"one of {', '.join(suites.SUITES)}")
    names = parser.parse_args().suite or list(suites.SUITES)
    total = suites.Outcome()
    try:
        setup.ensure()
        for name in names:
            total.add(suites.SUITES[name]())
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    say("done")
    for line in total.complaints:
        print(line)
    print(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped")
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
