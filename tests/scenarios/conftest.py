"""Databases and Odoo processes for whole stories."""

import json
import os
import subprocess
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from house import paths, server, templates

WORKER = Path(__file__).with_name("odoo_worker.py")


class Database:
    """A database with add-ons, and processes that work on it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.conf = server.conf(name)

    def start(self, *arguments: str) -> subprocess.Popen:
        """Start a worker process; the caller waits for it or kills it."""
        return subprocess.Popen(
            [paths.PYTHON, WORKER, self.conf, self.name, *arguments],
            env=server.environment(),
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, script: str) -> Any:
        """Run a script with Odoo's `env` in a process of its own; return the JSON it prints."""
        with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
            file.write(textwrap.dedent(script))
            file.flush()
            process = self.start("run", file.name)
            answer, _errors = process.communicate(timeout=300)
        assert process.returncode == 0
        return json.loads(answer) if answer.strip() else None


@pytest.fixture(scope="session")
def make_database() -> Iterator[Callable[[list[str]], Database]]:
    """Makes databases with the given add-ons; they are dropped at the end."""
    made: list[str] = []

    def make(addons: list[str]) -> Database:
        name = f"scenario_{os.getpid()}_{len(made)}"
        made.append(name)
        templates.copy_with(name, addons)
        return Database(name)

    yield make
    for name in made:
        templates.drop(name)
