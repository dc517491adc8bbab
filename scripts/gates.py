#!/usr/bin/env python3
"""The quality gates that need no database: style, types of the libraries, Odoo's conventions.

(The other gates are tests in tests/house: translations, the picture of the add-ons, installing
and uninstalling each of them.)
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from house import paths, setup
from house.work import Trouble, say

TYPING = paths.DATA / "typing"
# The add-ons have README.md; a model may be spread over files, one per concern.
UNWANTED = "missing-readme,consider-merging-classes-inherited,no-search-all"
BIN = paths.VENV / "bin"


def _call(*command: str | Path, cwd: Path = paths.ROOT) -> bool:
    argv = [str(part) for part in command]
    return subprocess.run(argv, cwd=cwd).returncode == 0


def style() -> bool:
    """Ruff: mistakes and format."""
    # Both are said, even when the first fails.
    return all([_call(BIN / "ruff", "check", "."), _call(BIN / "ruff", "format", "--check", ".")])


def types() -> bool:
    """Mypy, strictly, on the libraries that know no Odoo, under the names the code uses."""
    libraries = sorted(paths.ADDONS.glob("*/lib/__init__.py"))
    addons = TYPING / "odoo" / "addons"
    for library in (path.parent for path in libraries):
        link = addons / library.parent.name / "lib"
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.is_symlink():
            link.symlink_to(library)
    names = [f"odoo.addons.{path.parents[1].name}.lib" for path in libraries]
    packages = [part for name in names for part in ("-p", name)]
    config: list[str | Path] = [
        "--config-file",
        paths.ROOT / "pyproject.toml",
        "--cache-dir",
        TYPING / "cache",
    ]
    own = _call(BIN / "mypy", *config, "-p", "house", cwd=paths.ROOT / "scripts")
    return (not packages or _call(BIN / "mypy", *config, *packages, cwd=TYPING)) and own


def conventions() -> bool:
    """Pylint with the rules of Odoo's community."""
    folders = [paths.ADDONS / name for name in paths.addon_names()]
    rules = ["--rcfile", paths.ROOT / "pyproject.toml", "--score=n", f"--disable={UNWANTED}"]
    return not folders or _call(BIN / "pylint", *rules, *folders)


GATES: list[Callable[[], bool]] = [style, types, conventions]


def main() -> int:
    """Go through all gates, then say which one is closed."""
    try:
        setup.ensure()
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    closed = []
    for gate in GATES:
        say(f"gate: {gate.__name__}")
        if not gate():
            closed.append(gate.__name__)
    say(f"gates closed: {', '.join(closed)}" if closed else "all gates open")
    return 1 if closed else 0


if __name__ == "__main__":
    sys.exit(main())
