"""A pytest plugin that points Odoo's own lint tests (module test_lint) at this repository.

Those tests look at every add-on on the path, Odoo's six hundred included. Here the add-ons are
narrowed to ours, and what a test finds in a registry full of Odoo's models counts only when it
names one of ours. eslint's test is left out: it needs a program of its own.
"""

import sys
from pathlib import Path

import pytest

import odoo
from odoo.modules import Manifest
from odoo.modules import module as odoo_module
from odoo.tools import config

import odoo.addons

ADDONS = Path(__file__).resolve().parents[2] / "addons"
OURS = sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))
TESTS = [
    "test_dunderinit",
    "test_i18n",
    "test_index",
    "test_jstranslate",
    "test_l10n",
    "test_manifests",
    "test_markers",
    "test_naming",
    "test_onchange_domains",
    "test_orm_import",
    "test_override_signatures",
    "test_pofile",
    "test_pylint",
    "test_routes",
    "test_test_holes",
]


def _folder() -> Path:
    for path in odoo.addons.__path__:
        if (folder := Path(path) / "test_lint" / "tests").is_dir():
            return folder
    raise pytest.UsageError("this Odoo has no module test_lint")


def pytest_load_initial_conftests(args: list[str]) -> None:
    """Run these tests."""
    args += [str(_folder() / f"{name}.py") for name in TESTS]


def _our_manifests() -> list[Manifest]:
    return [manifest for name in OURS if (manifest := Manifest.for_addon(name))]


@pytest.fixture(autouse=True)
def only_our_addons(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Whoever asks for the add-ons or for the folders of code gets ours."""
    monkeypatch.setattr(Manifest, "all_addon_manifests", staticmethod(_our_manifests))
    for place in (odoo_module, request.module):
        if hasattr(place, "get_modules"):
            monkeypatch.setattr(place, "get_modules", lambda: OURS)
    if request.module.__name__.endswith("test_pylint"):
        monkeypatch.setattr(config, "root_path", str(ADDONS / OURS[0]))
        # The test hands the path on to pylint, where Odoo's "calendar" would hide Python's.
        rest = [entry for entry in sys.path if not entry.endswith("odoo/addons")]
        monkeypatch.setattr(sys, "path", rest)
    if request.module.__name__.endswith("test_markers"):
        monkeypatch.setattr(odoo.addons, "__path__", [str(ADDONS)])
        monkeypatch.setattr(odoo, "__path__", [])
