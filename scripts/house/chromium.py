"""A Chromium for browser tests and PDFs: the one on the PATH, else the distribution's, unpacked."""

import shutil
from pathlib import Path

from . import paths

FOLDER = paths.DATA / "chromium"


def program() -> Path | None:
    """Where Chromium is; None while there is none."""
    own = FOLDER / "bin" / "chromium"
    if own.exists():
        return own
    found = shutil.which("chromium")
    return Path(found) if found else None
