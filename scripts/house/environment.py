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


def _stamps(dev: bool) -> dict[Path, str]:
    """For each lock file what its stamp says once it is installed."""
    names = ["requirements.txt", *(["requirements-dev.txt"] if dev else [])]
    files = [paths.ROOT / name for name in names]
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _stamp_of(lockfile: Path) -> Path:
    return paths.VENV / f".{lockfile.stem}"


def is_ready(dev: bool) -> bool:
    """Whether the environment is up to the lock files."""
    # An environment stays with the Python that made it, as long as that one is there.
    if not (paths.VENV / ".made").exists() or not paths.PYTHON.exists():
        return False
    return all(same(_stamp_of(path), digest) for path, digest in _stamps(dev).items())


def ensure(dev: bool) -> None:
    """Make the environment and bring it up to the lock files; `dev` adds what tests need."""
    made = paths.VENV / ".made"
    if not made.exists() or not paths.PYTHON.exists():
        python = good_python()
        version = output([python, "-V"]).strip()
        say(f"Python environment ({version})")
        _make(python)
        write_whole(made, version)
    for lockfile, digest in _stamps(dev).items():
        if not same(_stamp_of(lockfile), digest):
            say(f"Python packages of {lockfile.name}")
            _install(lockfile)
            write_whole(_stamp_of(lockfile), digest)


def has_module(name: str) -> bool:
    """Whether the running Python can import a module, without importing it."""
    return importlib.util.find_spec(name) is not None
