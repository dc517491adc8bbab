"""The Python environment: pinned wheels, checked by hash, no compiler."""

import hashlib
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

from . import apt, paths
from .work import Trouble, output, run, same, say, write_whole

VERSIONS = ("3.11", "3.12", "3.13")
# Two packages exist as source only; both are plain Python and need no compiler.
SOURCES = "docopt,pyftpdlib"


def good_python() -> str:
    """The Python to build on: the running one, else another on the PATH that is good for Odoo."""
    for name in (sys.executable, *(f"python{version}" for version in VERSIONS)):
        code = "import sys; print('%d.%d' % sys.version_info[:2])"
        if output([name, "-c", code]).strip() in VERSIONS:
            return name
    raise Trouble(f"Python {VERSIONS[0]} to {VERSIONS[-1]} is needed; none was found on the PATH.")


def _pip_wheel() -> str:
    """pip itself, from the distribution, for a Python that has none."""
    if not apt.is_usable():
        raise Trouble("This Python has no pip: install it (python3-pip), then try again.")
    root = paths.DATA / "pip"
    if not list(root.glob("usr/share/python-wheels/pip-*.whl")):
        apt.Archive().unpack(["python3-pip-whl"], root)
    return str(next(root.glob("usr/share/python-wheels/pip-*.whl")) / "pip")


def _make(python: str) -> None:
    if paths.VENV.exists():
        shutil.rmtree(paths.VENV)
    paths.DATA.mkdir(parents=True, exist_ok=True)
    run([python, "-m", "venv", "--without-pip", paths.VENV])
    in_python = [python, "-c", "import pip"]
    own = subprocess.run(in_python, capture_output=True).returncode == 0
    pip = [python, "-m", "pip"] if own else [python, _pip_wheel()]
    run([*pip, "--python", paths.PYTHON, "install", "-q", "pip>=24"], log="pip")


def _install(lockfile: Path) -> None:
    flags = ["--require-hashes", "--only-binary", ":all:", "--no-binary", SOURCES]
    quiet = [
        "--disable-pip-version-check",
        "--no-warn-script-location",
        "--root-user-action=ignore",
    ]
    run([paths.PYTHON, "-m", "pip", "install", *quiet, *flags, "-r", lockfile], log=lockfile.stem)


def ensure(dev: bool) -> None:
    """Make the environment and bring it up to the lock files; `dev` adds what tests need."""
    python = good_python()
    version = output([python, "-V"]).strip()
    made = paths.VENV / ".made"
    if not same(made, f"{version}\n{paths.VENV}\n"):
        say(f"Python environment ({version})")
        _make(python)
        write_whole(made, f"{version}\n{paths.VENV}\n")
    names = ["requirements.txt", *(["requirements-dev.txt"] if dev else [])]
    for lockfile in (paths.ROOT / name for name in names):
        digest = hashlib.sha256(lockfile.read_bytes()).hexdigest()
        stamp = paths.VENV / f".{lockfile.stem}"
        if not same(stamp, digest):
            say(f"Python packages of {lockfile.name}")
            _install(lockfile)
            write_whole(stamp, digest)


def has_module(name: str) -> bool:
    """Whether the running Python can import a module, without importing it."""
    return importlib.util.find_spec(name) is not None
