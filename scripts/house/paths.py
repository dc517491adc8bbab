"""Where things are. Everything the project makes lies under one folder that git ignores."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ROOT / "addons"
DATA = Path(os.environ.get("DATA_DIR") or ROOT / ".data").resolve()
VENV = DATA / "venv"
PYTHON = VENV / "bin" / "python"
ODOO_DATA = DATA / "odoo-data"
FILESTORE = ODOO_DATA / "filestore"
RUN = DATA / "run"
LOGS = DATA / "logs"


def addon_names() -> list[str]:
    """Every add-on of this repository, in alphabetical order."""
    return sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))


def site_packages() -> Path:
    """The environment's folder of packages (it has the version of the Python that made it)."""
    found = list(VENV.glob("lib/python3.*/site-packages"))
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return found[0] if found else VENV / "lib" / name / "site-packages"
