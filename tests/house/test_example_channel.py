"""The example of a channel of one's own works, and is as short as promised."""

import os
from pathlib import Path

import pytest
from house import paths, server, suites, templates
from house.work import run

FOLDER = paths.ROOT / "docs" / "examples"
ADDON = FOLDER / "shop_connector_example"
MOST_LINES = 200


def test_it_is_short() -> None:
    files = [
        path
        for path in ADDON.rglob("*")
        if path.suffix in (".py", ".xml") and "tests" not in path.relative_to(ADDON).parts
    ]
    lines = sum(len(Path(path).read_text().splitlines()) for path in files)
    assert 100 < lines < MOST_LINES


def test_its_own_tests_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRA_ADDONS", str(FOLDER))
    database = f"house_example_{os.getpid()}"
    try:
        templates.copy_with(database, ["shop_connector"])
        server.install(database, [ADDON.name], log=database)
        run(
            suites.odoo_pytest(database, "-q", ADDON / "tests"),
            env=server.environment(),
            log=database,
        )
    finally:
        templates.drop(database)
