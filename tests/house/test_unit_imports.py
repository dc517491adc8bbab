"""The libraries of the add-ons are plain Python: they import without Odoo, under both names."""

import subprocess
import sys

import pytest
from house import paths

CODE = """
import importlib, pkgutil, sys
sys.path.insert(0, 'tests/unit')
import conftest
package = importlib.import_module('{addon}.lib')
for info in pkgutil.walk_packages(package.__path__, '{addon}.lib.'):
    if '.tests' not in info.name:
        first = importlib.import_module(info.name)
        assert importlib.import_module('odoo.addons.' + info.name) is first, info.name
assert not hasattr(sys.modules['odoo'], 'models')
"""
ADDONS = [path.parents[1].name for path in sorted(paths.ADDONS.glob("*/lib/__init__.py"))]


@pytest.mark.parametrize("addon", ADDONS)
def test_library_imports_without_odoo(addon: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(addon=addon)],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
