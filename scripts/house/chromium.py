"""A Chromium for browser tests and PDFs: the one on the PATH, else the distribution's, unpacked.

Unpacked, it brings the libraries and fonts that the system lacks; a small wrapper tells it where
they are. The system itself is not touched.
"""

import os
import shutil
from pathlib import Path

from . import apt, paths
from .work import Trouble, output, say, whole_or_nothing

FOLDER = paths.DATA / "chromium"
FONTS = ["fonts-dejavu-core", "fonts-liberation"]
# Of what Chromium depends on, a page without a screen needs libraries, fonts and their settings;
# not the desktop's services. libc belongs to the system's loader; the drivers are for a screen.
WANTED = ("chromium", "font", "lib")
NEVER = (
    "libc6",
    "libgcc-s1",
    "libgl1-mesa-dri",
    "libllvm",
    "libperl",
    "libz3",
    "libsystemd-shared",
)
WRAPPER = """#!/bin/sh
# Made by scripts/house/chromium.py
root={folder}
export LD_LIBRARY_PATH="{libraries}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
export FONTCONFIG_FILE="$root/fonts.conf"
export XDG_DATA_DIRS="$root/usr/share:/usr/local/share:/usr/share"
exec "$root/usr/lib/chromium/chromium" "$@"
"""
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir>{folder}/font-cache</cachedir>
  <alias binding="same"><family>Arial</family><prefer><family>Liberation Sans</family></prefer></alias>
  <alias binding="same"><family>Helvetica</family><prefer><family>Liberation Sans</family></prefer></alias>
  <alias binding="same"><family>Times New Roman</family><prefer><family>Liberation Serif</family></prefer></alias>
  <alias binding="same"><family>Courier New</family><prefer><family>Liberation Mono</family></prefer></alias>
  <alias><family>sans-serif</family><prefer><family>DejaVu Sans</family></prefer></alias>
  <alias><family>serif</family><prefer><family>Liberation Serif</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
"""


def program() -> Path | None:
    """Where Chromium is; None while there is none."""
    own = FOLDER / "bin" / "chromium"
    if named := os.environ.get("CHROMIUM", ""):
        return Path(named)
    found = shutil.which("chromium")
    if found and Path(found) != own:
        return Path(found)
    return own if own.exists() else None


def _installed() -> frozenset[str]:
    lines = output(["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n"]).splitlines()
    return frozenset(line.split()[1] for line in lines if line.startswith("installed "))


def _write_wrapper(root: Path) -> None:
    """`root` becomes FOLDER when all is there, so the texts name that one."""
    found = [*root.glob("usr/lib/*-linux-gnu"), *root.glob("lib/*-linux-gnu")]
    found += root.glob("usr/lib/*-linux-gnu/pulseaudio")
    libraries = ":".join(f"$root/{path.relative_to(root)}" for path in sorted(found))
    (root / "bin").mkdir(exist_ok=True)
    wrapper = root / "bin" / "chromium"
    wrapper.write_text(WRAPPER.format(folder=FOLDER, libraries=libraries))
    wrapper.chmod(0o755)
    (root / "fonts.conf").write_text(FONTS_CONF.format(folder=FOLDER))


def fetch(installed: frozenset[str]) -> None:
    """Unpack Chromium and whatever it needs beyond the installed packages."""
    archive = apt.Archive()
    closure = archive.with_needs(["chromium", *FONTS])
    wanted = [name for name in closure if name.startswith(WANTED) and not name.startswith(NEVER)]
    needed = [name for name in wanted if name not in installed or name.startswith("chromium")]
    say(f"Chromium: fetching the distribution's package and {len(needed) - 1} it needs")
    with whole_or_nothing(FOLDER) as part:
        archive.unpack(needed, part, ["./usr/share/doc", "./usr/share/man", "./usr/share/locale"])
        _write_wrapper(part)


def ensure() -> None:
    """Fetch Chromium unless there is one. Without it Odoo runs; PDFs and browser tests do not."""
    if program():
        return
    if not apt.is_usable():
        say("no Chromium found: install it for PDFs and browser tests")
        return
    try:
        fetch(_installed())
    except Trouble as trouble:
        say(f"no Chromium could be fetched ({trouble}); PDFs and browser tests need it")
