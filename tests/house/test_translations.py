"""Every add-on's terms are exported (i18n/<addon>.pot) and translated to German (i18n/de.po)."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import terms
from house import paths, server, templates
from house.work import run

ADDONS = paths.addon_names()


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the terms as they are in a database with every add-on."""
    folder = tmp_path_factory.mktemp("terms")
    database = f"house_terms_{os.getpid()}"
    templates.copy_with(database, ADDONS)
    command = [paths.PYTHON, paths.ROOT / "scripts" / "terms.py", "export"]
    run([*command, server.conf(database), database, folder, *ADDONS], env=server.environment())
    yield folder
    templates.drop(database)


@pytest.mark.xdist_group("terms")
@pytest.mark.parametrize("addon", ADDONS)
def test_terms_are_translated(addon: str, exported: Path) -> None:
    assert not (found := terms.problems(exported, addon)), "\n".join(found)


@pytest.mark.parametrize("addon", ADDONS)
def test_placeholders_are_kept(addon: str) -> None:
    assert terms.broken_placeholders(addon) == []
