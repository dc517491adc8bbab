"""Each add-on can be installed with nothing but what it depends on, and be uninstalled again."""

import os
import re
from collections.abc import Iterator

import pytest
from house import paths, postgres, server, templates
from house.work import run

ADDONS = paths.addon_names()
COMPLAINT = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) .*$", re.MULTILINE)
# What Odoo itself says about its own modules.
USUAL = re.compile(
    r"docutils|Couldn't bind the websocket|missing a column|odoo.addons.base_import_module"
)


@pytest.fixture
def database() -> Iterator[str]:
    """A name for a database, which is dropped afterwards."""
    name = f"house_install_{os.getpid()}"
    yield name
    templates.drop(name)


def _needs(addon: str) -> set[str]:
    """All modules an add-on depends on: ours by their manifests, Odoo's by theirs."""
    own = templates.closure([addon])
    needs = {need for name in own for need in templates.manifest(name)["depends"]}
    return needs - own


def _glue(addon: str) -> set[str]:
    """Add-ons that Odoo installs by itself where all they join is there."""
    there = templates.closure([addon]) | _needs(addon)
    found = {name for name in ADDONS if templates.manifest(name).get("auto_install")}
    return {name for name in found if set(templates.manifest(name)["depends"]) <= there}


def _complaints(log: str) -> list[str]:
    text = (paths.LOGS / f"{log}.log").read_text(errors="replace")
    lines = [match.group(0) for match in COMPLAINT.finditer(text)]
    (paths.LOGS / f"{log}.log").unlink()
    return [line for line in lines if not USUAL.search(line)]


@pytest.mark.parametrize("addon", ADDONS)
def test_alone_and_out_again(addon: str, database: str) -> None:
    templates.copy(database, templates.rung_below(_needs(addon)))
    server.install(database, [addon], log=database)
    assert not (said := _complaints(database)), "\n".join(said)
    strangers = set(ADDONS) - templates.closure([addon]) - _glue(addon)
    present = postgres.sql(
        "SELECT name FROM ir_module_module WHERE state = 'installed' ORDER BY name", database
    )
    assert not strangers & set(present), "more add-ons came along than it depends on"
    server.uninstall(database, [addon], log=database)
    assert not (said := _complaints(database)), "\n".join(said)
    _is_sound(addon, database)


def _is_sound(addon: str, database: str) -> None:
    """Nothing of the add-on is left, and the database still loads."""
    left = f"SELECT model, name FROM ir_model_data WHERE module = '{addon}'"
    assert postgres.sql(left, database) == []
    command = ["-c", server.conf(database), "-d", database, "--stop-after-init", "--no-http"]
    run(server.command(*command), env=server.environment(), log=database)
    assert not (said := _complaints(database)), "\n".join(said)


def test_all_together() -> None:
    template = templates.with_addons(ADDONS)
    query = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    assert set(ADDONS) <= set(postgres.sql(query, template))
