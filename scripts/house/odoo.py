"""Finding Odoo 19: an importable one, ODOO_SRC, or the distribution's package; in this order."""

import os
import re
from pathlib import Path

from . import apt, paths
from .work import Trouble, output, say, whole_or_nothing, write_whole

PACKAGES = ["odoo-19", "libjs-jquery", "fonts-roboto-unhinted", "fonts-montserrat"]
DIST = "usr/lib/python3/dist-packages"
# German is kept, the other languages (0.8 GB) and a second copy of the add-ons are not.
UNNEEDED = [
    "*/i18n/[a-ce-z]*.po",
    "*/i18n/d[a-df-z]*.po",
    f"./{DIST}/addons",
    f"./{DIST}/setup",
]
ALTERNATIVES = """Odoo 19 could not be found or fetched: {why}
What you can do:
  - start it with Docker instead:                    docker compose up
  - or fetch Odoo's source and name its folder:      git clone --depth 1 --branch 19.0 \\
      https://github.com/odoo/odoo odoo-19 && ODOO_SRC=$PWD/odoo-19 make demo"""


def version_at(home: Path) -> str:
    """The version of the Odoo below a folder, like "19.0"; empty when there is none."""
    release = home / "odoo" / "release.py"
    if not release.is_file():
        return ""
    found = re.search(r"^version_info = \((\d+), (\d+),", release.read_text(), re.MULTILINE)
    return f"{found.group(1)}.{found.group(2)}" if found else ""


def _importable() -> Path | None:
    """An Odoo 19 that the calling user's own Python can import."""
    code = "import odoo.release as r; print(r.__file__)"
    for python in ("python3", "/usr/bin/python3"):
        found = output([python, "-c", code], env={**os.environ, "PYTHONSAFEPATH": "1"}).strip()
        if found and version_at(home := Path(found).parents[1]) == "19.0":
            return home
    return None


def _named() -> Path | None:
    name = os.environ.get("ODOO_SRC", "")
    if not name:
        return None
    home = Path(name).expanduser().resolve()
    version = version_at(home)
    if version != "19.0":
        found = f"Odoo {version}" if version else "no odoo/release.py"
        raise Trouble(
            f"ODOO_SRC={name} must be a folder with Odoo 19.0's source; it holds {found}."
        )
    return home


def _mend(home: Path) -> None:
    """Repair what the distribution's package leaves broken."""
    for path in home.rglob("*"):
        if path.is_symlink() and not path.exists():
            path.unlink()
    missing = home / "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    if not missing.exists():
        missing.parent.mkdir(parents=True, exist_ok=True)
        missing.write_text("// Left out by the distribution; the asset list names it.\n")


def _fetched() -> Path:
    root = paths.DATA / "odoo"
    home = root / DIST
    if version_at(home) == "19.0":
        return home
    if not apt.is_usable():
        raise Trouble(ALTERNATIVES.format(why="this system has no apt."))
    say("Odoo 19: fetching the distribution's package (about 120 MB)")
    try:
        sid = apt.Archive("sid")
        if not sid.has("odoo-19"):
            raise Trouble("the mirror does not carry it.")
        with whole_or_nothing(root) as part:
            sid.unpack(PACKAGES, part, UNNEEDED)
            if (version := version_at(part / DIST)) != "19.0":
                raise Trouble(f"the package holds Odoo {version or '(none)'}.")
            _mend(part / DIST)
    except Trouble as why:
        raise Trouble(ALTERNATIVES.format(why=why)) from why
    return home


def find() -> Path:
    """The folder that holds `odoo/`, fetched if need be."""
    # A wrong ODOO_SRC is an error even where another Odoo would do: the user asked for that one.
    named = _named()
    return _importable() or named or _fetched()


def is_linked() -> bool:
    """Whether the environment has an Odoo 19, and the one that ODOO_SRC names if it does."""
    pointer = paths.site_packages() / "odoo_src.pth"
    if not pointer.exists():
        return False
    home = Path(pointer.read_text().strip())
    return version_at(home) == "19.0" and (_named() or home) == home


def link(home: Path) -> None:
    """Make Odoo importable in the environment, as a distribution that needs nothing more."""
    site = paths.site_packages()
    write_whole(site / "odoo_src.pth", f"{home}\n")
    info = site / "odoo-19.0.dist-info"
    write_whole(info / "METADATA", "Metadata-Version: 2.1\nName: odoo\nVersion: 19.0\n")
    write_whole(
        info / "WHEEL",
        "Wheel-Version: 1.0\nGenerator: house\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    )
    write_whole(info / "INSTALLER", "house\n")
    write_whole(info / "RECORD", "")
    program = paths.VENV / "bin" / "odoo"
    write_whole(program, f"#!{paths.PYTHON}\nimport odoo.cli\n\nodoo.cli.main()\n")
    program.chmod(0o755)
