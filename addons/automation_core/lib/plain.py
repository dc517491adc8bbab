"""Use the add-ons' plain-Python packages without Odoo: in unit tests and as programs.

The code of a library names another add-on's library `odoo.addons.<addon>.lib`. Where Odoo does not
run, those names lead to the very same modules as `<addon>.lib`, and no add-on's own `__init__`
(which needs Odoo) is run for it.
"""

import importlib
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

ADDONS = Path(__file__).resolve().parents[2]
ALIAS = "odoo.addons."


class SameModule(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds `odoo.addons.x.lib...` as `x.lib...`: one module, two names."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Answer for the libraries of the add-ons only."""
        names = fullname.removeprefix(ALIAS).split(".")
        if not fullname.startswith(ALIAS) or names[1:2] != ["lib"]:
            return None
        return importlib.machinery.ModuleSpec(fullname, self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """The module under its short name."""
        module = importlib.import_module(spec.name.removeprefix(ALIAS))
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """It has run under its short name; it only gets its own spec back."""
        module.__spec__ = module.__spec__.loader_state if module.__spec__ else None


def _package(name: str, *folders: Path) -> None:
    if name not in sys.modules:
        module = ModuleType(name)
        module.__path__ = [str(folder) for folder in folders]
        sys.modules[name] = module


def register() -> None:
    """Make the libraries importable under both names, unless Odoo itself is there."""
    if "odoo" in sys.modules:
        return
    _package("odoo")
    _package("odoo.addons")
    for library in ADDONS.glob("*/lib/__init__.py"):
        folder = library.parents[1]
        _package(folder.name, folder)
        _package(f"{ALIAS}{folder.name}")
    sys.meta_path.insert(0, SameModule())
