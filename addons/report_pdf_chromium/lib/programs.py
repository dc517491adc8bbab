"""Finding Chromium."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from .errors import NotFound

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
    "chromium-headless-shell",
    "chrome-headless-shell",
    "headless_shell",
)


def find(configured: str = "", environ: Mapping[str, str] = os.environ) -> str:
    """The Chromium to use: the configured one, else $CHROMIUM, else one on the PATH.

    What is configured inside Odoo must bear a browser's name: an administrator of a database may
    choose among browsers, but not make the server run any other program.
    """
    if configured:
        if Path(configured).name not in NAMES:
            raise NotFound(f"{configured!r} does not bear the name of a Chromium program.")
        return _program(configured, environ)
    if given := environ.get("CHROMIUM"):
        return _program(given, environ)
    for name in NAMES:
        if found := shutil.which(name, path=environ.get("PATH")):
            return found
    raise NotFound("There is no Chromium on this machine.")


def _program(name: str, environ: Mapping[str, str]) -> str:
    if found := shutil.which(name, path=environ.get("PATH")):
        return found
    raise NotFound(f"{name!r} is not a program that can be run.")
