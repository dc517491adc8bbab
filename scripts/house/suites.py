"""Running the tests: which pytest runs there are, and what came of them."""

import os
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import paths, server, templates
from .work import say

# A test may be skipped only for what a machine cannot have; its reason says so with these words.
ALLOWED_SKIP = "not here: "


@dataclass
class Outcome:
    """What came of one or several runs."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    complaints: list[str] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        """Count another run in."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.complaints += other.complaints


def pytest(*arguments: str | Path) -> list[str]:
    """pytest's command line with this project's settings, wherever the tests are."""
    command = [paths.PYTHON, "-m", "pytest", "-c", paths.ROOT / "pyproject.toml"]
    return [str(part) for part in (*command, "--rootdir", paths.ROOT, *arguments)]


def odoo_pytest(database: str, *arguments: str | Path) -> list[str]:
    """The same with Odoo, a database and a web server."""
    options = ["-p", "pytest_odoo", "--odoo-http", "--import-mode=prepend"]
    options += [f"--odoo-config={server.conf(database)}", f"--odoo-database={database}"]
    return pytest(*options, *arguments)


def read(report: Path, name: str) -> Outcome:
    """Count the tests of a run; a skip that is not allowed counts as a failure."""
    outcome = Outcome()
    for case in ElementTree.parse(report).iter("testcase"):
        title = f"{case.get('classname')}::{case.get('name')}"
        skip = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.failed += 1
        elif skip is None:
            outcome.passed += 1
        elif skip.get("type") == "pytest.xfail" or ALLOWED_SKIP in (skip.get("message") or ""):
            outcome.skipped += 1
        else:
            outcome.failed += 1
            outcome.complaints.append(f"{name}: {title} was skipped: {skip.get('message')}")
    return outcome


def run(name: str, command: Sequence[str]) -> Outcome:
    """Run pytest once and count."""
    say(f"tests: {name}")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        argv = [*command, f"--junitxml={report}", "-q"]
        # The house's own pytest plugin is found through the path.
        env = {**server.environment(), "PYTHONPATH": str(paths.ROOT / "tests" / "house")}
        code = subprocess.run(argv, env=env, cwd=paths.ROOT).returncode
        outcome = read(report, name) if report.exists() else Outcome()
    if code not in (0, 5) and not outcome.failed:
        outcome.failed += 1
        outcome.complaints.append(f"{name}: pytest ended with {code}")
    return outcome


def plain() -> Outcome:
    """Tests of the libraries and of the house."""
    folders = [name for name in ("tests/unit", "tests/house") if (paths.ROOT / name).exists()]
    return run("libraries and house", pytest("-n", "2", *folders))


def addons() -> Outcome:
    """The add-ons' own tests, all add-ons installed, then Odoo's lint tests on them."""
    names = paths.addon_names()
    tests = [
        f"addons/{name}/tests"
        for name in names
        if list((paths.ADDONS / name).glob("tests/test_*.py"))
    ]
    database = f"suite_{os.getpid()}"
    try:
        templates.copy_with(database, names)
        outcome = Outcome()
        if tests:
            outcome = run(
                "add-ons",
                odoo_pytest(
                    database, "-p", "shared_filestore", "-n", "2", "--dist", "loadscope", *tests
                ),
            )
        outcome.add(run("Odoo's lint", odoo_pytest(database, "-p", "odoo_lint")))
        return outcome
    finally:
        templates.drop(database)


def scenarios() -> Outcome:
    """Whole stories with real servers and processes."""
    return run("scenarios", pytest("tests/scenarios"))


SUITES = {"plain": plain, "addons": addons, "scenarios": scenarios}
