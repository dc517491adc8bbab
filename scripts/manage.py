#!/usr/bin/env python3
"""The user's commands behind the Makefile: demo, shell, stop, clean."""

import os
import shutil
import sys

from house import demo, paths, postgres, server, setup
from house.work import Trouble, say


def shell() -> None:
    """A Python shell in the demo's database."""
    setup.ensure(dev=False)
    if not postgres.exists(demo.NAME):
        raise Trouble("There is no demo yet: run make demo first.")
    command = server.command("shell", "-c", server.conf("demo-shell"), "-d", demo.NAME, "--no-http")
    os.execvpe(command[0], command, server.environment())


def stop() -> None:
    """Stop the demo and the project's own database server."""
    demo.stop()
    postgres.stop()


def clean() -> None:
    """Stop, and remove everything that was made."""
    stop()
    postgres.remove()
    if paths.DATA.exists():
        say(f"removing {paths.DATA}")
        shutil.rmtree(paths.DATA)


COMMANDS = {"demo": demo.start, "shell": shell, "stop": stop, "clean": clean}


def main() -> int:
    """Do what the first word says."""
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        print(f"usage: manage.py {'|'.join(COMMANDS)}", file=sys.stderr)
        return 2
    try:
        COMMANDS[sys.argv[1]]()
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
